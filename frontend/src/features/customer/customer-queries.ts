/** A customer, their tickets, and people who may be the same one. */
import { queryOptions } from '@tanstack/react-query'
import { ticketKeys } from '@/domain/ticket-cache'
import { answer, api, whole } from '@/shared/api/client'
import type { InboxView, TicketCard } from '@/shared/api/views'

export function customerQuery(id: string) {
  return queryOptions({
    queryKey: ['customer', id],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/customers/{customer_id}', { params: { path: { customer_id: id } }, signal })),
  })
}

export function customerTicketsQuery(id: string) {
  return queryOptions({
    queryKey: ticketKeys.customerTickets(id),
    queryFn: ({ signal }) =>
      whole<TicketCard[]>(
        api.GET('/api/v1/customers/{customer_id}/tickets', { params: { path: { customer_id: id } }, signal }),
      ),
  })
}

export type Found = TicketCard['customer'] & { network: string }

/** The people behind tickets, each once, without the one who is asked about. */
export function peopleOf(cards: readonly TicketCard[], except: string): Found[] {
  const people = new Map<string, Found>()
  for (const card of cards)
    if (card.customer.id !== except && !people.has(card.customer.id))
      people.set(card.customer.id, { ...card.customer, network: card.network })
  return [...people.values()]
}

export function othersQuery(words: string, except: string) {
  return queryOptions({
    queryKey: ['customer-search', words, except],
    // A search in "all open" finds tickets in every state.
    queryFn: async ({ signal }) => {
      const { items } = await whole<InboxView>(
        api.GET('/api/v1/tickets', { params: { query: { q: words, view: 'all_open', limit: 30 } }, signal }),
      )
      return peopleOf(items, except)
    },
    enabled: words !== '',
  })
}
