/** The virtual list of cards and its keyboard walk; it never moves under the reader. */
import { useNavigate, useRouter } from '@tanstack/react-router'
import { ArrowUp } from 'lucide-react'
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { InboxSearch, InboxViewName } from '@/domain/inbox-address'
import { useExplain } from '@/shared/api/explain'
import { useWords } from '@/shared/i18n/words'
import { KEYS } from '@/shared/lib/key-map'
import { useKeys } from '@/shared/lib/keys'
import { useSetting } from '@/shared/lib/setting'
import { Button } from '@/shared/ui/button'
import { Empty } from '@/shared/ui/empty'
import { Pending } from '@/shared/ui/pending'
import { VirtualList, type VirtualListHandle } from '@/shared/ui/virtual-list'
import { EmptyInbox } from './empty-inbox'
import { InboxRow } from './inbox-row'
import { useRowDesk } from './row-desk'
import { useNeighbours } from './use-neighbours'
import { useRows } from './use-rows'

const ROW = { roomy: 76, dense: 52 } as const

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

interface Sought {
  key: string
  /** The keyboard goes there, too. */
  focus: boolean
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
  const list = useRef<VirtualListHandle>(null)
  const box = useRef<HTMLElement>(null)
  const [reading, setReading] = useState(false)
  const isRead = () => reading || openId !== null || !(list.current?.isAtTop() ?? true)
  const { query, question, rows, cardOf, fresh, isGone, showNew, endShown, more } = useRows({
    view,
    search,
    mine,
    isRead,
  })
  const { hasNextPage, isFetchingNextPage } = query
  const [cursor, setCursor] = useState<string | null>(openId)
  const [sought, setSought] = useState<Sought | null>(openId === null ? null : { key: openId, focus: false })
  // Where the cursor stood: when its row is gone (resolved, say), the walk goes on from there.
  const place = useRef(-1)
  const desk = useRowDesk()
  const address = useTicketAddress(view, search)

  // With a ticket open the keyboard may be in its answer, and stays there; in the list it goes along.
  const seek = useCallback((key: string, focus: boolean) => {
    setCursor(key)
    setSought({ key, focus: focus || (box.current?.contains(document.activeElement) ?? false) })
  }, [])
  useEffect(() => {
    if (openId !== null) seek(openId, false)
  }, [openId, seek])
  useEffect(() => {
    const at = cursor === null ? -1 : rows.placeOf(cursor)
    if (at !== -1) place.current = at
  }, [rows, cursor])
  // Its row may have been drawn only now.
  useLayoutEffect(() => {
    if (sought?.focus)
      box.current?.querySelector<HTMLElement>(`[data-ticket="${sought.key}"]`)?.focus({ preventScroll: true })
  }, [sought])

  const open = useCallback(
    (id: string) => navigate({ to: '/inbox/$view/$ticketId', params: { view, ticketId: id }, search }),
    [navigate, view, search],
  )
  const all = useCallback(() => {
    showNew()
    list.current?.scrollToTop()
  }, [showNew])
  const walk = (step: 1 | -1) => {
    const at = cursor === null ? -1 : rows.placeOf(cursor)
    if (at !== -1) place.current = at
    const next = rows.at(stepFrom({ at, place: place.current, step, of: rows.length }))
    if (!next) return
    // With a ticket open the walk opens the next one; otherwise it only moves the cursor.
    seek(next, openId === null)
    if (openId !== null) void open(next)
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
    [KEYS.newOnes]: all,
  })

  useNeighbours(rows, openId ?? cursor)

  return (
    <section
      className="inbox-list"
      ref={box}
      aria-label={t('list', { view: t(`view.${view}`) })}
      onPointerEnter={() => setReading(true)}
      onPointerLeave={() => setReading(false)}
      onFocus={({ target }) => {
        setReading(true)
        // Whoever goes to a row otherwise walks on from there.
        const row = target.closest<HTMLElement>('[data-ticket]')?.dataset.ticket
        if (row !== undefined) setCursor(row)
      }}
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
            onClick={all}
          >
            {hasNextPage && !endShown
              ? t('newOnesMany', { count: String(fresh) })
              : t('newOnes', { count: fresh })}
          </Button>
        )}
      </div>
      {query.isPending && rows.length === 0 ? (
        <Pending rows={8} />
      ) : query.isLoadingError || (query.isError && rows.length === 0) ? (
        <Empty title={t('failed')} deed={<Button onClick={() => void query.refetch()}>{ui('retry')}</Button>}>
          {explain(query.error)}
        </Empty>
      ) : rows.length === 0 ? (
        <EmptyInbox view={view} search={search} />
      ) : (
        <VirtualList
          key={question}
          ref={list}
          busy={query.isPending}
          rows={rows}
          rowHeight={ROW[density]}
          label={t('list', { view: t(`view.${view}`) })}
          cursor={cursor}
          sought={sought}
          onNearEnd={more}
          foot={isFetchingNextPage ? <p className="inbox-more">{t('more')}</p> : undefined}
        >
          {(id, isCursor) => {
            const card = cardOf(id)
            return (
              card && (
                <InboxRow
                  card={card}
                  href={address(id)}
                  desk={desk}
                  open={id === openId}
                  cursor={isCursor}
                  gone={isGone(id)}
                  dense={density === 'dense'}
                  onOpen={open}
                />
              )
            )
          }}
        </VirtualList>
      )}
    </section>
  )
}

/** Where a ticket of this list is opened. A link of the router's for each row would ask it again for all of them. */
function useTicketAddress(view: InboxViewName, search: InboxSearch): (id: string) => string {
  const router = useRouter()
  return useMemo(() => {
    const { pathname, searchStr } = router.buildLocation({ to: '/inbox/$view', params: { view }, search })
    return id => `${pathname}/${id}${searchStr}`
  }, [router, view, search])
}
