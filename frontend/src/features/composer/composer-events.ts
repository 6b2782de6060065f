/** reply.* into the cache: each carries the reply as it is now. */
import type { QueryClient } from '@tanstack/react-query'
import { ticketKeys } from '@/domain/ticket-cache'
import { upsertReply } from '@/domain/ticket-queries'
import type { DeskEvent, ReplyView } from '@/shared/api/views'
import type { Handlers } from '@/shared/live/apply'

type Mine = Extract<DeskEvent['fact']['type'], `reply.${string}`>

export function composerHandlers(client: QueryClient): Handlers<DeskEvent, Mine> {
  const reply = ({ reply }: { reply: ReplyView }) => upsertReply(client, reply)
  return {
    'reply.queued': reply,
    'reply.sending': reply,
    'reply.unsure': reply,
    'reply.delayed': reply,
    'reply.failed': reply,
    'reply.cancelled': reply,
    'reply.sent': fact => {
      reply(fact)
      // It stands in the thread as a post now.
      void client.invalidateQueries({ queryKey: ticketKeys.thread(fact.reply.ticket_id), exact: true })
      void client.invalidateQueries({ queryKey: ticketKeys.options(fact.reply.ticket_id) })
    },
  }
}
