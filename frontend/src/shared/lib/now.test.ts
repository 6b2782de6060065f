import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { now, setServerTime } from './now'

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-03-04T10:00:00Z') })
})
afterEach(() => {
  setServerTime(new Date().toUTCString())
  vi.useRealTimers()
})

it('follows the server when this machine is wrong', () => {
  setServerTime('Wed, 04 Mar 2026 10:05:00 GMT')
  expect(now()).toBe(Date.parse('2026-03-04T10:05:00.500Z'))
})

it('ignores the noise of whole seconds, and what is no date', () => {
  setServerTime('Wed, 04 Mar 2026 10:00:01 GMT')
  expect(now()).toBe(Date.now())
  setServerTime('soon')
  setServerTime(null)
  expect(now()).toBe(Date.now())
})
