/** A throttle that keeps the last call: runs at once, then at most once per interval. */

export interface AtMost<A extends unknown[]> {
  (...args: A): void
  /** Forget a call that still waits. */
  cancel(): void
}

/** `run`, at most once every `interval` milliseconds; a call in between runs when the interval is over, with its own arguments. */
export function atMost<A extends unknown[]>(interval: number, run: (...args: A) => void): AtMost<A> {
  let timer: ReturnType<typeof setTimeout> | undefined
  let waiting: A | undefined

  const rest = () => {
    timer = setTimeout(() => {
      timer = undefined
      if (waiting) {
        const args = waiting
        waiting = undefined
        rest()
        run(...args)
      }
    }, interval)
  }
  const call = (...args: A) => {
    if (timer === undefined) {
      rest()
      run(...args)
    } else waiting = args
  }
  return Object.assign(call, {
    cancel: () => {
      clearTimeout(timer)
      timer = undefined
      waiting = undefined
    },
  })
}
