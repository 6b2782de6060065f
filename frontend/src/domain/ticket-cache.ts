/** One ticket stands in several answers (lists, its page, its customer's tickets); a newer card replaces it in all of them. */
import type { InfiniteData, QueryClient } from '@tanstack/react-query'
import type { InboxView, TicketCard, TicketView } from '@/shared/api/views'

export const ticketKeys = {
  lists: ['tickets'] as const,
  counts: ['counts'] as const,
  one: (id: string) => ['ticket', id] as const,
  thread: (id: string) => ['ticket', id, 'thread'] as const,
  options: (id: string) => ['ticket', id, 'options'] as const,
  replies: (id: string) => ['ticket', id, 'replies'] as const,
  draft: (id: string) => ['ticket', id, 'draft'] as const,
  clocks: (id: string) => ['ticket', id, 'clocks'] as const,
  customerTickets: (customerId: string) => ['customer', customerId, 'tickets'] as const,
}

interface Counted {
  revision: number
  /** Of cards only: how often the promises moved while the ticket itself stayed as it was. */
  promise_revision?: number
}

/** Of two states of one row, the newer one by its counters; the order of arrival does not matter. */
export function newer<T extends Counted>(known: T, arrived: T): T {
  const ahead = arrived.revision - known.revision || (arrived.promise_revision ?? 0) - (known.promise_revision ?? 0)
  return ahead >= 0 ? arrived : known
}

function inList(list: TicketCard[], card: TicketCard): TicketCard[] {
  const at = list.findIndex(one => one.id === card.id)
  const known = list[at]
  if (!known) return list
  const next = newer(known, card)
  return next === known ? list : list.with(at, next)
}

/** Put a card wherever this ticket is already shown; lists that do not hold it are left alone. Says whether any list did. */
export function upsertCard(client: QueryClient, card: TicketCard): boolean {
  let held = false
  client.setQueriesData<InfiniteData<InboxView>>({ queryKey: ticketKeys.lists }, data => {
    if (!data) return data
    let changed = false
    const pages = data.pages.map(page => {
      const items = inList(page.items, card)
      held ||= page.items.some(one => one.id === card.id)
      if (items === page.items) return page
      changed = true
      return { ...page, items }
    })
    return changed ? { ...data, pages } : data
  })
  client.setQueryData<InfiniteData<TicketView>>(ticketKeys.thread(card.id), data => {
    const [first, ...rest] = data?.pages ?? []
    if (!data || !first) return data
    const next = newer(first.card, card)
    return next === first.card ? data : { ...data, pages: [{ ...first, card: next }, ...rest] }
  })
  client.setQueriesData<TicketCard[]>(
    { predicate: ({ queryKey: [kind, , what] }) => kind === 'customer' && what === 'tickets' },
    list => list && inList(list, card),
  )
  return held
}

/** The ticket's card as it is known here. */
export function knownCard(client: QueryClient, id: string): TicketCard | undefined {
  const thread = client.getQueryData<InfiniteData<TicketView>>(ticketKeys.thread(id))?.pages[0]?.card
  const listed = client
    .getQueriesData<InfiniteData<InboxView>>({ queryKey: ticketKeys.lists })
    .flatMap(([, data]) => data?.pages.flatMap(page => page.items) ?? [])
    .filter(one => one.id === id)
  return [thread, ...listed].reduce(
    (best, one) => (best && one ? newer(best, one) : (best ?? one)),
    undefined,
  )
}
