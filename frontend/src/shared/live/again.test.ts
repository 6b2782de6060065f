import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createAgain } from './again'

let asked: number[] = []
beforeEach(() => {
  vi.useFakeTimers()
  asked = []
})
afterEach(() => {
  vi.useRealTimers()
})

const asking = (takes: number) =>
  createAgain(250, () => {
    asked.push(Date.now())
    return new Promise(done => setTimeout(done, takes))
  })

it('asks at once, and once more for everything wished meanwhile', async () => {
  const again = asking(100)
  for (let i = 0; i < 10; i++) again()
  expect(asked).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(2000)
  expect(asked).toHaveLength(2)
})

it('asks at most once per interval', async () => {
  const again = asking(10)
  for (let i = 0; i < 200; i++) {
    again()
    await vi.advanceTimersByTimeAsync(10)
  }
  await vi.advanceTimersByTimeAsync(1000)
  const gaps = asked.slice(1).map((at, i) => at - (asked[i] ?? 0))
  expect(asked.length).toBeGreaterThan(6)
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(250)
})

it('never asks twice at once, and never forgets a wish made during a slow answer', async () => {
  const again = asking(3000)
  again()
  await vi.advanceTimersByTimeAsync(2900)
  again()
  expect(asked).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(2200)
  expect(asked).toHaveLength(2)
})

it('lets a slow server rest four times as long as it took, at most two seconds', async () => {
  for (const [takes, rests] of [
    [10, 240],
    [200, 800],
    [3000, 2000],
  ] as const) {
    asked = []
    const again = asking(takes)
    again()
    again()
    await vi.advanceTimersByTimeAsync(takes + rests - 1)
    expect(asked).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(2)
    expect(asked).toHaveLength(2)
    again.stop()
  }
})

it('goes on after a failure', async () => {
  let count = 0
  const again = createAgain(250, () => {
    count++
    return Promise.reject(new Error('no answer'))
  })
  again()
  again()
  await vi.advanceTimersByTimeAsync(600)
  expect(count).toBe(2)
})
