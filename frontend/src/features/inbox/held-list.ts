/** The order of the list that a person is reading: what they see never moves by itself. Pure. */

/** Tickets by their ids; what their cards say changes without moving anything. */
export interface Held {
  /** Which question the order answers; another view or filter starts anew. */
  question: string
  shown: readonly string[]
  /** In the server's answer but not shown yet. */
  fresh: readonly string[]
  /** Shown, but no longer in the server's answer. */
  gone: ReadonlySet<string>
}

export interface Answered {
  question: string
  ids: readonly string[]
  /** The whole answer is here; otherwise what is missing may stand further down. */
  complete: boolean
  /** More of the same answer was loaded at its end. */
  grew: boolean
}

/** Take the server's order as it is. */
export function settle({ question, ids }: Answered): Held {
  return { question, shown: ids, fresh: [], gone: new Set() }
}

/**
 * The next list: the server's order when nobody reads (`still` is false), else the same rows in the same places.
 * Rows that came later wait; rows that left stay, marked, unless `mine` took them away.
 */
export function hold(
  before: Held | null,
  answer: Answered,
  { still, mine = new Set() }: { still: boolean; mine?: ReadonlySet<string> },
): Held {
  if (before === null || before.question !== answer.question || !still) return settle(answer)
  const now = new Set(answer.ids)
  const was = new Set(before.shown)
  const shown = before.shown.filter(id => now.has(id) || !mine.has(id))
  // The end of the list is not where anybody's pointer is: what was loaded there, below everything shown, just follows.
  const lastShown = answer.grew ? answer.ids.findLastIndex(id => was.has(id)) : answer.ids.length
  const fresh = answer.ids.filter((id, i) => i <= lastShown && !was.has(id))
  const below = answer.ids.slice(lastShown + 1)
  return {
    question: answer.question,
    shown: below.length > 0 ? [...shown, ...below] : shown,
    fresh,
    gone: new Set(answer.complete ? shown.filter(id => !now.has(id)) : []),
  }
}
