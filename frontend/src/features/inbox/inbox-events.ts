/** Events into the inbox: patches the cards the lists hold; asks again (at most four times a second) for what it cannot know. */
import type { QueryClient } from '@tanstack/react-query'
import { ticketKeys, upsertCards } from '@/domain/ticket-cache'
import type { DeskEvent } from '@/shared/api/views'
import { createAgain } from '@/shared/live/again'

const LISTS_MS = 250
const COUNTS_MS = 1000

/** Called with all events of a frame; those without a card do not concern the inbox. */
export function inboxEvents(client: QueryClient): (events: DeskEvent[]) => void {
  const ask = (queryKey: readonly string[]) => async () => {
    // What is not on screen is only marked, and asked when somebody comes to look.
    await client.invalidateQueries({ queryKey, refetchType: 'active' })
  }
  const lists = createAgain(LISTS_MS, ask(ticketKeys.lists))
  const counts = createAgain(COUNTS_MS, ask(ticketKeys.counts))
  return events => {
    const cards = events.flatMap(({ card }) => card ?? [])
    if (cards.length === 0) return
    upsertCards(client, cards)
    // Whether a card enters or leaves a view under a filter, the server knows: the rule exists once.
    lists()
    counts()
  }
}
