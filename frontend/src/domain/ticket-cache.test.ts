import { QueryClient } from '@tanstack/react-query'
import { expect, it } from 'vitest'
import { aCard } from '@/shared/testing/given'
import { keepNewerCards, keepNewerTicket, knownCard, newer, ticketKeys, upsertCard } from './ticket-cache'

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
