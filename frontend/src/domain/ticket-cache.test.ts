import { QueryClient } from '@tanstack/react-query'
import { describe, expect, it } from 'vitest'
import { aCard } from '@/shared/testing/given'
import {
  keepNewerCards,
  keepNewerTicket,
  knownCard,
  newer,
  shortenLists,
  ticketKeys,
  upsertCard,
  withFirstPage,
} from './ticket-cache'

const list = [...ticketKeys.lists, 'mine', {}]
const pages = (...cards: ReturnType<typeof aCard>[]) => ({
  pages: [{ items: cards, next: null, head: 0 }],
  pageParams: [null],
})

it('keeps the higher revision, and of equal ones what came later', () => {
  const [old, same, young] = [
    aCard({ revision: 2, preview: 'old' }),
    aCard({ revision: 2, preview: 'same' }),
    aCard({ revision: 3, preview: 'young' }),
  ]
  expect(newer(old, young)).toBe(young)
  expect(newer(young, old)).toBe(young)
  expect(newer(old, same)).toBe(same)
})

it('puts a card where it is shown, and adds it nowhere', () => {
  const client = new QueryClient()
  client.setQueryData(list, pages(aCard()))
  upsertCard(client, aCard({ revision: 2, preview: 'new words' }))
  upsertCard(client, aCard({ id: 'tk_2', revision: 9 }))
  expect(knownCard(client, 'tk_1')?.preview).toBe('new words')
  expect(knownCard(client, 'tk_2')).toBeUndefined()
})

it('does not make a list fresh that must be asked again', async () => {
  const client = new QueryClient()
  client.setQueryData(list, pages(aCard()), { updatedAt: 1000 })
  await client.invalidateQueries({ queryKey: ticketKeys.lists })
  upsertCard(client, aCard({ revision: 2 }))
  upsertCard(client, aCard({ id: 'tk_other' }))
  expect(client.getQueryState(list)).toMatchObject({ isInvalidated: true, dataUpdatedAt: 1000 })
})

it('does not let an answer that was on its way undo what an event brought meanwhile', () => {
  const known = aCard({ revision: 5, state: 'resolved' })
  const answered = pages(aCard({ revision: 4, state: 'open' }), aCard({ id: 'tk_2' }))
  const kept = keepNewerCards(pages(known), answered) as typeof answered
  expect(kept.pages[0]?.items.map(card => [card.id, card.state])).toEqual([
    ['tk_1', 'resolved'],
    ['tk_2', 'open'],
  ])
})

it('leaves alone what an answer says again, and keeps what came before its page as it was', () => {
  const [first, second] = [pages(aCard(), aCard({ id: 'tk_2' })), aCard({ id: 'tk_3' })]
  const more = { pages: [...first.pages, { items: [second], next: null, head: 0 }], pageParams: [null, 'c'] }
  const grown = keepNewerCards(first, more) as typeof more
  expect(grown.pages[0]).toBe(first.pages[0])
  const again = keepNewerCards(first, pages(aCard({ id: 'tk_9' }), aCard())) as typeof first
  expect(again.pages[0]?.items[1]).toBe(first.pages[0]?.items[0])
})

it('looks into no page that was here before, however many there are', () => {
  const page = (i: number) => ({ items: [aCard({ id: `tk_${i}`, revision: 5 })], next: `c${i}`, head: 0 })
  let read = 0
  const counted = (one: ReturnType<typeof page>) =>
    new Proxy(one, {
      get(of, name) {
        if (name === 'items') read++
        return Reflect.get(of, name)
      },
    })
  let known = { pages: Array.from({ length: 9 }, (_, i) => page(i)), pageParams: [null] }
  const grow = (...more: ReturnType<typeof page>[]) => {
    const answered = { pages: [...known.pages, ...more], pageParams: known.pageParams }
    known = keepNewerCards(known, answered) as typeof known
  }
  grow(page(9))
  known.pages.splice(0, known.pages.length, ...known.pages.map(counted))
  const before = [...known.pages]
  // The one that moved there meanwhile is as new as on its first page.
  const moved = { ...page(10), items: [aCard({ id: 'tk_3', revision: 4 }), aCard({ id: 'tk_10' })] }
  grow(moved)
  expect(read).toBe(0)
  expect(known.pages.slice(0, -1)).toEqual(before)
  expect(known.pages.at(-1)?.items.map(card => card.revision)).toEqual([5, 1])
})

it('knows what an event brought when the next page comes', () => {
  const client = new QueryClient()
  const page = (i: number) => ({ items: [aCard({ id: `tk_${i}` })], next: `c${i}`, head: 0 })
  const all = (count: number) => ({ pages: Array.from({ length: count }, (_, i) => page(i)), pageParams: [] })
  client.setQueryDefaults(list, { structuralSharing: keepNewerCards })
  client.setQueryData(list, all(4))
  client.setQueryData(list, all(5))
  upsertCard(client, aCard({ id: 'tk_0', revision: 9 }))
  client.setQueryData(list, (known: ReturnType<typeof all> | undefined) => ({
    pages: [...(known?.pages ?? []), { ...page(5), items: [aCard({ id: 'tk_0', revision: 8 })] }],
    pageParams: [],
  }))
  expect(knownCard(client, 'tk_0')?.revision).toBe(9)
  expect(client.getQueryData<ReturnType<typeof all>>(list)?.pages.at(-1)?.items[0]?.revision).toBe(9)
})

describe('the first page of a long list, asked again', () => {
  const page = (ids: string) => ({ items: [...ids].map(id => aCard({ id })), next: 'n', head: 0 })
  const long = { pages: [page('abcd'), page('efgh'), page('ijkl')], pageParams: [null, '1', '2'] }
  it.each([
    ['says the same', 'abcd', 'abcd efgh ijkl'],
    ['has newcomers, which push others over its edge', 'xaby', 'xabycd efgh ijkl'],
    ['has nothing but newcomers', 'wxyz', 'wxyzabcd efgh ijkl'],
    ['lost some, and the next ones rose', 'adef', 'adef efgh ijkl'],
    ['lost one and gained one', 'xacd', 'xacd efgh ijkl'],
  ])('%s', (_, answered, expected) => {
    const { pages } = withFirstPage(long, page(answered))
    expect(pages.map(one => one.items.map(card => card.id).join('')).join(' ')).toBe(expected)
  })
})

it('shortens long lists to their first page, and leaves short ones', () => {
  const client = new QueryClient()
  const short = [...ticketKeys.lists, 'late', {}]
  const scrolled = (count: number) => ({
    pages: Array.from({ length: count }, (_, i) => ({
      items: [aCard({ id: `tk_${i}` })],
      next: `c${i}`,
      head: 0,
    })),
    pageParams: Array.from({ length: count }, (_, i) => (i === 0 ? null : `c${i - 1}`)),
  })
  client.setQueryData(list, scrolled(9))
  client.setQueryData(short, scrolled(3))
  shortenLists(client)
  expect(client.getQueryData(list)).toEqual(scrolled(1))
  expect(client.getQueryData(short)).toEqual(scrolled(3))
})

it('keeps the facts that came by event while the ticket was on its way', () => {
  const fact = (seq: number) => ({
    seq,
    at: '2026-03-04T10:00:00Z',
    type: 'ticket.moved',
    agent_id: null,
    fact: {},
  })
  const ticket = (revision: number, ...seqs: number[]) => ({
    pages: [
      {
        card: aCard({ revision }),
        messages: [],
        notes: [],
        facts: seqs.map(fact),
        earlier: false,
        follows: null,
        followed_by: [],
      },
    ],
    pageParams: [null],
  })
  const kept = keepNewerTicket(ticket(5, 1, 2, 3), ticket(4, 1, 2)) as ReturnType<typeof ticket>
  expect(kept.pages[0]?.card.revision).toBe(5)
  expect(kept.pages[0]?.facts.map(one => one.seq)).toEqual([1, 2, 3])
})
