import { fireEvent, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, it, vi } from 'vitest'
import type { ReplyView } from '@/shared/api/views'
import { listenForKeys } from '@/shared/lib/keys'
import { aBrand, aCard, anAccount, aReply, aSession } from '@/shared/testing/given'
import { show, testClient } from '@/shared/testing/show'
import { Outgoing } from './outgoing'
import { getWritten, nothingWritten, setWritten } from './written'

afterEach(() => {
  vi.unstubAllGlobals()
})

it('says which part waits for which, and gives back all words that have not left', async () => {
  const part = (n: number, some: Partial<ReplyView>) =>
    aReply({
      id: `rp_${n}`,
      ticket_id: 'tk_parts',
      group_id: 'rp_1',
      part: n,
      parts: 3,
      text: `Words ${n}. `,
      ...some,
    })
  const replies = [
    part(1, { state: 'sent', due_at: null }),
    part(2, { state: 'failed', due_at: null }),
    part(3, { due_at: null }),
  ]
  const cancelled = replies.map(one => (one.part === 1 ? one : { ...one, state: 'cancelled', revision: 2 }))
  vi.stubGlobal('fetch', async (request: Request) => {
    const body = request.method === 'POST' ? cancelled[1] : cancelled
    return new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } })
  })
  const client = testClient()
  client.setQueryData(['session'], aSession())
  client.setQueryData(['accounts'], [anAccount()])
  client.setQueryData(['brands'], [aBrand()])
  client.setQueryData(['ticket', 'tk_parts', 'replies'], replies)
  const card = aCard({ id: 'tk_parts' })
  const both = replies.slice(1).map(one => <Outgoing key={one.id} reply={one} card={card} />)
  show(<div>{both}</div>, { client })
  expect((await screen.findByText('Waits for part 2')).closest('article')?.textContent).toContain(
    'Part 3 of 3',
  )
  await userEvent.click(screen.getByRole('button', { name: 'Edit' }))
  await waitFor(() => expect(getWritten('tk_parts')?.texts.public).toBe('Words 2. Words 3. '))
})

it('says that a reply waits for one in doubt before it, and that it leaves when that is decided', async () => {
  const past = '2020-01-01T00:00:00Z'
  const doubtful = aReply({ id: 'rp_1', ticket_id: 'tk_doubt', state: 'unsure', due_at: null })
  const next = aReply({ id: 'rp_2', ticket_id: 'tk_doubt', due_at: past })
  const client = testClient()
  client.setQueryData(['session'], aSession())
  client.setQueryData(['accounts'], [anAccount()])
  client.setQueryData(['brands'], [aBrand()])
  client.setQueryData(['ticket', 'tk_doubt', 'replies'], [doubtful, next])
  show(<Outgoing reply={next} card={aCard({ id: 'tk_doubt' })} />, { client })
  await screen.findByText('Waits until it is known whether the reply before it is out')
  client.setQueryData(['ticket', 'tk_doubt', 'replies'], [{ ...doubtful, state: 'sent' }, next])
  await screen.findByText('Leaves now')
})

it('is taken back by its key while nothing else is written, and only by who sent it', async () => {
  const mine = aReply({ id: 'rp_1', ticket_id: 'tk_undo', agent_id: aSession().me.id, text: 'Too soon' })
  const theirs = aReply({ id: 'rp_2', ticket_id: 'tk_undo', agent_id: 'ag_other' })
  const asked: string[] = []
  vi.stubGlobal('fetch', async (request: Request) => {
    if (request.method === 'POST') asked.push(new URL(request.url).pathname)
    const body = request.method === 'POST' ? { ...mine, state: 'cancelled', revision: 2 } : []
    return new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } })
  })
  const client = testClient()
  client.setQueryData(['session'], aSession())
  client.setQueryData(['accounts'], [anAccount()])
  client.setQueryData(['brands'], [aBrand()])
  client.setQueryData(['ticket', 'tk_undo', 'replies'], [mine, theirs])
  const stop = listenForKeys()
  const card = aCard({ id: 'tk_undo' })
  const both = [mine, theirs].map(one => <Outgoing key={one.id} reply={one} card={card} />)
  show(
    <>
      <input />
      <textarea className="composer-text" />
      {both}
    </>,
    { client },
  )
  const [search, field] = await screen.findAllByRole('textbox')
  const undo = (on: Element | undefined) => fireEvent.keyDown(on ?? document, { key: 'z', ctrlKey: true })
  setWritten('tk_undo', { ...nothingWritten('public'), texts: { public: 'Next', private: '', note: '' } })
  undo(field)
  setWritten('tk_undo', nothingWritten('public'))
  undo(search)
  expect(asked).toEqual([])
  undo(field)
  await waitFor(() => expect(getWritten('tk_undo')?.texts.public).toBe('Too soon'))
  expect(asked).toEqual(['/api/v1/replies/rp_1/cancel'])
  stop()
})
