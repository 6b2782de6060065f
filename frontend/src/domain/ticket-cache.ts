/** One ticket stands in several answers (lists, its page, its customer's tickets); a newer card replaces it in all of them. */
import { type InfiniteData, type QueryClient, type QueryKey, replaceEqualDeep } from '@tanstack/react-query'
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
  const ahead =
    arrived.revision - known.revision || (arrived.promise_revision ?? 0) - (known.promise_revision ?? 0)
  return ahead >= 0 ? arrived : known
}

type Arrived = ReadonlyMap<string, TicketCard>

function inList(list: TicketCard[], arrived: Arrived): TicketCard[] {
  let changed = false
  const next = list.map(known => {
    const card = arrived.get(known.id)
    const best = card ? newer(known, card) : known
    changed ||= best !== known
    return best
  })
  return changed ? next : list
}

/** Change an answer that is held, and nothing about whether it must be asked again. */
function patch<T>(client: QueryClient, queryKey: QueryKey, change: (data: T) => T): void {
  const query = client.getQueryCache().find<T>({ queryKey, exact: true })
  const data = query?.state.data
  if (!query || data === undefined) return
  const next = change(data)
  if (next === data) return
  const { isInvalidated, dataUpdatedAt } = query.state
  client.setQueryData<T>(queryKey, next, { updatedAt: dataUpdatedAt })
  if (isInvalidated) query.invalidate()
}

function inPages(data: InfiniteData<InboxView>, arrived: Arrived): InfiniteData<InboxView> {
  let changed = false
  const pages = data.pages.map(page => {
    const items = inList(page.items, arrived)
    if (items === page.items) return page
    changed = true
    return { ...page, items }
  })
  return changed ? { ...data, pages } : data
}

/** Put cards wherever their tickets are already shown, each list once; lists that do not hold them are left alone. */
export function upsertCards(client: QueryClient, cards: TicketCard[]): void {
  const arrived = new Map<string, TicketCard>()
  for (const card of cards) arrived.set(card.id, newer(arrived.get(card.id) ?? card, card))
  for (const { queryKey } of client.getQueryCache().findAll({ queryKey: ticketKeys.lists }))
    patch<InfiniteData<InboxView>>(client, queryKey, data => inPages(data, arrived))
  for (const card of arrived.values())
    patch<InfiniteData<TicketView>>(client, ticketKeys.thread(card.id), data => {
      const [first, ...rest] = data.pages
      if (!first) return data
      const next = newer(first.card, card)
      return next === first.card ? data : { ...data, pages: [{ ...first, card: next }, ...rest] }
    })
  const ofCustomers = client
    .getQueryCache()
    .findAll({ predicate: ({ queryKey: [kind, , what] }) => kind === 'customer' && what === 'tickets' })
  for (const { queryKey } of ofCustomers) patch<TicketCard[]>(client, queryKey, list => inList(list, arrived))
}

/** The same for one card: what a deed of ours answered. */
export function upsertCard(client: QueryClient, card: TicketCard): void {
  upsertCards(client, [card])
}

/**
 * An answer that was on its way while events came may be older than what they brought: each card keeps its newer state.
 * For the query option `structuralSharing`.
 */
export function keepNewerCards(before: unknown, after: unknown): unknown {
  const known = new Map<string, TicketCard>()
  for (const page of (before as InfiniteData<InboxView> | undefined)?.pages ?? [])
    for (const card of page.items) known.set(card.id, card)
  const { pages, pageParams } = after as InfiniteData<InboxView>
  const kept = pages.map(page => ({
    ...page,
    items: page.items.map(card => {
      const one = known.get(card.id)
      return one ? newer(one, card) : card
    }),
  }))
  return replaceEqualDeep(before, { pages: kept, pageParams })
}

/** The same for an open ticket: its newer card, and every fact that either side knows. */
export function keepNewerTicket(before: unknown, after: unknown): unknown {
  const [known] = (before as InfiniteData<TicketView> | undefined)?.pages ?? []
  const { pages, pageParams } = after as InfiniteData<TicketView>
  const [first, ...rest] = pages
  if (!known || !first) return after
  const facts = new Map([...known.facts, ...first.facts].map(fact => [fact.seq, fact]))
  const merged: TicketView = {
    ...first,
    card: newer(known.card, first.card),
    facts: [...facts.values()].sort((a, b) => a.seq - b.seq),
  }
  return replaceEqualDeep(before, { pages: [merged, ...rest], pageParams })
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
