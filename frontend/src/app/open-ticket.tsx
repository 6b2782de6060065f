/** The open ticket with its composer; loaded when the first ticket is opened, or when the page has nothing else to do. */
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import { knownCard } from '@/domain/ticket-cache'
import { Composer } from '@/features/composer/composer'
import { Outgoing } from '@/features/composer/outgoing'
import { TicketPane } from '@/features/ticket/ticket-pane'
import type { ReplyView, TicketCard } from '@/shared/api/views'

export interface OpenTicketProps {
  id: string
  onBack: () => void
  onLeave: (id: string) => void
  onContext: () => void
  contextOpen: boolean
}

/** What was written is sent and the ticket done: the next keys walk on, and are no text. */
function leaveComposer() {
  const at = document.activeElement
  // Whoever went elsewhere meanwhile stays there.
  if (at !== null && at !== document.body && at.closest('.composer') === null) return
  document.querySelector<HTMLElement>('.ticket-pane [role=log]')?.focus({ preventScroll: true })
}

export default function OpenTicket({ id, onBack, onLeave, onContext, contextOpen }: OpenTicketProps) {
  const [seen, setSeen] = useState<string | null>()
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
        if (then === null) return
        onLeave(id)
        leaveComposer()
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
