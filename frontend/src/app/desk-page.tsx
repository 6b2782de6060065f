/** List, conversation, context in three panes; under 1200 px the context is a drawer, under 760 px one pane at a time. */
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { MessagesSquare } from 'lucide-react'
import { type PointerEvent, useCallback, useEffect, useRef, useState } from 'react'
import { knownCard } from '@/domain/ticket-cache'
import { Composer } from '@/features/composer/composer'
import { Outgoing } from '@/features/composer/outgoing'
import { CustomerPanel } from '@/features/customer/customer-panel'
import { InboxPane } from '@/features/inbox/inbox-pane'
import { TicketPromises } from '@/features/promises/ticket-promises'
import { TicketContext } from '@/features/ticket/ticket-context'
import { TicketPane } from '@/features/ticket/ticket-pane'
import type { ReplyView, TicketCard } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { classes } from '@/shared/lib/classes'
import { useMedia } from '@/shared/lib/media'
import { useNumberSetting, useSetting } from '@/shared/lib/setting'
import { Dialog } from '@/shared/ui/dialog'
import { Empty } from '@/shared/ui/empty'
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

function OpenTicket({
  id,
  onBack,
  onLeave,
  onContext,
  contextOpen,
}: {
  id: string
  onBack: () => void
  onLeave: (id: string) => void
  onContext: () => void
  contextOpen: boolean
}) {
  const [seen, setSeen] = useState<string | null>(null)
  const client = useQueryClient()
  const outgoing = useCallback(
    (reply: ReplyView) => {
      const card = knownCard(client, id)
      return card ? <Outgoing reply={reply} card={card} /> : null
    },
    [client, id],
  )
  const composer = (card: TicketCard) => (
    <Composer
      card={card}
      seen={seen}
      onSent={then => {
        if (then !== null) onLeave(id)
      }}
    />
  )
  return (
    <TicketPane
      id={id}
      onBack={onBack}
      onContext={onContext}
      contextOpen={contextOpen}
      onLeave={onLeave}
      onSeen={setSeen}
      outgoing={outgoing}
      composer={composer}
    />
  )
}

export function DeskPage() {
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
    <>
      <CustomerPanel ticketId={openId} />
      <TicketPromises ticketId={openId} />
      <TicketContext id={openId} />
    </>
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
          <OpenTicket
            key={openId}
            id={openId}
            onBack={back}
            onLeave={leave}
            onContext={toggleContext}
            contextOpen={contextOpen}
          />
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
