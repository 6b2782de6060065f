/** The customer's other tickets, newest first. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { Preview } from '@/domain/preview'
import { TicketState } from '@/domain/ticket-state'
import { When } from '@/domain/when'
import { useWords } from '@/shared/i18n/words'
import { Button } from '@/shared/ui/button'
import { customerTicketsQuery } from './customer-queries'

const FIRST = 5

export function CustomerTickets({ customerId, openId }: { customerId: string; openId: string }) {
  const t = useWords('customer')
  const words = useWords('desk')
  const { data } = useQuery(customerTicketsQuery(customerId))
  const [all, setAll] = useState(false)
  if (!data) return null
  const others = data.filter(one => one.id !== openId)
  const shown = all ? others : others.slice(0, FIRST)
  return (
    <div className="customer-tickets">
      <h3>{t('tickets')}</h3>
      {others.length === 0 ? (
        <p className="customer-since">{t('noTickets')}</p>
      ) : (
        <ul>
          {shown.map(card => (
            <li key={card.id}>
              <Link to="/inbox/$view/$ticketId" params={{ view: 'all_open', ticketId: card.id }}>
                <span className="customer-ticket-head">
                  {words('number', { number: String(card.number) })} <TicketState state={card.state} />
                  <When at={card.last_message_at} />
                </span>
                <bdi className="customer-ticket-words">
                  <Preview>{card.preview}</Preview>
                </bdi>
              </Link>
            </li>
          ))}
        </ul>
      )}
      {others.length > shown.length && (
        <Button size="small" kind="quiet" onClick={() => setAll(true)}>
          {t('all', { count: others.length - shown.length })}
        </Button>
      )}
    </div>
  )
}
