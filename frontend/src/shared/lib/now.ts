/** One clock for the whole page, set by the server's: what is due is due there, however wrong this machine's clock is. */
import { useSyncExternalStore } from 'react'

let ahead = 0

/** Learn from the Date header of an answer. Whole seconds only, so small differences are noise and ignored. */
export function setServerTime(header: string | null, receivedAt = Date.now()): void {
  const server = header === null ? Number.NaN : Date.parse(header)
  if (Number.isNaN(server)) return
  const difference = server + 500 - receivedAt
  ahead = Math.abs(difference) < 2000 ? 0 : difference
}

/** Milliseconds since 1970 by the server's clock. */
export function now(): number {
  return Date.now() + ahead
}

const listeners = new Map<number, Set<() => void>>()
const timers = new Map<number, ReturnType<typeof setInterval>>()

function subscribeEvery(ms: number) {
  return (listener: () => void) => {
    const group = listeners.get(ms) ?? new Set()
    listeners.set(ms, group)
    group.add(listener)
    if (!timers.has(ms))
      timers.set(
        ms,
        setInterval(() => {
          for (const one of group) one()
        }, ms),
      )
    return () => {
      group.delete(listener)
      if (group.size === 0) {
        clearInterval(timers.get(ms))
        timers.delete(ms)
      }
    }
  }
}

const everySecond = subscribeEvery(1000)
const everyMinute = subscribeEvery(60_000)

/** Now, to the second, and drawn again each second. */
export function useSecond(): number {
  return useSyncExternalStore(everySecond, () => Math.floor(now() / 1000) * 1000)
}

/** Now, drawn again each minute. */
export function useMinute(): number {
  return useSyncExternalStore(everyMinute, () => Math.floor(now() / 60_000) * 60_000)
}
