import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { atMost } from './at-most'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

it('runs the first call at once and the last one later', () => {
  const seen: number[] = []
  const call = atMost(250, (n: number) => seen.push(n))
  for (const n of [1, 2, 3]) call(n)
  expect(seen).toEqual([1])
  vi.advanceTimersByTime(250)
  expect(seen).toEqual([1, 3])
  vi.advanceTimersByTime(1000)
  expect(seen).toEqual([1, 3])
})

it('never runs more often than the interval', () => {
  const seen: number[] = []
  const call = atMost(250, () => seen.push(Date.now()))
  for (let i = 0; i < 100; i++) {
    call()
    vi.advanceTimersByTime(10)
  }
  vi.advanceTimersByTime(1000)
  const gaps = seen.slice(1).map((at, i) => at - (seen[i] ?? 0))
  expect(seen.length).toBeGreaterThan(3)
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(250)
})

it('forgets the waiting call when cancelled', () => {
  const seen: number[] = []
  const call = atMost(250, (n: number) => seen.push(n))
  call(1)
  call(2)
  call.cancel()
  vi.advanceTimersByTime(1000)
  expect(seen).toEqual([1])
})
