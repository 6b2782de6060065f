import { describe, expect, it } from 'vitest'
import type { FactView, TicketView } from '@/shared/api/views'
import { aMessage, aReply, aTicket } from '@/shared/testing/given'
import { firstUnanswered, newestId, threadLines, underWay } from './thread-lines'

const at = (minute: number) => `2026-03-04T10:${String(minute).padStart(2, '0')}:00Z`
const fact = (seq: number, minute: number, type = 'ticket.moved'): FactView => ({
  seq,
  at: at(minute),
  type,
  agent_id: 'ag_ana',
  fact: { type },
})
const post = (id: string, minute: number, kind: 'customer' | 'brand' | 'other' = 'customer') =>
  aMessage({ id, kind, posted_at: at(minute) })

const kinds = (some: Partial<TicketView>, replies = [aReply({ state: 'cancelled' })]) =>
  threadLines(aTicket(some), replies).map(line => line.kind)

it('tells everything in the order it happened', () => {
  expect(
    kinds({
      messages: [post('ms_1', 0), post('ms_2', 5, 'brand')],
      notes: [{ id: 'nt_1', ticket_id: 'tk_1', agent_id: 'ag_ana', text: 'known fault', created_at: at(3) }],
      facts: [fact(9, 4), fact(12, 6)],
    }),
  ).toEqual(['post', 'note', 'facts', 'post', 'facts'])
})

it('joins neighbouring facts and folds all but the last four', () => {
  const [line] = threadLines(aTicket({ facts: [1, 2, 3, 4, 5, 6, 7].map(n => fact(n, n)) }), [])
  expect(line).toMatchObject({ kind: 'facts', folded: 3 })
})

it('does not repeat as a fact what the thread shows as a post', () => {
  expect(
    kinds({ messages: [post('ms_1', 1)], facts: [fact(1, 1, 'message.received'), fact(2, 1, 'reply.sent')] }),
  ).toEqual(['post'])
})

it('gathers the posts of others', () => {
  const lines = threadLines(
    aTicket({
      messages: [post('ms_1', 0), post('ms_2', 1, 'other'), post('ms_3', 2, 'other'), post('ms_4', 3)],
    }),
    [],
  )
  expect(lines.map(line => line.kind)).toEqual(['post', 'others', 'post'])
})

it('leaves out facts that are older than the oldest post shown while earlier ones are not loaded', () => {
  expect(kinds({ earlier: true, messages: [post('ms_5', 30)], facts: [fact(1, 2), fact(2, 31)] })).toEqual([
    'post',
    'facts',
  ])
})

describe('replies on their way', () => {
  it('stand at the end until they are posts', () => {
    const reply = aReply({ id: 'rp_1', state: 'sending', created_at: at(1) })
    expect(threadLines(aTicket({ messages: [post('ms_1', 5)] }), [reply]).map(line => line.key)).toEqual([
      'ms_1',
      'rp_1',
    ])
    const sent = aReply({ id: 'rp_1', state: 'sent', message_id: 'ms_2' })
    expect(underWay([sent], [post('ms_1', 5)])).toEqual([sent])
    expect(underWay([sent], [post('ms_2', 5, 'brand')])).toEqual([])
  })

  it('are never shown twice, even while the reply is older than the thread', () => {
    const message = aMessage({ id: 'ms_2', kind: 'brand', reply_id: 'rp_1' })
    expect(underWay([aReply({ state: 'sending' })], [message])).toEqual([])
  })
})

it('finds the first post that waits', () => {
  const answered = aMessage({ id: 'ms_1', answered_at: at(2) })
  const gone = aMessage({ id: 'ms_2', vanished_at: at(2), vanished_why: 'deleted' })
  expect(firstUnanswered([answered, gone, post('ms_3', 3), post('ms_4', 4)])?.id).toBe('ms_3')
})

it('counts only this ticket’s posts as seen', () => {
  expect(
    newestId([post('ms_1', 9), post('ms_3', 1), aMessage({ id: 'ms_9', ticket_id: null })], 'tk_1'),
  ).toBe('ms_3')
  expect(newestId([], 'tk_1')).toBeNull()
})
