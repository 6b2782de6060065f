/** Who, number, state, assignee, promise; and the deeds. */
import { ArrowLeft, PanelRight } from 'lucide-react'
import type { ReactNode } from 'react'
import { AgentName } from '@/domain/agent-name'
import { BrandName } from '@/domain/brand-name'
import { Due } from '@/domain/due'
import { NetworkMark } from '@/domain/network-mark'
import { TicketState } from '@/domain/ticket-state'
import { useExactly } from '@/domain/when'
import type { TicketCard } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { KEYS } from '@/shared/lib/key-map'
import { useMedia } from '@/shared/lib/media'
import { Avatar } from '@/shared/ui/avatar'
import { IconButton } from '@/shared/ui/button'
import './ticket-header.css'

export function TicketHeader({
  card,
  onBack,
  onContext,
  contextOpen,
  children,
}: {
  card: TicketCard
  onBack: () => void
  onContext: () => void
  contextOpen: boolean
  children: ReactNode
}) {
  const t = useWords('ticket')
  const words = useWords('desk')
  const exactly = useExactly()
  const { customer } = card
  // Where only one pane is shown, the ticket is the page.
  const Title = useMedia('(max-width: 759px)') ? 'h1' : 'h2'
  return (
    <header className="ticket-header">
      <div className="ticket-who">
        <IconButton
          className="ticket-back"
          label={t('back')}
          combo={KEYS.back}
          icon={<ArrowLeft />}
          onClick={onBack}
        />
        <Avatar
          name={customer.name || customer.handle}
          url={customer.avatar_url}
          size={32}
          corner={<NetworkMark name={card.network} labelled />}
        />
        <div className="ticket-title">
          <Title>
            <bdi>{customer.name || customer.handle}</bdi>{' '}
            <span className="ticket-number">{words('number', { number: String(card.number) })}</span>
          </Title>
          <p className="ticket-facts">
            <TicketState state={card.state} />
            {card.snoozed_until !== null && <span>{t('until', { when: exactly(card.snoozed_until) })}</span>}
            {card.dismissed !== null && <span>{words(`dismissed.${card.dismissed}`)}</span>}
            <AgentName id={card.assignee_id} />
            {card.priority !== 'normal' && (
              <span className={`ticket-priority ${card.priority}`}>{words(`priority.${card.priority}`)}</span>
            )}
            <BrandName id={card.brand_id} />
            {card.next_due_at !== null && (
              <Due at={card.next_due_at} warnAt={card.next_warn_at} metric={card.next_due_metric} />
            )}
          </p>
        </div>
        <IconButton
          label={contextOpen ? t('hideContext') : t('showContext')}
          combo={KEYS.context}
          icon={<PanelRight />}
          aria-pressed={contextOpen}
          onClick={onContext}
        />
      </div>
      {children}
    </header>
  )
}
