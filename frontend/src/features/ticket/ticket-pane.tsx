/** The conversation: header, who else is here, thread, and the composer that the page puts below. */
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useMemo } from 'react'
import { knownCard } from '@/domain/ticket-cache'
import { repliesQuery, threadQuery, wholeTicket } from '@/domain/ticket-queries'
import { useExplain } from '@/shared/api/explain'
import type { ReplyView, TicketCard } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { KEYS } from '@/shared/lib/key-map'
import { useKeys } from '@/shared/lib/keys'
import { usePageTitle } from '@/shared/lib/page-title'
import { Button } from '@/shared/ui/button'
import { Empty } from '@/shared/ui/empty'
import { Pending } from '@/shared/ui/pending'
import { Thread } from './thread'
import { TicketActions } from './ticket-actions'
import { TicketHeader } from './ticket-header'
import { useMoves } from './use-moves'
import { WhoElse } from './who-else'
import './ticket-pane.css'

export interface TicketPaneProps {
  id: string
  onBack: () => void
  onContext: () => void
  contextOpen: boolean
  /** My own deed took the ticket out of the open views. */
  onLeave: (id: string) => void
  onSeen: (messageId: string | null) => void
  outgoing: (reply: ReplyView) => ReactNode
  composer: (card: TicketCard) => ReactNode
}

const none: readonly ReplyView[] = []

export function TicketPane({
  id,
  onBack,
  onContext,
  contextOpen,
  onLeave,
  onSeen,
  outgoing,
  composer,
}: TicketPaneProps) {
  const t = useWords('ticket')
  const ui = useWords('ui')
  const words = useWords('desk')
  const explain = useExplain()
  const client = useQueryClient()
  const query = useInfiniteQuery(threadQuery(id))
  const { data: replies = none } = useQuery(repliesQuery(id))
  const move = useMoves(id, { onLeave })
  const ticket = useMemo(() => query.data && wholeTicket(query.data), [query.data])
  useKeys({ [KEYS.back]: onBack, [KEYS.context]: onContext })

  // The list knew the ticket already: its head stands at once, the thread follows.
  const card = ticket?.card ?? knownCard(client, id)
  const title =
    card &&
    `${card.customer.name || card.customer.handle} ${words('number', { number: String(card.number) })}`
  usePageTitle(title ?? '', title !== undefined)

  if (query.isError && !ticket)
    return (
      <Empty
        title={t('failed')}
        deed={
          <>
            <Button onClick={onBack}>{t('back')}</Button>{' '}
            <Button onClick={() => void query.refetch()}>{ui('retry')}</Button>
          </>
        }
      >
        {explain(query.error)}
      </Empty>
    )
  if (!card) return <Pending rows={6} />
  return (
    <article className="ticket-pane" aria-label={title}>
      <TicketHeader card={card} onBack={onBack} onContext={onContext} contextOpen={contextOpen}>
        <TicketActions card={card} move={move} />
      </TicketHeader>
      {ticket ? (
        <Thread
          key={id}
          ticket={ticket}
          replies={replies}
          outgoing={outgoing}
          onSeen={onSeen}
          onEarlier={() => void query.fetchNextPage()}
          loadingEarlier={query.isFetchingNextPage}
        />
      ) : (
        <div className="thread">
          <Pending rows={4} />
        </div>
      )}
      <WhoElse ticketId={id} />
      {composer(card)}
    </article>
  )
}
