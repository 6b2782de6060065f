/** The order of the list that a person is reading: what they see never moves by itself. Pure. */

export interface Held<T> {
  /** Which question the order answers; another view or filter starts anew. */
  question: string
  shown: readonly string[]
  /** In the server's answer but not shown yet. */
  fresh: readonly string[]
  /** Shown, but no longer in the server's answer. */
  gone: ReadonlySet<string>
  known: ReadonlyMap<string, T>
}

export interface Answered<T> {
  question: string
  items: readonly T[]
  /** The whole answer is here; otherwise what is missing may stand further down. */
  complete: boolean
  /** More of the same answer was loaded at its end. */
  grew: boolean
}

/** Take the server's order as it is. */
export function settle<T extends { id: string }>({ question, items }: Answered<T>): Held<T> {
  return {
    question,
    shown: items.map(item => item.id),
    fresh: [],
    gone: new Set(),
    known: new Map(items.map(item => [item.id, item])),
  }
}

/**
 * The next list: the server's order when nobody reads (`still` is false), else the same rows in the same places with
 * their new content. Rows that came later wait; rows that left stay, marked, unless `mine` took them away.
 */
export function hold<T extends { id: string }>(
  before: Held<T> | null,
  answer: Answered<T>,
  { still, mine = new Set() }: { still: boolean; mine?: ReadonlySet<string> },
): Held<T> {
  if (before === null || before.question !== answer.question || !still) return settle(answer)
  const now = new Map(answer.items.map(item => [item.id, item]))
  const was = new Set(before.shown)
  const shown = before.shown.filter(id => now.has(id) || !mine.has(id))
  const unseen = answer.items.map(item => item.id).filter(id => !was.has(id))
  // The end of the list is not where anybody's pointer is: what was loaded there, below everything shown, just follows.
  const lastShown = answer.items.findLastIndex(item => was.has(item.id))
  const below = answer.grew
    ? unseen.filter(id => answer.items.findIndex(item => item.id === id) > lastShown)
    : []
  const follow = new Set(below)
  return {
    question: answer.question,
    shown: [...shown, ...below],
    fresh: unseen.filter(id => !follow.has(id)),
    gone: new Set(answer.complete ? shown.filter(id => !now.has(id)) : []),
    known: new Map([...before.known, ...now]),
  }
}
