/** A preference of this browser (theme, density, widths): remembered, and the same in every component and tab. */
import { useSyncExternalStore } from 'react'

const listeners = new Set<() => void>()
const unkept = new Map<string, string>()

function read(key: string): string | null {
  try {
    return localStorage.getItem(`mentiondesk.${key}`) ?? unkept.get(key) ?? null
  } catch {
    // Storage may be forbidden (private windows); the preference then lasts as long as the page.
    return unkept.get(key) ?? null
  }
}

/** Remember a preference and tell everybody who shows it. */
export function setSetting(key: string, value: string): void {
  try {
    localStorage.setItem(`mentiondesk.${key}`, value)
  } catch {
    unkept.set(key, value)
  }
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  window.addEventListener('storage', listener)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('storage', listener)
  }
}

/** What was chosen earlier, when it is one of `allowed`; else the first of them. */
export function getSetting<T extends string>(key: string, allowed: readonly [T, ...T[]]): T {
  const kept = read(key)
  return allowed.find(one => one === kept) ?? allowed[0]
}

/** The preference and how to change it. */
export function useSetting<T extends string>(
  key: string,
  allowed: readonly [T, ...T[]],
): [T, (value: T) => void] {
  const value = useSyncExternalStore(subscribe, () => getSetting(key, allowed))
  return [value, next => setSetting(key, next)]
}

/** A number that was chosen earlier, kept between `low` and `high`. */
export function useNumberSetting(
  key: string,
  { low, high, initial }: { low: number; high: number; initial: number },
): [number, (value: number) => void] {
  const kept = useSyncExternalStore(subscribe, () => read(key))
  const number = kept === null ? Number.NaN : Number(kept)
  const within = (n: number) => Math.round(Math.min(high, Math.max(low, n)))
  return [Number.isFinite(number) ? within(number) : initial, next => setSetting(key, String(within(next)))]
}
