/** One card: who, what, whose, how urgent. */
import { Lock, MessageSquare } from 'lucide-react'
import { type MouseEvent, memo } from 'react'
import { AgentTag } from '@/domain/agent-name'
import { BrandTag } from '@/domain/brand-name'
import { Due } from '@/domain/due'
import { Mark } from '@/domain/network-mark'
import { Preview } from '@/domain/preview'
import { TicketState } from '@/domain/ticket-state'
import { When } from '@/domain/when'
import type { TicketCard } from '@/shared/api/views'
import { useFormats, useWords } from '@/shared/i18n/words'
import { classes } from '@/shared/lib/classes'
import { Avatar } from '@/shared/ui/avatar'
import type { RowDesk } from './row-desk'
import './inbox-row.css'

export interface InboxRowProps {
  card: TicketCard
  /** Where the ticket is opened. */
  href: string
  desk: RowDesk
  /** The ticket is open beside the list. */
  open: boolean
  /** The keyboard stands here. */
  cursor: boolean
  gone: boolean
  dense: boolean
  onOpen: (id: string) => void
}

const MOST_LABELS = 2

function Until({ at }: { at: string }) {
  const t = useWords('inbox')
  const format = useFormats()
  return t('snoozedUntil', {
    when: format.dateTime(new Date(at), { weekday: 'short', hour: '2-digit', minute: '2-digit' }),
  })
}

/** A click that means this page; others are the browser's. */
function isPlain(event: MouseEvent): boolean {
  return event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
}

/** Few elements and few questions: a fast wheel draws ten rows a frame. */
export const InboxRow = memo(function InboxRow({
  card,
  href,
  desk,
  open,
  cursor,
  gone,
  dense,
  onOpen,
}: InboxRowProps) {
  const t = useWords('inbox')
  const words = useWords('desk')
  const { customer } = card
  const unread = card.waiting > 0
  const brand = desk.brands.size > 1 ? desk.brands.get(card.brand_id) : undefined
  const mark = desk.marks.get(card.network)
  // An empty foot leaves its line to the words.
  const bare =
    card.assignee_id === null &&
    !gone &&
    card.lane === 'public' &&
    card.waiting <= 1 &&
    card.state === 'open' &&
    card.labels.length === 0 &&
    brand === undefined &&
    (card.priority === 'normal' || card.priority === 'low')
  const urgent = card.priority === 'urgent' || card.priority === 'high'
  const unassigned = card.assignee_id === null && <span className="visually-hidden">{t('unassigned')}</span>
  return (
    <a
      href={href}
      className={classes(
        'inbox-row',
        dense && 'dense',
        bare && 'bare',
        open && 'open',
        cursor && 'cursor',
        gone && 'gone',
        unread && 'unread',
      )}
      data-ticket={card.id}
      aria-current={open ? 'true' : undefined}
      tabIndex={cursor ? 0 : -1}
      draggable={false}
      onClick={event => {
        if (!isPlain(event)) return
        event.preventDefault()
        onOpen(card.id)
      }}
    >
      <Avatar
        name={customer.name || customer.handle}
        url={customer.avatar_url}
        size={dense ? 24 : 32}
        corner={mark !== undefined && <Mark path={mark} />}
      />
      <span className="row-name">
        <bdi>{customer.name || customer.handle}</bdi> <bdi className="row-handle">@{customer.handle}</bdi>
      </span>
      {card.next_due_at !== null ? (
        <Due at={card.next_due_at} warnAt={card.next_warn_at} metric={card.next_due_metric} />
      ) : (
        <When at={card.last_message_at} />
      )}
      <span className="row-preview" dir="auto" {...(card.language ? { lang: card.language } : {})}>
        <Preview>{card.preview}</Preview>
      </span>
      {bare ? (
        unassigned
      ) : (
        <span className="row-foot">
          {unassigned || (
            <AgentTag id={card.assignee_id} agent={desk.agents.get(card.assignee_id ?? '')} me={desk.me} />
          )}
          {gone && <span className="row-gone">{t('gone')}</span>}
          {card.lane === 'private' && (
            <span className="row-sign private" data-tip={t('private')}>
              <Lock aria-hidden="true" />
              <span className="visually-hidden">{t('private')}</span>
            </span>
          )}
          {card.waiting > 1 && (
            <span className="row-sign" data-tip={t('waiting', { count: card.waiting })}>
              <MessageSquare aria-hidden="true" />
              {card.waiting}
              <span className="visually-hidden">{t('waiting', { count: card.waiting })}</span>
            </span>
          )}
          {card.state !== 'open' && <TicketState state={card.state} />}
          {card.snoozed_until !== null && (
            <span>
              <Until at={card.snoozed_until} />
            </span>
          )}
          {urgent && <span className="row-priority">{words(`priority.${card.priority}`)}</span>}
          {brand && <BrandTag brand={brand} />}
          {card.labels.slice(0, MOST_LABELS).map(label => (
            <span key={label} className="row-label">
              {label}
            </span>
          ))}
          {card.labels.length > MOST_LABELS && (
            <span className="row-label" data-tip={card.labels.slice(MOST_LABELS).join(', ')}>
              +{card.labels.length - MOST_LABELS}
            </span>
          )}
        </span>
      )}
    </a>
  )
})
