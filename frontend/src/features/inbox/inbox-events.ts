/** Events into the inbox: patches the cards the lists hold; asks again (at most four times a second) for what it cannot know. */
import type { InfiniteData, QueryClient } from '@tanstack/react-query'
import { isLong, ticketKeys, upsertCards, withFirstPage } from '@/domain/ticket-cache'
import type { DeskEvent, InboxView, TicketCard } from '@/shared/api/views'
import { createAgain } from '@/shared/live/again'
import { askPage, type ListKey } from './use-inbox'

/** The first change shows at once; of a storm, all that came meanwhile shows together. */
const SHOW_MS = 100
const LISTS_MS = 250
const COUNTS_MS = 1000

type List = InfiniteData<InboxView>

export interface InboxEvents {
  /** Called with all events of a frame; those without a card do not concern the inbox. */
  (events: DeskEvent[]): void
  /** Show what is waiting, now. */
  flush(): void
}

/** A question that may cost as much as it takes: a server that is slow to answer is asked less often. */
async function sparing(ask: () => Promise<unknown>): Promise<void> {
  const began = performance.now()
  await ask()
  await new Promise(done => setTimeout(done, 2 * (performance.now() - began)))
}

/** Ask the lists that are on screen; the others are only marked, and asked when somebody comes to look. */
async function askLists(client: QueryClient, again: () => void): Promise<void> {
  const lists = client.getQueryCache().findAll({ queryKey: ticketKeys.lists })
  const busy = lists.filter(one => one.isActive() && one.state.fetchStatus === 'fetching')
  // A page that somebody scrolled for is on its way: it is not called off, only followed.
  if (busy.length > 0) again()
  const long = lists.filter(one => one.isActive() && !busy.includes(one) && isLong(one))
  const idle = (one: (typeof lists)[number]) => !busy.includes(one) && !long.includes(one)
  await Promise.all([
    client.invalidateQueries({ queryKey: ticketKeys.lists, predicate: idle, refetchType: 'active' }),
    ...long.map(async ({ queryKey }) => {
      const first = await askPage(queryKey as unknown as ListKey, null)
      client.setQueryData<List>(queryKey, data => data && withFirstPage(data, first))
      // A page that was asked for meanwhile comes with the others as they were before.
      if (client.getQueryState(queryKey)?.fetchStatus === 'fetching') again()
    }),
  ])
}

export function inboxEvents(client: QueryClient): InboxEvents {
  let waiting: TicketCard[] = []
  const flush = () => {
    const cards = waiting
    waiting = []
    if (cards.length > 0) upsertCards(client, cards)
  }
  const show = createAgain(SHOW_MS, async () => flush())
  // Whether a card enters or leaves a view under a filter, the server knows: the rule exists once.
  const lists = createAgain(LISTS_MS, () => sparing(() => askLists(client, () => lists())))
  const counts = createAgain(COUNTS_MS, () =>
    sparing(() => client.invalidateQueries({ queryKey: ticketKeys.counts, refetchType: 'active' })),
  )
  const take = (events: DeskEvent[]) => {
    const cards = events.flatMap(({ card }) => card ?? [])
    if (cards.length === 0) return
    waiting.push(...cards)
    show()
    lists()
    counts()
  }
  return Object.assign(take, { flush })
}
