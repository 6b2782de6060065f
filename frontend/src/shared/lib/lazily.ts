/** Parts of the console that are loaded when they are needed, and asked for again when the network was away. */
import { type ComponentType, lazy } from 'react'

const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 8000
const MOST_TRIES = 8

function pause(ms: number): Promise<void> {
  return new Promise(done => {
    const timer = setTimeout(go, ms)
    window.addEventListener('online', go)
    function go() {
      clearTimeout(timer)
      window.removeEventListener('online', go)
      done()
    }
  })
}

/** Ask until it is there. While the machine has no network that is no try; a file that is not there any more fails at last. */
export async function untilLoaded<T>(load: () => Promise<T>): Promise<T> {
  let refused = 0
  for (let tried = 0; ; tried++) {
    try {
      return await load()
    } catch (error) {
      if (navigator.onLine && ++refused >= MOST_TRIES) throw error
      await pause(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tried))
    }
  }
}

// biome-ignore lint/suspicious/noExplicitAny: the props are whatever the component takes, and are kept
export function lazily<C extends ComponentType<any>>(load: () => Promise<{ default: C }>) {
  return lazy(() => untilLoaded(load))
}

/** Fetch parts while nobody waits for them. One that cannot be had now is asked for again by whoever needs it. */
export function early(...loads: (() => Promise<unknown>)[]): void {
  for (const load of loads) load().catch(() => undefined)
}
