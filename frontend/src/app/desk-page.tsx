/** List, conversation, context in three panes; under 1200 px the context is a drawer, under 760 px one pane at a time. */
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { MessagesSquare } from 'lucide-react'
import { type PointerEvent, Suspense, useCallback, useEffect, useRef, useState } from 'react'
import { InboxPane } from '@/features/inbox/inbox-pane'
import { useWords } from '@/shared/i18n/words'
import { classes } from '@/shared/lib/classes'
import { early, lazily } from '@/shared/lib/lazily'
import { useMedia } from '@/shared/lib/media'
import { useNumberSetting, useSetting } from '@/shared/lib/setting'
import { Dialog } from '@/shared/ui/dialog'
import { Empty } from '@/shared/ui/empty'
import { Pending } from '@/shared/ui/pending'
import './desk-page.css'

const STEP = 16

function Divider({ width, onWidth }: { width: number; onWidth: (width: number) => void }) {
  const t = useWords('inbox')
  const from = useRef<{ x: number; width: number } | null>(null)
  const begin = (event: PointerEvent<HTMLHRElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId)
    from.current = { x: event.clientX, width }
  }
  return (
    <hr
      className="desk-divider"
      tabIndex={0}
      aria-label={t('width')}
      aria-orientation="vertical"
      aria-valuenow={width}
      aria-valuemin={300}
      aria-valuemax={480}
      onPointerDown={begin}
      onPointerMove={event => {
        if (from.current) onWidth(from.current.width + event.clientX - from.current.x)
      }}
      onPointerUp={() => {
        from.current = null
      }}
      onKeyDown={event => {
        if (event.key === 'ArrowLeft') onWidth(width - STEP)
        else if (event.key === 'ArrowRight') onWidth(width + STEP)
      }}
    />
  )
}

const loadTicket = () => import('./open-ticket')
const loadBeside = () => import('./ticket-beside')
const OpenTicket = lazily(loadTicket)
const TicketBeside = lazily(loadBeside)

/** What the first ticket will need is fetched while nobody waits for it. */
function useEarlyTicket() {
  useEffect(() => {
    const timer = setTimeout(
      () => early(loadTicket, loadBeside, () => import('@/shared/ui/menu-popover')),
      1500,
    )
    return () => clearTimeout(timer)
  }, [])
}

export function DeskPage() {
  useEarlyTicket()
  const t = useWords('ticket')
  const { view } = useParams({ from: '/inside/inbox/$view' })
  const search = useSearch({ from: '/inside/inbox/$view' })
  const { ticketId: openId = null } = useParams({ strict: false })
  const navigate = useNavigate()
  const [width, setWidth] = useNumberSetting('list-width', { low: 300, high: 480, initial: 360 })
  const [contextWished, setContextWished] = useSetting('context', ['open', 'closed'])
  const [drawer, setDrawer] = useState(false)
  const wide = useMedia('(min-width: 1200px)')
  // What my own deeds took away may leave the list at once, until another view is looked at.
  const [mine, setMine] = useState<ReadonlySet<string>>(new Set())
  // biome-ignore lint/correctness/useExhaustiveDependencies: another view begins anew
  useEffect(() => setMine(new Set()), [view])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another ticket's context was not asked for
  useEffect(() => setDrawer(false), [openId])

  const back = useCallback(
    () => void navigate({ to: '/inbox/$view', params: { view }, search }),
    [navigate, view, search],
  )
  const leave = useCallback((id: string) => setMine(before => new Set([...before, id])), [])
  const contextOpen = wide ? contextWished === 'open' : drawer
  const toggleContext = () => (wide ? setContextWished(contextOpen ? 'closed' : 'open') : setDrawer(!drawer))
  const context = openId !== null && (
    <Suspense fallback={<Pending />}>
      <TicketBeside id={openId} />
    </Suspense>
  )

  return (
    <div
      className={classes(
        'desk',
        openId !== null && 'with-ticket',
        openId !== null && wide && contextOpen && 'with-context',
      )}
      style={{ '--list-width': `${width}px` } as React.CSSProperties}
    >
      <div className="desk-list">
        <InboxPane view={view} search={search} openId={openId} mine={mine} />
      </div>
      <Divider width={width} onWidth={setWidth} />
      <div className="desk-conversation">
        {openId === null ? (
          <Empty icon={<MessagesSquare />} title={t('none.title')}>
            {t('none.words')}
          </Empty>
        ) : (
          <Suspense fallback={<Pending rows={6} />}>
            <OpenTicket
              key={openId}
              id={openId}
              onBack={back}
              onLeave={leave}
              onContext={toggleContext}
              contextOpen={contextOpen}
            />
          </Suspense>
        )}
      </div>
      {openId !== null && wide && contextOpen && (
        <aside className="desk-context" aria-label={t('context')}>
          {context}
        </aside>
      )}
      {!wide && (
        <Dialog
          open={drawer && openId !== null}
          onClose={() => setDrawer(false)}
          title={t('context')}
          shape="drawer"
        >
          {context}
        </Dialog>
      )}
    </div>
  )
}
