/** Who this is: picture, name, handles. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { NetworkMark } from '@/domain/network-mark'
import { safeAddress } from '@/domain/post-text'
import { threadQuery } from '@/domain/ticket-queries'
import { answer, api } from '@/shared/api/client'
import { useFormats, useWords } from '@/shared/i18n/words'
import { Avatar } from '@/shared/ui/avatar'
import './customer-panel.css'

export function CustomerPanel({ ticketId }: { ticketId: string }) {
  const t = useWords('customer')
  const words = useWords('desk')
  const format = useFormats()
  const { data: thread } = useInfiniteQuery(threadQuery(ticketId))
  const card = thread?.pages[0]?.card
  const id = card?.customer.id ?? ''
  const { data: customer } = useQuery({
    queryKey: ['customer', id],
    queryFn: () =>
      answer(api.GET('/api/v1/customers/{customer_id}', { params: { path: { customer_id: id } } })),
    enabled: id !== '',
  })
  if (!card) return null
  return (
    <section className="customer-panel" aria-label={t('title')}>
      <Avatar name={card.customer.name || card.customer.handle} url={card.customer.avatar_url} size={56} />
      <h2>
        <bdi>{customer?.name || card.customer.name || card.customer.handle}</bdi>
      </h2>
      <ul className="customer-identities">
        {customer?.identities.map(one => {
          const href = safeAddress(one.url)
          return (
            <li key={one.id}>
              <NetworkMark name={one.network} labelled />
              <span>
                {href === null ? (
                  `@${one.handle}`
                ) : (
                  <a href={href} target="_blank" rel="noopener noreferrer">
                    @{one.handle}
                    <span className="visually-hidden"> {words('newTab')}</span>
                  </a>
                )}
                <small>
                  {[
                    one.followers === null ? '' : t('followers', { count: one.followers }),
                    one.bot ? t('bot') : '',
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </small>
              </span>
            </li>
          )
        })}
      </ul>
      {customer && (
        <p className="customer-since">
          {t('since', { when: format.dateTime(new Date(customer.created_at), { dateStyle: 'medium' }) })}
        </p>
      )}
    </section>
  )
}
