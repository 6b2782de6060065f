/** Each ticket's place and last known card in an answer that comes page by page; one page more costs that page. Pure. */
import type { InboxView, TicketCard } from '@/shared/api/views'
import { Order } from './order'

export interface KnownCards {
  pages: readonly InboxView[]
  /** The same object while it is the same order. */
  ids: Order
  /** Carried on from answer to answer: what left may still be shown, with what it last said. */
  cards: Map<string, TicketCard>
}

export function knowNothing(): KnownCards {
  return { pages: [], ids: Order.of([]), cards: new Map() }
}

/** What is known with the next state of the same answer; `known` is given up for it. */
export function learn(known: KnownCards, pages: readonly InboxView[]): KnownCards {
  const { cards } = known
  if (pages.length < known.pages.length) return learnAll(known, pages)
  let { ids } = known
  for (const [i, page] of pages.entries()) {
    const was = known.pages[i]
    if (page === was) continue
    if (was && !hasSameTickets(was, page)) return learnAll(known, pages)
    for (const [n, card] of page.items.entries()) {
      // A ticket that moved between two pages while they were read stands in both; the first one is right.
      const isFirst = was ? cards.get(card.id) === was.items[n] : ids.placeOf(card.id) === -1
      if (isFirst) cards.set(card.id, card)
    }
    if (!was) ids = ids.with(page.items.map(card => card.id))
  }
  return { pages, ids, cards }
}

function hasSameTickets(one: InboxView, other: InboxView): boolean {
  return one.items.length === other.items.length && one.items.every(({ id }, n) => id === other.items[n]?.id)
}

function learnAll({ ids: before, cards }: KnownCards, pages: readonly InboxView[]): KnownCards {
  const seen = new Set<string>()
  for (const card of pages.flatMap(page => page.items)) {
    if (seen.has(card.id)) continue
    seen.add(card.id)
    cards.set(card.id, card)
  }
  const ids = Order.of(seen)
  const same = ids.length === before.length && [...ids].every((id, place) => before.placeOf(id) === place)
  return { pages, ids: same ? before : ids, cards }
}
