/** The rows of an inbox as a reader sees them: the answer's pages, in an order that never moves under them. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { InboxSearch, InboxViewName } from '@/domain/inbox-address'
import type { InboxView } from '@/shared/api/views'
import { type Answered, type Held, hold, settle } from './held-list'
import { knowNothing, learn } from './known-cards'
import { inboxQuery } from './use-inbox'

export function useRows({
  view,
  search,
  mine,
  isRead,
}: {
  view: InboxViewName
  search: InboxSearch
  /** Tickets that my own deeds took out of the view: they may leave at once. */
  mine: ReadonlySet<string>
  /** Whether somebody reads the list now, so that nothing may move. */
  isRead: () => boolean
}) {
  const query = useInfiniteQuery(inboxQuery(view, search))
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = query
  // Until a new question is answered, the answer of the last one stays: rows do not vanish for a moment.
  const asked = JSON.stringify([view, search])
  const [question, setQuestion] = useState(asked)
  if (data && question !== asked) setQuestion(asked)
  const { ids, cardOf } = useCards(data?.pages, question)
  const pages = data?.pages.length ?? 0
  const answer = useMemo<Answered>(
    () => ({ question, ids, pages, complete: !hasNextPage, mine }),
    [question, ids, pages, hasNextPage, mine],
  )

  const kept = useRef<Held | null>(null)
  const [held, setHeld] = useState<Held | null>(null)
  const keep = useCallback((next: Held) => {
    kept.current = next
    setHeld(next)
  }, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: beginning to read changes nothing by itself
  useEffect(() => {
    if (!data) return
    const before = kept.current
    const still = isRead()
    // Cards that only say something new move nothing, however many they are.
    if (before?.answer === answer && (still || before.shown === ids)) return
    keep(hold(before, answer, { still }))
  }, [data, answer])
  const showNew = useCallback(() => keep(settle(answer)), [answer, keep])

  const current = held?.answer.question === question ? held : null
  const rows = current?.shown ?? ids
  // Only whoever stands at the end of what is loaded needs more of it: rows that wait behind the pill are no reason.
  const lastLoaded = ids.at(ids.length - 1)
  const endShown = lastLoaded !== undefined && rows.placeOf(lastLoaded) !== -1
  const more = useCallback(() => {
    if (endShown && hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [endShown, hasNextPage, isFetchingNextPage, fetchNextPage])

  return {
    query,
    /** Names what the rows answer. */
    question,
    rows,
    cardOf,
    fresh: current?.fresh.length ?? 0,
    isGone: (id: string) => current?.gone.has(id) ?? false,
    showNew,
    endShown,
    more,
  }
}

/** The order of the answer, the same object while it is the same order, and each ticket's last known card. */
function useCards(pages: readonly InboxView[] | undefined, question: string) {
  const known = useRef({ question, ...knowNothing() })
  const ids = useMemo(() => {
    if (!pages) return known.current.ids
    if (known.current.question !== question) known.current = { question, ...knowNothing() }
    known.current = { question, ...learn(known.current, pages) }
    return known.current.ids
  }, [pages, question])
  const cardOf = useCallback((id: string) => known.current.cards.get(id), [])
  return { ids, cardOf }
}
