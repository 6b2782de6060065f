import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { untilLoaded } from './lazily'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

const failing = (times: number) => {
  let left = times
  return vi.fn(() =>
    left-- > 0 ? Promise.reject(new TypeError('Failed to fetch')) : Promise.resolve('there'),
  )
}

it('asks again after a failure', async () => {
  const load = failing(2)
  const loaded = untilLoaded(load)
  await vi.advanceTimersByTimeAsync(10_000)
  await expect(loaded).resolves.toBe('there')
  expect(load).toHaveBeenCalledTimes(3)
})

it('waits for the network however long it is away, and asks at once when it is back', async () => {
  const online = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false)
  const load = vi.fn(() =>
    navigator.onLine ? Promise.resolve('there') : Promise.reject(new TypeError('Failed to fetch')),
  )
  const loaded = untilLoaded(load)
  await vi.advanceTimersByTimeAsync(3_600_000)
  const before = load.mock.calls.length
  expect(before).toBeGreaterThan(100)
  online.mockReturnValue(true)
  window.dispatchEvent(new Event('online'))
  await expect(loaded).resolves.toBe('there')
  expect(load.mock.calls.length).toBe(before + 1)
})

it('gives up when the server answers but the file is gone, as after an upgrade', async () => {
  const loaded = untilLoaded(failing(Number.POSITIVE_INFINITY))
  const refused = expect(loaded).rejects.toThrow('Failed to fetch')
  await vi.advanceTimersByTimeAsync(120_000)
  await refused
})
