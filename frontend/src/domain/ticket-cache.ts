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

/** The newest of the cards that came, by their ticket. */
type Cards = ReadonlyMap<string, TicketCard>

function inList(list: TicketCard[], cards: Cards): TicketCard[] {
  let next = list
  for (const [at, known] of list.entries()) {
    const card = cards.get(known.id)
    if (card && newer(known, card) !== known) {
      if (next === list) next = [...list]
      next[at] = card
    }
  }
  return next
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

function inPages(data: InfiniteData<InboxView>, cards: Cards): InfiniteData<InboxView> {
  let changed = false
  const pages = data.pages.map(page => {
    const items = inList(page.items, cards)
    if (items === page.items) return page
    changed = true
    return { ...page, items }
  })
  if (!changed) return data
  const next = { ...data, pages }
  patched.add(next)
  const known = carried.get(data)
  if (!known) return next
  for (const card of cards.values()) {
    const one = known.get(card.id)
    if (one) known.set(card.id, newer(one, card))
  }
  return carryOn(data, next, known)
}

/** Put cards wherever their tickets are already shown, each list once; lists that do not hold them are left alone. */
export function upsertCards(client: QueryClient, arrived: TicketCard[]): void {
  const cards = new Map<string, TicketCard>()
  for (const card of arrived) cards.set(card.id, newer(cards.get(card.id) ?? card, card))
  const cache = client.getQueryCache()
  for (const { queryKey } of cache.findAll({ queryKey: ticketKeys.lists }))
    patch<InfiniteData<InboxView>>(client, queryKey, data => inPages(data, cards))
  for (const card of cards.values())
    patch<InfiniteData<TicketView>>(client, ticketKeys.thread(card.id), data => {
      const [first, ...rest] = data.pages
      if (!first) return data
      const next = newer(first.card, card)
      return next === first.card ? data : { ...data, pages: [{ ...first, card: next }, ...rest] }
    })
  const ofCustomers = cache.findAll({
    predicate: ({ queryKey: [kind, , what] }) => kind === 'customer' && what === 'tickets',
  })
  for (const { queryKey } of ofCustomers) patch<TicketCard[]>(client, queryKey, list => inList(list, cards))
}

/** The same for one card: what a deed of ours answered. */
export function upsertCard(client: QueryClient, card: TicketCard): void {
  upsertCards(client, [card])
}

/** What was patched here is newest by itself: it need not be compared with ten thousand rows again. */
const patched = new WeakSet<object>()

/** The cards of a list by their tickets, carried on from each of its states to the next: a page more costs that page. */
const carried = new WeakMap<object, Map<string, TicketCard>>()

function cardsOf(list: InfiniteData<InboxView>): Map<string, TicketCard> {
  return carried.get(list) ?? new Map(list.pages.flatMap(page => page.items).map(card => [card.id, card]))
}

/**
 * An answer that was on its way while events came may be older than what they brought: each card keeps its newer state,
 * and stays the same object while it says the same, so that a page that was asked again draws only what changed.
 * Pages that were here before are not looked into. For the query option `structuralSharing`.
 */
export function keepNewerCards(before: unknown, after: unknown): unknown {
  const answered = after as InfiniteData<InboxView>
  const known = before as InfiniteData<InboxView> | undefined
  if (patched.has(answered) || known === undefined || known.pages.length === 0) return answered
  const old = new Set(known.pages)
  const cards = cardsOf(known)
  const pages = answered.pages.map((page, i) => {
    if (old.has(page)) return page
    const items = page.items.map(card => {
      const one = cards.get(card.id)
      const next = one ? replaceEqualDeep(one, newer(one, card)) : card
      cards.set(card.id, next)
      return next
    })
    const was = known.pages[i]
    const same = was?.items.length === items.length && items.every((card, n) => card === was.items[n])
    return same && was.next === page.next ? was : { ...page, items }
  })
  return carryOn(known, { pages, pageParams: answered.pageParams }, cards)
}

/** A short list is read anew next time, so that what left it long ago is forgotten. */
function carryOn(
  before: InfiniteData<InboxView>,
  after: InfiniteData<InboxView>,
  cards: Map<string, TicketCard>,
): InfiniteData<InboxView> {
  carried.delete(before)
  if (after.pages.length > WHOLE_PAGES) carried.set(after, cards)
  return after
}

const WHOLE_PAGES = 3

/** Of a list with so many pages only the first is asked again: nobody looks at all of them, and each is a request. */
export function isLong({ state }: { state: { data: unknown } }): boolean {
  return ((state.data as InfiniteData<InboxView> | undefined)?.pages.length ?? 0) > WHOLE_PAGES
}

/**
 * The first page of a long list asked again, in front of the others as they are. What newcomers pushed over its edge
 * still stands before the next page.
 */
export function withFirstPage(data: InfiniteData<InboxView>, first: InboxView): InfiniteData<InboxView> {
  const [old, second, ...rest] = data.pages
  if (!old || !second) return { ...data, pages: [first] }
  const here = new Set(first.items.map(card => card.id))
  const rose = second.items.some(card => here.has(card.id))
  const edge = old.items.findLastIndex(card => here.has(card.id))
  const pushed = rose ? [] : old.items.slice(edge + 1)
  return { ...data, pages: [{ ...first, items: [...first.items, ...pushed] }, second, ...rest] }
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

/**
 * Keep only the first page of long lists, before everything is asked again: what was missed may stand on any page,
 * and the others are asked for when somebody scrolls to them.
 */
export function shortenLists(client: QueryClient): void {
  for (const query of client.getQueryCache().findAll({ queryKey: ticketKeys.lists }))
    if (isLong(query))
      client.setQueryData<InfiniteData<InboxView>>(query.queryKey, data => ({
        pages: data?.pages.slice(0, 1) ?? [],
        pageParams: data?.pageParams.slice(0, 1) ?? [],
      }))
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
