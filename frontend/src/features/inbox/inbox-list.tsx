/** The virtual list of cards and its keyboard walk; it never moves under the reader. */
import { type InfiniteData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { ArrowUp, Inbox, SearchX } from 'lucide-react'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { accountsQuery } from '@/domain/desk'
import type { InboxSearch, InboxViewName } from '@/domain/inbox-address'
import { repliesQuery, threadQuery } from '@/domain/ticket-queries'
import { useExplain } from '@/shared/api/explain'
import type { InboxView, TicketCard } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { KEYS } from '@/shared/lib/key-map'
import { useKeys } from '@/shared/lib/keys'
import { useSetting } from '@/shared/lib/setting'
import { Button } from '@/shared/ui/button'
import { Empty } from '@/shared/ui/empty'
import { Pending } from '@/shared/ui/pending'
import { VirtualList, type VirtualListHandle } from '@/shared/ui/virtual-list'
import { type Held, hold, settle } from './held-list'
import { InboxRow } from './inbox-row'
import { inboxQuery } from './use-inbox'

const ROW = { roomy: 76, dense: 52 } as const
const keyOf = (id: string) => id

/** The row to go to: beside the cursor, or, when its row is gone, the one that took its place or stands before it. */
export function stepFrom({
  at,
  place,
  step,
  of,
}: {
  at: number
  place: number
  step: 1 | -1
  of: number
}): number {
  const to = at !== -1 ? at + step : place === -1 ? 0 : step === 1 ? place : place - 1
  return Math.min(of - 1, Math.max(0, to))
}

export function InboxList({
  view,
  search,
  openId,
  mine,
}: {
  view: InboxViewName
  search: InboxSearch
  openId: string | null
  /** Tickets that my own deeds took out of the view: they may leave at once. */
  mine: ReadonlySet<string>
}) {
  const t = useWords('inbox')
  const ui = useWords('ui')
  const explain = useExplain()
  const navigate = useNavigate()
  const [density] = useSetting('density', ['roomy', 'dense'])
  const query = useInfiniteQuery(inboxQuery(view, search))
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = query
  const list = useRef<VirtualListHandle>(null)
  const box = useRef<HTMLElement>(null)
  const [reading, setReading] = useState(false)
  const [cursor, setCursor] = useState<string | null>(openId)
  // Where the cursor stood: when its row is gone (resolved, say), the walk goes on from there.
  const place = useRef(-1)

  const question = JSON.stringify([view, search])
  const pages = data?.pages.length ?? 0
  const { ids, cardOf } = useCards(data, question)

  const kept = useRef<Kept | null>(null)
  const [held, setHeld] = useState<Held | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: beginning to read changes nothing by itself
  useEffect(() => {
    if (!data) return
    const before = kept.current
    const still = reading || openId !== null || !(list.current?.isAtTop() ?? true)
    // Cards that only say something new move nothing, however many they are.
    const moved = before?.ids !== ids || before.mine !== mine || before.complete === hasNextPage
    if (!moved && (still || before.held.shown === ids)) return
    const answered = { question, ids, complete: !hasNextPage, grew: pages > (before?.pages ?? 0) }
    const next = hold(before?.held ?? null, answered, { still, mine })
    kept.current = { held: next, pages, ids, mine, complete: !hasNextPage }
    setHeld(next)
  }, [data, question, ids, mine, hasNextPage])

  const showNew = useCallback(() => {
    const next = settle({ question, ids, complete: !hasNextPage, grew: false })
    kept.current = { held: next, pages, ids, mine, complete: !hasNextPage }
    setHeld(next)
    list.current?.scrollToTop()
  }, [question, ids, mine, hasNextPage, pages])

  const current = held?.question === question ? held : null
  const rows = current ? current.shown : ids

  useEffect(() => {
    if (openId !== null) setCursor(openId)
  }, [openId])
  useEffect(() => {
    const at = cursor === null ? -1 : rows.indexOf(cursor)
    if (at !== -1) place.current = at
  }, [rows, cursor])

  const open = (id: string) =>
    navigate({ to: '/inbox/$view/$ticketId', params: { view, ticketId: id }, search })
  const walk = (step: 1 | -1) => {
    const at = cursor === null ? -1 : rows.indexOf(cursor)
    if (at !== -1) place.current = at
    const next = rows[stepFrom({ at, place: place.current, step, of: rows.length })]
    if (!next) return
    setCursor(next)
    // With a ticket open the walk opens the next one; otherwise it only moves the cursor.
    if (openId !== null) void open(next)
    else box.current?.querySelector<HTMLElement>(`[data-ticket="${next}"]`)?.focus({ preventScroll: true })
  }
  const openCursor = () => {
    if (cursor === null || openId === cursor) return false
    void open(cursor)
    return true
  }
  useKeys({
    [KEYS.next]: () => walk(1),
    [KEYS.previous]: () => walk(-1),
    [KEYS.open]: event =>
      event.target instanceof HTMLElement && event.target.closest('button, a') ? false : openCursor(),
    [KEYS.newOnes]: showNew,
  })

  const fresh = current?.fresh.length ?? 0
  // Only whoever stands at the end of what is loaded needs more of it: rows that wait behind the pill are no reason.
  const lastLoaded = ids.at(-1)
  const endShown = useMemo(
    () => lastLoaded !== undefined && rows.lastIndexOf(lastLoaded) !== -1,
    [rows, lastLoaded],
  )
  const more = useCallback(() => {
    if (endShown && hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [endShown, hasNextPage, isFetchingNextPage, fetchNextPage])
  useNeighbours(rows, openId ?? cursor)

  return (
    <section
      className="inbox-list"
      ref={box}
      aria-label={t('list', { view: t(`view.${view}`) })}
      onPointerEnter={() => setReading(true)}
      onPointerLeave={() => setReading(false)}
      onFocus={() => setReading(true)}
      onBlur={() => setReading(false)}
      onKeyDown={event => {
        if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
          event.preventDefault()
          walk(event.key === 'ArrowDown' ? 1 : -1)
        }
      }}
    >
      <div role="status" className="inbox-new">
        {fresh > 0 && (
          <Button
            size="small"
            className="inbox-new-pill"
            icon={<ArrowUp />}
            combo={KEYS.newOnes}
            data-tip={t('newOnesSaid', { count: fresh })}
            onClick={showNew}
          >
            {hasNextPage && !endShown
              ? t('newOnesMany', { count: String(fresh) })
              : t('newOnes', { count: fresh })}
          </Button>
        )}
      </div>
      {query.isPending ? (
        <Pending rows={8} />
      ) : query.isError && rows.length === 0 ? (
        <Empty title={t('failed')} deed={<Button onClick={() => void query.refetch()}>{ui('retry')}</Button>}>
          {explain(query.error)}
        </Empty>
      ) : rows.length === 0 ? (
        <EmptyInbox view={view} search={search} />
      ) : (
        <VirtualList
          ref={list}
          items={rows}
          keyOf={keyOf}
          rowHeight={ROW[density]}
          label={t('list', { view: t(`view.${view}`) })}
          cursor={cursor}
          onNearEnd={more}
          foot={isFetchingNextPage ? <p className="inbox-more">{t('more')}</p> : undefined}
        >
          {(id, { index }) => {
            const card = cardOf(id)
            return (
              card && (
                <InboxRow
                  card={card}
                  view={view}
                  search={search}
                  open={id === openId}
                  cursor={cursor === null ? index === 0 : id === cursor}
                  gone={current?.gone.has(id) ?? false}
                  dense={density === 'dense'}
                />
              )
            )
          }}
        </VirtualList>
      )}
    </section>
  )
}

/** What the order was made from: when all of it is still the same, the order is. */
interface Kept {
  held: Held
  pages: number
  ids: readonly string[]
  mine: ReadonlySet<string>
  complete: boolean
}

/** The order of the answer, the same array while it is the same order, and each ticket's last known card. */
function useCards(data: InfiniteData<InboxView> | undefined, question: string) {
  const known = useRef({ question, cards: new Map<string, TicketCard>(), ids: [] as readonly string[] })
  const ids = useMemo(() => {
    // What left the answer may still be shown, with what it last said.
    if (known.current.question !== question) known.current = { question, cards: new Map(), ids: [] }
    const seen = new Set<string>()
    for (const page of data?.pages ?? [])
      for (const card of page.items) {
        // A ticket that moved between two pages while they were read stands in both; the first one is right.
        if (seen.has(card.id)) continue
        seen.add(card.id)
        known.current.cards.set(card.id, card)
      }
    const order = [...seen]
    const last = known.current.ids
    if (order.length !== last.length || order.some((id, i) => id !== last[i])) known.current.ids = order
    return known.current.ids
  }, [data, question])
  const cardOf = useCallback((id: string) => known.current.cards.get(id), [])
  return { ids, cardOf }
}

const LINGER_MS = 250

/** Where the cursor rests, the ticket and the ones beside it are fetched: the next step shows at once. */
function useNeighbours(rows: readonly string[], cursor: string | null) {
  const client = useQueryClient()
  const at = cursor === null ? -1 : rows.indexOf(cursor)
  const beside = [rows[at], rows[at + 1], at > 0 ? rows[at - 1] : undefined]
    .filter(id => id !== undefined)
    .join(' ')
  useEffect(() => {
    if (at === -1) return
    const timer = setTimeout(() => {
      for (const id of beside.split(' ').filter(Boolean)) {
        void client.prefetchInfiniteQuery({ ...threadQuery(id), staleTime: 30_000 })
        void client.prefetchQuery({ ...repliesQuery(id), staleTime: 30_000 })
      }
    }, LINGER_MS)
    return () => clearTimeout(timer)
  }, [client, at, beside])
}

function EmptyInbox({ view, search }: { view: InboxViewName; search: InboxSearch }) {
  const t = useWords('inbox')
  const { data: accounts } = useQuery(accountsQuery)
  if (accounts?.length === 0)
    return (
      <Empty
        icon={<Inbox />}
        title={t('empty.noAccount.title')}
        deed={
          <Link to="/accounts" className="button primary medium">
            {t('empty.noAccount.deed')}
          </Link>
        }
      >
        {t('empty.noAccount.words')}
      </Empty>
    )
  const { q, order: _order, ...filter } = search
  const why = q !== undefined ? 'search' : Object.keys(filter).length > 0 ? 'filter' : view
  return (
    <Empty icon={why === 'search' ? <SearchX /> : <Inbox />} title={t(`empty.${why}.title`)}>
      {t(`empty.${why}.words`)}
    </Empty>
  )
}
