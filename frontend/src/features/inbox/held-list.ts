/** The order of the list that a person is reading: what they see never moves by itself. Pure. */
import { Order } from './order'

/** Tickets by their ids; what their cards say changes without moving anything. */
export interface Held {
  /** The answer that it was made from. */
  answer: Answered
  shown: Order
  /** In the server's answer but not shown yet. */
  fresh: readonly string[]
  /** Shown, but no longer in the server's answer. */
  gone: ReadonlySet<string>
}

export interface Answered {
  /** Which question the order answers; another view or filter starts anew. */
  question: string
  ids: Order
  /** How many pages it came in: more of the same answer are loaded at its end. */
  pages: number
  /** The whole answer is here; otherwise what is missing may stand further down. */
  complete: boolean
  /** What the reader's own deeds took away: it may leave at once. */
  mine: ReadonlySet<string>
}

const NOBODY: ReadonlySet<string> = new Set()

/** Take the server's order as it is. */
export function settle(answer: Answered): Held {
  return { answer, shown: answer.ids, fresh: [], gone: NOBODY }
}

/**
 * The next list: the server's order when nobody reads (`still` is false), else the same rows in the same places.
 * Rows that came later wait; rows that left stay, marked, unless they are `mine`.
 */
export function hold(before: Held | null, answer: Answered, { still }: { still: boolean }): Held {
  if (before === null || before.answer.question !== answer.question || !still) return settle(answer)
  const { ids, complete, mine } = answer
  if (isOnlyLonger(before, answer)) {
    const { shown, fresh } = before
    const longer = shown === before.answer.ids ? ids : shown.with(ids.from(before.answer.ids.length))
    return { answer, shown: longer, fresh, gone: complete ? goneOf(longer, ids) : NOBODY }
  }
  const was = before.shown
  const staying = [...was].filter(id => ids.placeOf(id) !== -1 || !mine.has(id))
  const shown = staying.length < was.length ? Order.of(staying) : was
  // The end of the list is not where anybody's pointer is: what was loaded there, below everything shown, just follows.
  const grew = answer.pages > before.answer.pages
  const lastShown = grew ? [...ids].findLastIndex(id => was.placeOf(id) !== -1) : ids.length
  const isFresh = (id: string, place: number) => place <= lastShown && was.placeOf(id) === -1
  return {
    answer,
    shown: shown.with(ids.from(lastShown + 1)),
    fresh: [...ids].filter(isFresh),
    gone: complete ? goneOf(shown, ids) : NOBODY,
  }
}

/** More was loaded under the end that is shown, and nothing else happened: the usual case, which costs only what is new. */
function isOnlyLonger({ answer: known, shown }: Held, answer: Answered): boolean {
  const last = known.ids.at(known.ids.length - 1)
  return (
    answer.mine === known.mine &&
    answer.ids.continues(known.ids) &&
    last !== undefined &&
    shown.placeOf(last) !== -1
  )
}

function goneOf(shown: Order, ids: Order): ReadonlySet<string> {
  return new Set([...shown].filter(id => ids.placeOf(id) === -1))
}
