/** Events into the open ticket: facts are appended as they come, posts and notes are asked for. */
import type { InfiniteData, QueryClient } from '@tanstack/react-query'
import { ticketKeys } from '@/domain/ticket-cache'
import type { DeskEvent, TicketView } from '@/shared/api/views'
import { type Again, createAgain } from '@/shared/live/again'
import type { Handlers } from '@/shared/live/apply'

type Mine = Extract<DeskEvent['fact']['type'], `ticket.${string}` | `message.${string}` | `note.${string}`>

const THREAD_MS = 250

export function ticketHandlers(client: QueryClient): Handlers<DeskEvent, Mine> {
  const asking = new Map<string, Again>()

  /** The event only names the new post: the thread is asked again, when somebody has it open. */
  const askThread = (id: string) => {
    if (!client.getQueryCache().find({ queryKey: ticketKeys.thread(id), exact: true })) return
    const again =
      asking.get(id) ??
      createAgain(THREAD_MS, () => client.invalidateQueries({ queryKey: ticketKeys.thread(id), exact: true }))
    asking.set(id, again)
    again()
  }
  const askOptions = (id: string) => void client.invalidateQueries({ queryKey: ticketKeys.options(id) })

  const post = (_fact: unknown, event: DeskEvent) => {
    if (event.ticket_id === null) return
    askThread(event.ticket_id)
    askOptions(event.ticket_id)
  }
  // The line of history and the card come by ticketHistory() and the inbox.
  const told = () => undefined
  return {
    'ticket.opened': told,
    'ticket.assigned': told,
    'ticket.moved': told,
    'ticket.dismissed': told,
    'ticket.prioritised': told,
    'ticket.labelled': () => void client.invalidateQueries({ queryKey: ['labels'] }),
    'ticket.referred': ({ ticket_id }) => askThread(ticket_id),
    'message.received': post,
    'message.edited': post,
    'message.vanished': post,
    'ticket.answered_outside': post,
    'ticket.context_added': post,
    'ticket.imported': post,
    'note.added': ({ ticket_id }) => askThread(ticket_id),
  }
}

/** Every fact of a ticket, whoever handles it, is a line of its history. */
export function ticketHistory(client: QueryClient): (events: DeskEvent[]) => void {
  return events => {
    for (const id of new Set(events.map(one => one.ticket_id)))
      if (id !== null)
        client.setQueryData<InfiniteData<TicketView>>(ticketKeys.thread(id), data => {
          const [first, ...rest] = data?.pages ?? []
          if (!data || !first) return data
          const known = new Set(first.facts.map(one => one.seq))
          const lines = events
            .filter(one => one.ticket_id === id && !known.has(one.seq))
            .map(({ seq, at, type, agent_id, fact }) => ({ seq, at, type, agent_id, fact: { ...fact } }))
          if (lines.length === 0) return data
          return { ...data, pages: [{ ...first, facts: [...first.facts, ...lines] }, ...rest] }
        })
  }
}
