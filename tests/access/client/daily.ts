/** What another system does every day, by a client that was generated from the description: list, open, note, reply, follow; bring; import and export. */
import { createClient } from './made/client'
import {
  addMessage,
  addNote,
  createExport,
  createImport,
  editMessage,
  getJob,
  getJobFile,
  getTicket,
  type JobView,
  listEvents,
  listRefusals,
  listTickets,
  openTicket,
  savePiece,
  sendReply,
  startImport,
  type TicketCard,
} from './made'

declare const process: { env: Record<string, string | undefined> }

const client = createClient({ baseUrl: process.env.DESK ?? '', auth: () => process.env.KEY })
const all = { client, throwOnError: true } as const

async function asAnAgentDoes() {
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

/** A form opens a ticket, twice by the same name; what follows is added to it, and corrected. */
async function bring(brandId: string) {
  const wish = {
    brand_id: brandId,
    external_reference: 'WEB/117',
    customer: { reference: 'shop-88', name: 'Nora' },
    message: { text: 'Where is my parcel?', place: 'form' },
    labels: ['web'],
  }
  const first = await openTicket({ ...all, body: wish })
  const again = await openTicket({ ...all, body: wish })
  const path = { ticket_id: first.data.id }
  const { data: found } = await listTickets({ ...all, query: { external_reference: 'WEB/117' } })
  const said = { external_reference: 'mail-2', by: 'brand', text: 'Tomorow.' } as const
  const { data: message } = await addMessage({ ...all, path, body: said })
  const body = { external_reference: 'mail-2', text: 'Tomorrow.' }
  const { data: edited } = await editMessage({ ...all, path, body })
  return {
    again: again.response?.headers.get('idempotency-replayed'),
    found: found.items.map(one => one.id === again.data.id),
    message: [message.kind, message.text, edited.text, edited.versions.length],
  }
}

async function over(job: JobView): Promise<JobView> {
  while (job.state === 'queued' || job.state === 'running') {
    await new Promise(done => setTimeout(done, 50))
    job = (await getJob({ ...all, path: { job_id: job.id } })).data
  }
  return job
}

/** A file in two pieces, cut in the middle of a line, with one line that is refused. */
async function importAndExport(brandId: string) {
  const lines = [
    { kind: 'customer', reference: 'c1', name: 'Omar' },
    { kind: 'ticket', reference: 'OLD-1', customer: 'c1', opened_at: '2026-02-03T10:00:00Z' },
    { kind: 'ticket', reference: 'OLD-2', customer: 'nobody', opened_at: '2026-02-03T10:00:00Z' },
  ]
  const file = new Blob([lines.map(line => `${JSON.stringify(line)}\n`).join('')])
  const { data: begun } = await createImport({ ...all, body: { name: 'old.jsonl', brand_id: brandId } })
  const path = { job_id: begun.id }
  await savePiece({ ...all, path: { ...path, piece: 0 }, body: file.slice(0, 50) })
  await savePiece({ ...all, path: { ...path, piece: 1 }, body: file.slice(50) })
  const done = await over((await startImport({ ...all, path })).data)
  const { data: refused } = await listRefusals({ ...all, path })

  const { data: asked } = await createExport({ ...all, body: { brand_ids: [brandId] } })
  const written = await over(asked)
  const { data: packed } = await getJobFile({ ...all, path: { job_id: asked.id }, parseAs: 'blob' })
  const plain = (packed as Blob).stream().pipeThrough(new DecompressionStream('gzip'))
  const told = (await new Response(plain).text()).trimEnd().split('\n')
  return {
    imported: [done.state, done.fresh, done.refused],
    refused: refused.items.map(one => [one.line, one.place, one.code]),
    exported: [written.state, told.length === written.lines],
    references: told
      .map(line => JSON.parse(line))
      .filter(line => line.kind === 'ticket')
      .flatMap(line => line.references)
      .map(one => one.reference)
      .sort(),
  }
}

async function daily() {
  const { data: brands } = await listTickets({ ...all, query: { fields: ['brand_id'] } })
  const brandId = brands.items[0]?.brand_id ?? ''
  const work = await asAnAgentDoes()
  return { ...work, brought: await bring(brandId), moved: await importAndExport(brandId) }
}

daily().then(
  told => console.log(JSON.stringify(told)),
  problem => {
    console.log(JSON.stringify({ problem: String(problem?.detail ?? problem?.stack ?? problem) }))
  },
)
