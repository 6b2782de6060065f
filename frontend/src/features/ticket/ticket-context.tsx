/** Beside the conversation: whether we can answer, labels, linked tickets. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Check, X } from 'lucide-react'
import { useWhyNot } from '@/domain/answer-words'
import { useAccount } from '@/domain/desk'
import { replyOptionsQuery, threadQuery } from '@/domain/ticket-queries'
import { TicketState } from '@/domain/ticket-state'
import type { TicketCard } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { TicketReferences } from './ticket-references'
import './ticket-context.css'

function CanAnswer({ id }: { id: string }) {
  const t = useWords('ticket.can')
  const words = useWords('desk')
  const whyNot = useWhyNot()
  const { data: options } = useQuery(replyOptionsQuery(id))
  const account = useAccount(options?.account_id)
  if (!options) return null
  return (
    <section className="context-part">
      <h3>{t('title')}</h3>
      <ul className="can">
        {options.lanes.map(lane => (
          <li key={lane.lane} className={lane.allowed ? 'yes' : 'no'}>
            {lane.allowed ? <Check aria-hidden="true" /> : <X aria-hidden="true" />}
            {lane.allowed
              ? t('yes', { lane: words(`lane.${lane.lane}`), handle: `@${account?.handle ?? ''}` })
              : t('no', { lane: words(`lane.${lane.lane}`).toLowerCase(), why: whyNot(lane) ?? '' })}
          </li>
        ))}
      </ul>
    </section>
  )
}

export function TicketContext({ id }: { id: string }) {
  const t = useWords('ticket')
  const { data } = useInfiniteQuery(threadQuery(id))
  const ticket = data?.pages[0]
  if (!ticket) return null
  const { card, follows, followed_by: followedBy } = ticket
  const linked: { card: TicketCard; words: string }[] = [
    ...(follows ? [{ card: follows, words: t('links.follows', { number: String(follows.number) }) }] : []),
    ...followedBy.map(one => ({ card: one, words: t('links.followedBy', { number: String(one.number) }) })),
  ]
  return (
    <div className="ticket-context">
      <CanAnswer id={id} />
      <TicketReferences references={ticket.references} />
      <section className="context-part">
        <h3>{t('labels.title')}</h3>
        {card.labels.length === 0 ? (
          <p className="context-quiet">{t('labels.none')}</p>
        ) : (
          <ul className="context-labels">
            {card.labels.map(label => (
              <li key={label} className="row-label">
                {label}
              </li>
            ))}
          </ul>
        )}
      </section>
      {linked.length > 0 && (
        <section className="context-part">
          <h3>{t('links.title')}</h3>
          <ul className="context-links">
            {linked.map(one => (
              <li key={one.card.id}>
                <Link to="/inbox/$view/$ticketId" params={{ view: 'all_open', ticketId: one.card.id }}>
                  {one.words}
                </Link>
                <TicketState state={one.card.state} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  )
}
