/** The thread as lines in the order they happened: posts, notes, replies on their way, facts; what matters less is folded. Pure. */
import type { FactView, MessageView, NoteView, ReplyView, TicketView } from '@/shared/api/views'

export type Line =
  | { kind: 'post'; key: string; at: number; message: MessageView }
  | { kind: 'others'; key: string; at: number; messages: MessageView[] }
  | { kind: 'note'; key: string; at: number; note: NoteView }
  | { kind: 'reply'; key: string; at: number; reply: ReplyView }
  | { kind: 'facts'; key: string; at: number; facts: FactView[]; folded: number }

/** More posts of others in a row than this are folded. */
export const MOST_OTHERS = 3
/** Of more facts in a row than one above this only the last ones are shown. */
export const MOST_FACTS = 4

/** What the thread itself already says needs no line of its own. */
const SAID_ELSEWHERE = new Set([
  'message.received',
  'message.edited',
  'message.vanished',
  'ticket.answered_outside',
  'ticket.context_added',
  'note.added',
  'reply.queued',
  'reply.sending',
  'reply.sent',
  'reply.delayed',
  'reply.unsure',
  'reply.failed',
  'timer.started',
  'timer.changed',
  'timer.cancelled',
  'promise.message_joined',
])

/** A reply stands in the thread as what it is until it is a post there, or was taken back. */
export function underWay(replies: readonly ReplyView[], messages: readonly MessageView[]): ReplyView[] {
  const posts = new Set(messages.map(one => one.id))
  const sentAs = new Set(messages.map(one => one.reply_id))
  return replies.filter(
    reply =>
      reply.state !== 'cancelled' &&
      !sentAs.has(reply.id) &&
      !(reply.state === 'sent' && (reply.message_id === null || posts.has(reply.message_id))),
  )
}

const time = (at: string) => Date.parse(at)

function join(lines: Line[]): Line[] {
  const joined: Line[] = []
  for (const line of lines) {
    const before = joined.at(-1)
    if (line.kind === 'facts' && before?.kind === 'facts') before.facts.push(...line.facts)
    else if (line.kind === 'others' && before?.kind === 'others') before.messages.push(...line.messages)
    else joined.push(line.kind === 'facts' ? { ...line, facts: [...line.facts] } : line)
  }
  return joined
}

/** The lines of a ticket, oldest first. */
export function threadLines(ticket: TicketView, replies: readonly ReplyView[]): Line[] {
  const lines: Line[] = [
    ...ticket.messages.map((message): Line => {
      const at = time(message.posted_at)
      return message.kind === 'other'
        ? { kind: 'others', key: message.id, at, messages: [message] }
        : { kind: 'post', key: message.id, at, message }
    }),
    ...ticket.notes.map((note): Line => ({ kind: 'note', key: note.id, at: time(note.created_at), note })),
    ...ticket.facts
      .filter(fact => !SAID_ELSEWHERE.has(fact.type))
      .map(
        (fact): Line => ({
          kind: 'facts',
          key: `fact ${fact.seq}`,
          at: time(fact.at),
          facts: [fact],
          folded: 0,
        }),
      ),
  ]
  const oldest = ticket.messages[0]
  const shown = ticket.earlier && oldest ? lines.filter(line => line.at >= time(oldest.posted_at)) : lines
  const inOrder = shown.sort((a, b) => a.at - b.at || a.key.localeCompare(b.key))
  // What is on its way stands at the end, in the order it leaves, whatever the clocks of the networks say.
  const leaving = underWay(replies, ticket.messages).map(
    (reply): Line => ({ kind: 'reply', key: reply.id, at: time(reply.created_at), reply }),
  )
  return [...join(inOrder), ...leaving].map(line =>
    line.kind === 'facts' && line.facts.length > MOST_FACTS + 1
      ? { ...line, folded: line.facts.length - MOST_FACTS }
      : line,
  )
}

/** Whether a post is the customer's and nobody has answered it. */
export function waits(one: MessageView): boolean {
  return one.kind === 'customer' && one.answered_at === null && one.vanished_at === null
}

/** The oldest post of the customer that waits for an answer. */
export function firstUnanswered(messages: readonly MessageView[]): MessageView | undefined {
  return messages.find(waits)
}

/** The newest post of this ticket by its id, which grows with time: what "seen" means to the server. */
export function newestId(messages: readonly MessageView[], ticketId: string): string | null {
  return messages
    .filter(one => one.ticket_id === ticketId)
    .reduce<string | null>((newest, one) => (newest === null || one.id > newest ? one.id : newest), null)
}
