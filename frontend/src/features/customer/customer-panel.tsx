/** Who this is: picture, name, handles, what colleagues noted, earlier tickets. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Ellipsis } from 'lucide-react'
import { useState } from 'react'
import { threadQuery } from '@/domain/ticket-queries'
import { useFormats, useWords } from '@/shared/i18n/words'
import { Avatar } from '@/shared/ui/avatar'
import { MenuButton } from '@/shared/ui/menu'
import { CustomerHandles } from './customer-handles'
import { CustomerNote } from './customer-note'
import { customerQuery } from './customer-queries'
import { CustomerTickets } from './customer-tickets'
import { MergeDialog } from './merge-dialog'
import { RenameDialog } from './rename-dialog'
import './customer-panel.css'

export function CustomerPanel({ ticketId }: { ticketId: string }) {
  const t = useWords('customer')
  const format = useFormats()
  const { data: thread } = useInfiniteQuery(threadQuery(ticketId))
  const card = thread?.pages[0]?.card
  const id = card?.customer.id ?? ''
  const { data: customer } = useQuery({ ...customerQuery(id), enabled: id !== '' })
  const [open, setOpen] = useState<'rename' | 'merge' | null>(null)
  if (!card) return null
  const name = customer?.name || card.customer.name || card.customer.handle
  return (
    <section className="customer-panel" aria-label={t('title')}>
      <header className="customer-head">
        <Avatar name={name} url={card.customer.avatar_url} size={56} />
        <div>
          <h2>
            <bdi>{name}</bdi>
          </h2>
          {customer && (
            <p className="customer-since">
              {t('since', { when: format.dateTime(new Date(customer.created_at), { dateStyle: 'medium' }) })}
            </p>
          )}
        </div>
        {customer && (
          <MenuButton
            label={t('more')}
            sections={[
              {
                entries: [
                  { id: 'rename', label: t('rename') },
                  { id: 'merge', label: t('merge') },
                ],
              },
            ]}
            onChoose={choice => setOpen(choice === 'merge' ? 'merge' : 'rename')}
            button={{
              kind: 'quiet',
              size: 'small',
              className: 'icon-button',
              'aria-label': t('more'),
              icon: <Ellipsis />,
            }}
          />
        )}
      </header>
      {customer && (
        <>
          <CustomerHandles identities={customer.identities} />
          <CustomerNote key={customer.id} customer={customer} />
          <CustomerTickets customerId={customer.id} openId={ticketId} />
        </>
      )}
      {customer && open === 'rename' && <RenameDialog customer={customer} onClose={() => setOpen(null)} />}
      {customer && open === 'merge' && (
        <MergeDialog customer={customer} name={name} onClose={() => setOpen(null)} />
      )}
    </section>
  )
}
