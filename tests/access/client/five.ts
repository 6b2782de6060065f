/** What another system does every day, by a client that was generated from the description: list, open, note, reply, follow. */
import { createClient } from './made/client'
import { addNote, getTicket, listEvents, listTickets, sendReply, type TicketCard } from './made'

declare const process: { env: Record<string, string | undefined> }

const client = createClient({ baseUrl: process.env.DESK ?? '', auth: () => process.env.KEY })
const all = { client, throwOnError: true } as const

async function five() {
  const { data: page } = await listTickets({ ...all, query: { view: 'all_open', order: 'newest' } })
  const card = page.items[0] as TicketCard
  const { data: few } = await listTickets({ ...all, query: { fields: ['number'] } })

  const { data: opened } = await getTicket({ ...all, path: { ticket_id: card.id } })
  const seen = opened.messages.at(-1)?.id ?? null

  const quiet = await listEvents({ ...all, query: { after: page.head, wait: 1 } })
  const next = listEvents({ ...all, query: { after: quiet.data.reached, wait: 20, fields: ['seq', 'type'] } })
  const { data: note } = await addNote({
    ...all,
    path: { ticket_id: card.id },
    headers: { 'idempotency-key': 'a-note' },
    body: { text: 'The carrier knows.' },
  })
  const { data: heard } = await next

  const { data: reply } = await sendReply({
    ...all,
    path: { ticket_id: card.id },
    headers: { 'idempotency-key': 'a-reply' },
    body: { text: 'On its way.', lane: 'public', seen, undo_seconds: 0 },
  })
  const { error } = await getTicket({ client, path: { ticket_id: 'tk_none' } })
  return {
    number: card.number,
    few: few.items,
    note: note.text,
    reply: [reply.state, reply.agent_id],
    quiet: quiet.data.events.length,
    heard: heard.events.map(event => event.type),
    code: error?.code,
  }
}

five().then(
  told => console.log(JSON.stringify(told)),
  problem => {
    console.log(JSON.stringify({ problem: String(problem?.code ?? problem) }))
  },
)
