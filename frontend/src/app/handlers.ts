/** Joins the features' event handlers into one; does not compile while a fact has no handler. */
import type { QueryClient } from '@tanstack/react-query'
import { deskHandlers } from '@/domain/desk-events'
import { composerHandlers } from '@/features/composer/composer-events'
import { customerHandlers } from '@/features/customer/customer-events'
import { inboxEvents } from '@/features/inbox/inbox-events'
import { promiseHandlers } from '@/features/promises/promises-events'
import { ticketHandlers, ticketHistory } from '@/features/ticket/ticket-events'
import { webhookHandlers } from '@/features/webhooks/webhooks-events'
import type { DeskEvent } from '@/shared/api/views'
import type { Handlers } from '@/shared/live/apply'

export function createHandlers(client: QueryClient): {
  handlers: Handlers<DeskEvent>
  /** Every event passes here too, with those that came with it: a card may have changed by any of them. */
  onAll: (events: DeskEvent[]) => void
  /** Show at once what waits to be shown together. */
  flush: () => void
} {
  const inbox = inboxEvents(client)
  const history = ticketHistory(client)
  return {
    handlers: {
      ...deskHandlers(client),
      ...customerHandlers(client),
      ...ticketHandlers(client),
      ...composerHandlers(client),
      ...promiseHandlers(client),
      ...webhookHandlers(client),
    },
    onAll: events => {
      history(events)
      inbox(events)
    },
    flush: inbox.flush,
  }
}
