import { readdirSync, readFileSync } from 'node:fs'
import { QueryClient } from '@tanstack/react-query'
import { describe, expect, it } from 'vitest'
import { knownCard, ticketKeys } from '@/domain/ticket-cache'
import type { DeskEvent, TicketCard } from '@/shared/api/views'
import { createApply } from '@/shared/live/apply'
import { createHandlers } from './handlers'

interface Transcript {
  before: { tickets: Record<string, TicketCard> }
  events: DeskEvent[]
  after: { tickets: Record<string, TicketCard> }
}

// Written by tests/machines/test_desk_machine.py: what a console would hear, and what must then be true.
const folder = '../tests/transcripts'
const transcripts = readdirSync(folder)
  .filter(name => name.endsWith('.json'))
  .map(name => ({ name, ...(JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')) as Transcript) }))

/** A console that shows these tickets in its list and has each of them open. */
function consoleWith(tickets: Record<string, TicketCard>): QueryClient {
  const client = new QueryClient()
  const cards = Object.values(tickets)
  client.setQueryData([...ticketKeys.lists, 'all_open', {}], {
    pages: [{ items: cards, next: null, head: 0 }],
    pageParams: [null],
  })
  for (const card of cards)
    client.setQueryData(ticketKeys.thread(card.id), {
      pages: [{ card, messages: [], notes: [], facts: [], earlier: false, follows: null, followed_by: [] }],
      pageParams: [null],
    })
  return client
}

const shown = (client: QueryClient, ids: string[]) =>
  Object.fromEntries(ids.map(id => [id, knownCard(client, id)]))

it('has transcripts to replay', () => {
  expect(transcripts.length).toBeGreaterThan(0)
  expect(transcripts.flatMap(one => one.events).length).toBeGreaterThan(10)
})

describe.each(transcripts)('$name', ({ before, events, after }) => {
  const ids = Object.keys(before.tickets)
  const expected = Object.fromEntries(ids.map(id => [id, after.tickets[id]]))

  it('state plus events is state', () => {
    const client = consoleWith(before.tickets)
    const { handlers, onAll, flush } = createHandlers(client)
    const apply = createApply<DeskEvent>(handlers, 0)
    for (const event of events) {
      apply(event)
      onAll([event])
    }
    flush()
    expect(shown(client, ids)).toEqual(expected)
  })

  it('and so it is when all of it comes in one frame', () => {
    const client = consoleWith(before.tickets)
    createHandlers(client).onAll(events)
    expect(shown(client, ids)).toEqual(expected)
  })

  it('whatever else arrives first: a card never goes back', () => {
    const client = consoleWith(before.tickets)
    const { onAll, flush } = createHandlers(client)
    for (const event of [...events.toReversed(), ...events]) onAll([event])
    flush()
    expect(shown(client, ids)).toEqual(expected)
  })

  it('asks for the tickets that it could not know', () => {
    const fresh = Object.keys(after.tickets).filter(id => !(id in before.tickets))
    const client = consoleWith(before.tickets)
    const { onAll } = createHandlers(client)
    onAll(events.filter(one => fresh.includes(one.ticket_id ?? '')))
    const list = client.getQueryState([...ticketKeys.lists, 'all_open', {}])
    expect(list?.isInvalidated).toBe(fresh.length > 0)
  })

  it('writes each fact of an open ticket into its history once, in order', () => {
    const client = consoleWith(before.tickets)
    const { handlers, onAll } = createHandlers(client)
    const apply = createApply<DeskEvent>(handlers, 0)
    for (const event of [...events, ...events]) apply(event)
    onAll(events)
    onAll(events)
    for (const id of ids) {
      const thread = client.getQueryData<{ pages: [{ facts: { seq: number }[] }] }>(ticketKeys.thread(id))
      expect(thread?.pages[0].facts.map(one => one.seq)).toEqual(
        events.filter(one => one.ticket_id === id).map(one => one.seq),
      )
    }
  })
})
