import { fireEvent, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { keys } from '@/shared/lib/keys'
import { aBrand, aCard, aMessage, aNetwork, anAccount, aReply, aSession } from '@/shared/testing/given'
import { show, testClient } from '@/shared/testing/show'
import { Composer } from './composer'

interface Asked {
  method: string
  path: string
  key: string | null
  keepalive: boolean
  body: Record<string, unknown> | null
}

let asked: Asked[] = []
let onReply: () => Response = () => new Response()
let ticket = 0
let kept: unknown = null
let unsent: unknown[] = []
let listens = false
let answerable: unknown = null

const json = (body: unknown, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })

beforeEach(() => {
  asked = []
  // What is written outlives a composer on purpose; each test writes on a ticket of its own.
  ticket++
  kept = null
  unsent = []
  listens = false
  answerable = null
  onReply = () => json(aReply({ ticket_id: `tk_${ticket}` }), 201)
  vi.stubGlobal('fetch', async (request: Request) => {
    const path = new URL(request.url).pathname
    const text = await request.text()
    asked.push({
      method: request.method,
      path,
      key: request.headers.get('idempotency-key'),
      keepalive: request.keepalive,
      body: text ? (JSON.parse(text) as Record<string, unknown>) : null,
    })
    if (path.endsWith('/replies') && request.method === 'POST') return onReply()
    if (path.endsWith('/notes')) return json({ id: 'nt_1' }, 201)
    if (path.endsWith('/draft'))
      return request.method === 'DELETE' ? new Response(null, { status: 204 }) : json(kept)
    if (path.endsWith('/pictures')) return json(unsent)
    return json(null)
  })
})
afterEach(() => {
  vi.unstubAllGlobals()
})

async function compose(
  some: Partial<ReturnType<typeof aCard>> = {},
  me: Parameters<typeof aSession>[0] = {},
  loaded = true,
) {
  const client = testClient()
  const card = aCard({ id: `tk_${ticket}`, ...some })
  client.setQueryData(['session'], aSession(me))
  client.setQueryData(['accounts'], [anAccount()])
  client.setQueryData(['brands'], [aBrand()])
  client.setQueryData(['networks'], [aNetwork()])
  client.setQueryData(['ticket', card.id, 'options'], {
    account_id: 'ac_1',
    listens_only: listens,
    newest_message_id: 'ms_1',
    lanes: [
      {
        lane: 'public',
        allowed: answerable === null || (answerable as { how: string }).how === 'yes',
        why_not: null,
        answerable,
        parent_id: 'ms_1',
        to_handle: 'bea@social.example',
        prefix: '@bea@social.example',
        visibilities: ['public', 'unlisted'],
        content_warning: null,
      },
      {
        lane: 'private',
        allowed: false,
        why_not: 'not_on_this_network',
        answerable: null,
        parent_id: null,
        to_handle: null,
        prefix: '',
        visibilities: [],
        content_warning: null,
      },
    ],
  })
  const sent: unknown[] = []
  const composer = (newest: string | undefined) => (
    <Composer card={card} seen={newest} onSent={then => sent.push(then)} />
  )
  const { rerender } = show(composer(loaded ? 'ms_1' : undefined), { client })
  const see = (newest: string) => rerender(composer(newest))
  const field = await screen.findByRole('textbox', { name: listens ? 'Note' : 'Public reply' })
  return { field, sent, card, see, user: userEvent.setup() }
}
const posts = (end: string) => asked.filter(one => one.method === 'POST' && one.path.endsWith(end))

it('says before the first key as whom, where and how widely one speaks', async () => {
  await compose()
  expect(document.querySelector('.composer-as > span:last-child')?.textContent).toBe(
    'Reply as @acme_help@social.example on Carrier pigeon, public',
  )
})

it('shows a text that is too long part by part, and sends it so only then', async () => {
  const { field, user, sent } = await compose()
  const long = Array.from(
    { length: 12 },
    (_, n) => `Sentence ${n} of a long answer, with many words in it.`,
  ).join(' ')
  fireEvent.change(field, { target: { value: long } })
  const split = await screen.findByRole('button', { name: 'Split into 2 parts' })
  expect(screen.queryByRole('list')).toBeNull()
  field.focus()
  await user.keyboard('{Control>}{Enter}{/Control}')
  expect(split.getAttribute('aria-expanded')).toBe('true')
  const shown = screen.getAllByRole('listitem').map(one => one.textContent ?? '')
  expect(shown).toHaveLength(2)
  expect(shown[0]).toMatch(/^@bea@social\.example Sentence 0 .* 1\/2\d+ of 500$/)
  expect(shown[1]).toMatch(/^@bea@social\.example Sentence .* 2\/2\d+ of 500$/)
  expect(posts('/replies')).toEqual([])
  await user.click(screen.getByRole('button', { name: 'Send 2 parts' }))
  await waitFor(() => expect(sent).toEqual([null]))
  expect(posts('/replies')[0]?.body).toMatchObject({ text: long, split: true })
})

describe('sending', () => {
  it('sends what was seen under the draft’s key, and clears the field', async () => {
    const { field, user, sent } = await compose()
    await user.type(field, 'We are on it.')
    await user.keyboard('{Control>}{Enter}{/Control}')
    await waitFor(() => expect(sent).toEqual([null]))
    expect(posts('/replies')[0]?.body).toMatchObject({
      text: 'We are on it.',
      lane: 'public',
      parent_id: 'ms_1',
      seen: 'ms_1',
      confirmed: false,
    })
    expect(posts('/replies')[0]?.key).toMatch(/^[0-9a-f]{32}$/)
    expect((field as HTMLTextAreaElement).value).toBe('')
  })

  it('uses the same key again when no answer came, so that it goes out once', async () => {
    const { field, user, sent } = await compose()
    onReply = () => {
      throw new TypeError('Failed to fetch')
    }
    await user.type(field, 'We are on it.')
    fireEvent.click(screen.getByRole('button', { name: 'Send' }))
    await waitFor(() => expect(posts('/replies')).toHaveLength(1))
    onReply = () => json(aReply({ ticket_id: `tk_${ticket}` }), 201)
    await waitFor(() =>
      expect(screen.getByRole('button', { name: 'Send' }).getAttribute('aria-busy')).toBeNull(),
    )
    expect((field as HTMLTextAreaElement).value).toBe('We are on it.')
    fireEvent.click(screen.getByRole('button', { name: 'Send' }))
    await waitFor(() => expect(sent).toEqual([null]))
    const [first, second] = posts('/replies')
    expect(first?.key).toBe(second?.key)
  })

  it('shows what is new before anything is sent, and sends anyway only when told so', async () => {
    const { field, user, sent } = await compose()
    onReply = () =>
      json(
        { code: 'already_answered', newer: [aMessage({ id: 'ms_2', text: 'It works again!' })], others: [] },
        409,
      )
    await user.type(field, 'We are on it.')
    fireEvent.click(screen.getByRole('button', { name: 'Send' }))
    await screen.findByText('It works again!')
    expect(sent).toEqual([])
    onReply = () => json(aReply({ ticket_id: `tk_${ticket}` }), 201)
    fireEvent.click(screen.getByRole('button', { name: 'Send anyway' }))
    await waitFor(() => expect(sent).toEqual([null]))
    expect(posts('/replies')[1]?.body).toMatchObject({ confirmed: true, seen: 'ms_2' })
  })

  it('waits for the conversation: words are kept, it is said why, and nothing goes out by itself', async () => {
    const { field, user, sent, see } = await compose({}, {}, false)
    await user.type(field, 'We are on it.')
    await user.keyboard('{Control>}{Enter}{/Control}')
    expect(screen.getByText(/^Not sent yet/).getAttribute('role')).toBe('status')
    await user.click(screen.getByRole('button', { name: 'Send' }))
    see('ms_7')
    expect(screen.getByText(/^The conversation is here now/).getAttribute('role')).toBe('status')
    expect((field as HTMLTextAreaElement).value).toBe('We are on it.')
    expect(posts('/replies')).toEqual([])
    await user.click(screen.getByRole('button', { name: 'Send' }))
    await waitFor(() => expect(sent).toEqual([null]))
    expect(posts('/replies')[0]?.body).toMatchObject({ text: 'We are on it.', seen: 'ms_7' })
    expect(screen.queryByText(/^The conversation is here now/)).toBeNull()
  })

  it('lets a note be added before the conversation is there', async () => {
    const { user, sent } = await compose({}, {}, false)
    await user.click(screen.getByRole('tab', { name: 'Note' }))
    await user.type(screen.getByRole('textbox', { name: 'Note' }), 'She is a VIP')
    await user.keyboard('{Control>}{Enter}{/Control}')
    await waitFor(() => expect(sent).toEqual([null]))
  })

  it('does not send what the network would not take', async () => {
    const { field } = await compose()
    fireEvent.change(field, { target: { value: 'x'.repeat(496) } })
    expect(screen.getByText('1 character too many')).toBeTruthy()
    expect(screen.getByRole('button', { name: 'Send' })).toHaveProperty('disabled', true)
    fireEvent.keyDown(field, { key: 'Enter', ctrlKey: true })
    expect(posts('/replies')).toHaveLength(0)
  })
})

describe('lanes', () => {
  it('keep their own words: a note never stands in the public field', async () => {
    const { field, user, sent } = await compose()
    await user.type(field, 'Public words')
    fireEvent.click(screen.getByRole('tab', { name: 'Note' }))
    const note = screen.getByRole('textbox', { name: 'Note' }) as HTMLTextAreaElement
    expect(note.value).toBe('')
    await user.type(note, 'She is a VIP')
    fireEvent.click(screen.getByRole('tab', { name: 'Public' }))
    expect((screen.getByRole('textbox', { name: 'Public reply' }) as HTMLTextAreaElement).value).toBe(
      'Public words',
    )
    fireEvent.click(screen.getByRole('tab', { name: 'Note' }))
    fireEvent.click(screen.getByRole('button', { name: 'Add note' }))
    await waitFor(() => expect(sent).toEqual([null]))
    expect(posts('/notes')[0]?.body).toEqual({ text: 'She is a VIP' })
    expect(posts('/replies')).toHaveLength(0)
  })

  it('say why nothing can be sent, in the place of the button', async () => {
    await compose()
    fireEvent.click(screen.getByRole('tab', { name: 'Private' }))
    expect(screen.getByText('This network has no such messages.')).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'Send' })).toBeNull()
  })
})

describe('what the network allows is said before the first key', () => {
  const url = 'https://social.example/@bea/1'

  it('no warning where the network knows none', async () => {
    await compose()
    expect(screen.queryByRole('button', { name: 'Add a content warning' })).toBeNull()
  })

  it('notes beside a yes', async () => {
    answerable = { how: 'yes', why: null, until: null, url: null, notes: ['answer.vanished'] }
    await compose()
    expect(screen.getByText(/The post is gone from the network/)).toBeTruthy()
    expect(screen.getByRole('button', { name: 'Send' })).toBeTruthy()
  })

  it('the way to the post where only a person can answer', async () => {
    answerable = { how: 'by_hand', why: 'answer.vanished', until: null, url, notes: [] }
    await compose()
    expect(screen.getByRole('link', { name: /Answer on the network/ }).getAttribute('href')).toBe(url)
    expect(screen.queryByRole('button', { name: 'Send' })).toBeNull()
  })

  it('and nothing but notes where we only listen', async () => {
    listens = true
    answerable = { how: 'by_hand', why: 'answer.only_listens', until: null, url, notes: [] }
    const { field, user } = await compose()
    expect(screen.getAllByRole('tab').map(one => one.textContent)).toEqual(['Note'])
    expect(screen.getByText(/We only listen on this network/)).toBeTruthy()
    await user.type(field, 'Told Bea by phone')
    fireEvent.click(screen.getByRole('button', { name: 'Add note' }))
    await waitFor(() => expect(posts('/notes')[0]?.body).toEqual({ text: 'Told Bea by phone' }))
  })
})

it('saves the draft with its lane and key', async () => {
  const { field, user } = await compose()
  await user.type(field, 'Half a thought')
  const put = () => asked.findLast(one => one.method === 'PUT')?.body
  await waitFor(() => expect(put()).toMatchObject({ lane: 'public', text: 'Half a thought' }), {
    timeout: 8000,
  })
  await screen.findByText('Draft saved')
})

it('saves at once what is written when the page goes, once, and nothing that nobody touched', async () => {
  const { field } = await compose()
  const writes = () => asked.filter(one => one.path.endsWith('/draft') && one.method !== 'GET')
  window.dispatchEvent(new Event('pagehide'))
  expect(writes()).toEqual([])
  fireEvent.change(field, { target: { value: 'Half a thought' } })
  window.dispatchEvent(new Event('pagehide'))
  window.dispatchEvent(new Event('pagehide'))
  await screen.findByText('Draft saved')
  expect(writes()).toMatchObject([{ method: 'PUT', keepalive: true, body: { text: 'Half a thought' } }])
})

it('leaves the field when the ticket is done with the reply, and comes back to it when that is refused', async () => {
  const { field, sent } = await compose()
  let refuse = true
  onReply = () => (refuse ? json({ code: 'server', status: 500 }, 500) : json(aReply(), 201))
  fireEvent.change(field, { target: { value: 'Done' } })
  for (const expected of [[], ['resolve']]) {
    field.focus()
    fireEvent.keyDown(field, { key: 'Enter', ctrlKey: true, shiftKey: true })
    expect(document.activeElement).not.toBe(field)
    if (refuse) await waitFor(() => expect(document.activeElement).toBe(field))
    await waitFor(() => expect(sent).toEqual(expected))
    refuse = false
  }
  expect(document.activeElement).not.toBe(field)
  expect(posts('/replies')).toHaveLength(2)
})

it('goes on with a draft from another tab: its lane, words, key and pictures', async () => {
  const picture = { id: 'pc_1', filename: 'map.png', media_type: 'image/png', alt: 'a map', size: 9 }
  unsent = [picture, { ...picture, id: 'pc_2', alt: 'of another draft' }]
  kept = {
    ticket_id: `tk_${ticket}`,
    text: 'Look at the map',
    lane: 'public',
    content_warning: null,
    visibility: 'unlisted',
    parent_id: null,
    picture_ids: ['pc_1'],
    key: 'key-of-the-other-tab',
    saved_at: '2026-03-04T10:00:00Z',
  }
  const { field, sent } = await compose()
  const area = field as HTMLTextAreaElement
  expect(area.value).toBe('Look at the map')
  // A browser puts the cursor of such a text at its beginning; who replies goes on at the end.
  area.setSelectionRange(0, 0)
  keys.handle(new KeyboardEvent('keydown', { key: 'r' }))
  await waitFor(() => expect(area.selectionStart).toBe(area.value.length))
  expect(screen.getByRole('img', { name: 'a map' })).toBeTruthy()
  fireEvent.click(screen.getByRole('button', { name: 'Send' }))
  await waitFor(() => expect(sent).toEqual([null]))
  expect(posts('/replies')[0]).toMatchObject({
    key: 'key-of-the-other-tab',
    body: { picture_ids: ['pc_1'], visibility: 'unlisted' },
  })
})

it('signs what is said in public, and counts the signature', async () => {
  const { field, user, sent } = await compose({}, { signature: '^AL' })
  await user.type(field, 'We are on it.')
  fireEvent.click(screen.getByRole('button', { name: 'Send' }))
  await waitFor(() => expect(sent).toEqual([null]))
  expect(posts('/replies')[0]?.body).toMatchObject({ text: 'We are on it. ^AL' })
})
