import { type InfiniteData, InfiniteQueryObserver } from '@tanstack/react-query'
import { waitFor } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { knownCard, ticketKeys } from '@/domain/ticket-cache'
import type { DeskEvent, InboxView, TicketCard } from '@/shared/api/views'
import { aCard } from '@/shared/testing/given'
import { testClient } from '@/shared/testing/show'
import { inboxEvents } from './inbox-events'
import { inboxQuery } from './use-inbox'

let asked: URL[] = []
let served: TicketCard[] = []
const watching: (() => void)[] = []
beforeEach(() => {
  asked = []
  vi.stubGlobal('fetch', (request: Request) => {
    asked.push(new URL(request.url))
    return Promise.resolve(Response.json({ items: served, next: 'c0', head: 1 }))
  })
})
afterEach(() => {
  for (const leave of watching.splice(0)) leave()
  vi.unstubAllGlobals()
})

const happened = (card: TicketCard): DeskEvent[] => [
  {
    seq: 9,
    at: card.last_message_at,
    type: 'note.added',
    agent_id: null,
    brand_id: card.brand_id,
    ticket_id: card.id,
    fact: { type: 'note.added', brand_id: card.brand_id, ticket_id: card.id, note_id: 'nt_1' },
    card,
    trace: null,
  },
]
const ids = (page: InboxView | undefined) => page?.items.map(card => card.id)

/** A list on screen of which so many pages were scrolled through, with one ticket on each. */
function aList(pages: number) {
  const client = testClient()
  const query = inboxQuery('all_open', {})
  const page = (i: number): InboxView => ({ items: [aCard({ id: `tk_${i}` })], next: `c${i}`, head: 0 })
  const numbers = Array.from({ length: pages }, (_, i) => i)
  client.setQueryData(query.queryKey, {
    pages: numbers.map(page),
    pageParams: numbers.map(i => (i === 0 ? null : `c${i - 1}`)),
  })
  const observer = new InfiniteQueryObserver(client, { ...query, staleTime: Number.POSITIVE_INFINITY })
  watching.push(observer.subscribe(() => {}))
  const shown = () => client.getQueryData<InfiniteData<InboxView>>(query.queryKey)
  return { client, shown }
}
const cursors = () =>
  asked.filter(one => one.pathname.endsWith('/tickets')).map(one => one.searchParams.get('cursor'))

describe('an event', () => {
  it('asks for the first page of a long list, and leaves the others as they are', async () => {
    const { client, shown } = aList(6)
    const before = shown()?.pages
    served = [aCard({ id: 'tk_new' }), aCard({ id: 'tk_0' })]
    inboxEvents(client)(happened(aCard({ id: 'tk_new' })))
    await waitFor(() => expect(ids(shown()?.pages[0])).toEqual(['tk_new', 'tk_0']))
    expect(cursors()).toEqual([null])
    expect(shown()?.pages.slice(1)).toEqual(before?.slice(1))
  })

  it('asks for a short list as a whole', async () => {
    const { client } = aList(2)
    served = [aCard({ id: 'tk_new' })]
    inboxEvents(client)(happened(aCard({ id: 'tk_new' })))
    await waitFor(() => expect(cursors()).toEqual([null, 'c0']))
  })
})

describe('a storm', () => {
  it('shows its first change at once, and the rest together', async () => {
    const { client } = aList(1)
    served = [aCard({ id: 'tk_0', revision: 9, preview: 'last' })]
    const take = inboxEvents(client)
    const told = vi.fn()
    client.getQueryCache().subscribe(event => {
      if (
        event.type === 'updated' &&
        event.action.type === 'success' &&
        event.query.queryKey[0] === ticketKeys.lists[0]
      )
        told(knownCard(client, 'tk_0')?.preview)
    })
    for (const [i, preview] of ['first', 'second', 'third', 'last'].entries())
      take(happened(aCard({ id: 'tk_0', revision: 2 + i, preview })))
    expect(told.mock.calls.flat()).toEqual(['first'])
    await waitFor(() => expect(knownCard(client, 'tk_0')?.preview).toBe('last'))
    expect(told.mock.calls.flat()).not.toContain('second')
  })

  it('never lets an older state that came later win', () => {
    const { client } = aList(1)
    const take = inboxEvents(client)
    for (const revision of [3, 5, 4]) take(happened(aCard({ id: 'tk_0', revision })))
    take.flush()
    expect(knownCard(client, 'tk_0')?.revision).toBe(5)
  })
})
