import { expect, it } from 'vitest'
import { createApply, type Handlers, type Happening } from './apply'

type Fact = { type: 'ticket.opened'; number: number } | { type: 'note.added'; note_id: string }
type Event = Happening<Fact>

function recording() {
  const seen: string[] = []
  const handlers: Handlers<Event> = {
    'ticket.opened': fact => seen.push(`opened ${fact.number}`),
    'note.added': (fact, event) => seen.push(`note ${fact.note_id} at ${event.seq}`),
  }
  return { seen, handlers }
}

it('gives each fact to the handler of its type', () => {
  const { seen, handlers } = recording()
  const apply = createApply<Event>(handlers, 0)
  apply({ seq: 1, fact: { type: 'ticket.opened', number: 41 } })
  apply({ seq: 2, fact: { type: 'note.added', note_id: 'nt_1' } })
  expect(seen).toEqual(['opened 41', 'note nt_1 at 2'])
})

it('takes every seq once, and steps over what was not for us', () => {
  const { seen, handlers } = recording()
  const apply = createApply<Event>(handlers, 4)
  for (const seq of [4, 5, 5, 9, 7, 9, 10]) apply({ seq, fact: { type: 'ticket.opened', number: seq } })
  expect(seen).toEqual(['opened 5', 'opened 9', 'opened 10'])
})

it('lets a fact pass that this console does not know yet', () => {
  const { seen, handlers } = recording()
  const apply = createApply<Event>(handlers, 0)
  expect(apply({ seq: 1, fact: { type: 'ticket.teleported' } as unknown as Fact })).toBe(false)
  expect(apply({ seq: 2, fact: { type: 'ticket.opened', number: 2 } })).toBe(true)
  expect(seen).toEqual(['opened 2'])
})

it('starts over where the log does, even when that is earlier (another installation, a restored backup)', () => {
  const { seen, handlers } = recording()
  const apply = createApply<Event>(handlers, 500)
  apply.restart(7)
  apply({ seq: 8, fact: { type: 'ticket.opened', number: 8 } })
  expect(seen).toEqual(['opened 8'])
})

it('does not compile while a handler is missing', () => {
  // @ts-expect-error 'note.added' has no handler
  const missing: Handlers<Event> = { 'ticket.opened': () => undefined }
  expect(Object.keys(missing)).toHaveLength(1)
})
