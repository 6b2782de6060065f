/**
 * Ask again, but not too often: never two at once, at most once per interval, and never losing the last wish.
 * A server that is slow to answer is asked less often: hundreds of consoles wish for the same at the same moment.
 */

const PATIENCE = 4
const LONGEST_REST_MS = 2000

export interface Again {
  (): void
  stop(): void
}

/** A function that wishes for `ask` to run; wishes during a run or a pause become one run after it. */
export function createAgain(interval: number, ask: () => Promise<unknown>): Again {
  let running = false
  let wished = false
  let stopped = false
  let timer: ReturnType<typeof setTimeout> | undefined

  const run = () => {
    timer = undefined
    running = true
    wished = false
    const begun = Date.now()
    const next = () => {
      running = false
      if (stopped) return
      const took = Date.now() - begun
      const rest = Math.max(interval - took, Math.min(took * PATIENCE, LONGEST_REST_MS))
      timer = setTimeout(() => {
        timer = undefined
        if (wished) run()
      }, rest)
    }
    // A failed question is asked again by whoever shows its error; here it only ends the run.
    ask().then(next, next)
  }

  const wish = () => {
    if (stopped) return
    if (running || timer !== undefined) wished = true
    else run()
  }
  return Object.assign(wish, {
    stop: () => {
      stopped = true
      clearTimeout(timer)
    },
  })
}
