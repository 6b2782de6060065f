/** One event to one handler, each seq once. */
import type { Numbered } from './socket'

/** An event as the line brings it: its number, and the fact with its type. */
export interface Happening<F extends { type: string }> extends Numbered {
  fact: F
}

type FactOf<E> = E extends { fact: infer F extends { type: string } } ? F : never

/** A function for each type of fact. A union that grows does not compile until its new type is handled. */
export type Handlers<E extends Happening<{ type: string }>, Types extends string = FactOf<E>['type']> = {
  [T in Types]: (fact: Extract<FactOf<E>, { type: T }>, event: E) => void
}

/** Hand an event to its handler; events that are not newer than the last one are dropped. */
export function createApply<E extends Happening<{ type: string }>>(handlers: Handlers<E>, after: number) {
  let last = after
  const apply = (event: E): boolean => {
    if (event.seq <= last) return false
    last = event.seq
    // A newer server may know facts that this console was not built for; what they changed arrives with the next question.
    const handler = (handlers as Record<string, ((fact: unknown, event: E) => void) | undefined>)[
      event.fact.type
    ]
    handler?.(event.fact, event)
    return handler !== undefined
  }
  return Object.assign(apply, {
    /** The log begins anew at `head`: everything was asked again. */
    restart: (head: number) => {
      last = head
    },
  })
}
