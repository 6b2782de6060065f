import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  RouterProvider,
  useParams,
  useSearch,
} from '@tanstack/react-router'
import { act, fireEvent, screen, waitFor } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { InboxSearch } from '@/domain/inbox-address'
import { listenForKeys } from '@/shared/lib/keys'
import { aCard, aSession } from '@/shared/testing/given'
import { show, testClient } from '@/shared/testing/show'
import { inboxEvents } from './inbox-events'
import { InboxList, stepFrom } from './inbox-list'

let served: ReturnType<typeof aCard>[] = []
let stop = () => {}

beforeEach(() => {
  // There is no layout here: the list is told that it is as high as a screen.
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(900)
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(360)
  served = ['a', 'b', 'c'].map((letter, i) =>
    aCard({
      id: `tk_${letter}`,
      number: i + 1,
      customer: { id: letter, name: letter.toUpperCase(), handle: letter, avatar_url: null },
    }),
  )
  vi.stubGlobal('fetch', () =>
    Promise.resolve(
      new Response(JSON.stringify({ items: served, next: null, head: 1 }), {
        headers: { 'content-type': 'application/json' },
      }),
    ),
  )
  stop = listenForKeys()
})
afterEach(() => {
  stop()
  vi.unstubAllGlobals()
})

async function open(at = '/inbox/all_open') {
  const client = testClient()
  client.setQueryData(['session'], aSession())
  for (const table of ['agents', 'brands', 'accounts', 'networks', 'labels']) client.setQueryData([table], [])
  const root = createRootRoute({ component: Outlet })
  const list = createRoute({
    getParentRoute: () => root,
    path: '/inbox/$view',
    component: () => {
      const { ticketId = null } = useParams({ strict: false })
      const search = useSearch({ strict: false })
      return <InboxList view="all_open" search={search as InboxSearch} openId={ticketId} mine={new Set()} />
    },
  })
  const one = createRoute({ getParentRoute: () => list, path: '/$ticketId' })
  const router = createRouter({
    routeTree: root.addChildren([list.addChildren([one])]),
    history: createMemoryHistory({ initialEntries: [at] }),
  })
  // biome-ignore lint/suspicious/noExplicitAny: this small router is not the registered one
  show(<RouterProvider router={router as any} />, { client })
  await waitFor(() => expect(names()).toEqual(['A', 'B', 'C']))
  return { client, router }
}
const names = () =>
  [...document.querySelectorAll('[data-ticket] bdi:first-child')]
    .map(one => one.textContent)
    .filter(text => text?.length === 1)
const happen = (client: Awaited<ReturnType<typeof open>>['client'], card: ReturnType<typeof aCard>) =>
  act(() =>
    inboxEvents(client)([
      {
        seq: 9,
        at: card.last_message_at,
        type: 'message.received',
        agent_id: null,
        brand_id: card.brand_id,
        ticket_id: card.id,
        fact: { type: 'note.added', brand_id: card.brand_id, ticket_id: card.id, note_id: 'nt_1' },
        card,
        trace: null,
      },
    ]),
  )

describe('the list', () => {
  it('takes new tickets in at once while nobody reads', async () => {
    const { client } = await open()
    const card = aCard({ id: 'tk_x', customer: { id: 'x', name: 'X', handle: 'x', avatar_url: null } })
    served = [card, ...served]
    happen(client, card)
    await waitFor(() => expect(names()).toEqual(['X', 'A', 'B', 'C']))
  })

  it('lets them wait behind a pill while the pointer is on it, and shows them when asked', async () => {
    const { client } = await open()
    fireEvent.pointerOver(screen.getAllByRole('region')[0] as HTMLElement)
    const card = aCard({ id: 'tk_x', customer: { id: 'x', name: 'X', handle: 'x', avatar_url: null } })
    served = [card, ...served]
    happen(client, card)
    fireEvent.click(await screen.findByRole('button', { name: /1 new/ }))
    expect(names()).toEqual(['X', 'A', 'B', 'C'])
  })

  it('shows a card’s new words in its place', async () => {
    const { client } = await open()
    const card = aCard({ ...(served[1] as ReturnType<typeof aCard>), revision: 2, preview: 'it works again' })
    served = [served[0], card, served[2]] as typeof served
    happen(client, card)
    await screen.findByText('it works again')
    expect(names()).toEqual(['A', 'B', 'C'])
  })

  it('is walked and opened by keys alone', async () => {
    const { router } = await open()
    fireEvent.keyDown(document.body, { key: 'j' })
    await waitFor(() => expect(document.activeElement?.getAttribute('data-ticket')).toBe('tk_a'))
    fireEvent.keyDown(document.body, { key: 'j' })
    fireEvent.keyDown(document.body, { key: 'k' })
    fireEvent.keyDown(document.body, { key: 'j' })
    expect(document.activeElement?.getAttribute('data-ticket')).toBe('tk_b')
    fireEvent.keyDown(document.body, { key: 'Enter' })
    await waitFor(() => expect(router.state.location.pathname).toBe('/inbox/all_open/tk_b'))
  })
})

describe('another filter', () => {
  const told = () => document.querySelector('.virtual-rows')?.getAttribute('aria-busy')
  it('leaves the rows until it is answered, then begins at its top', async () => {
    const { router } = await open()
    const first = served
    served = [first[2] as ReturnType<typeof aCard>]
    let answer = () => {}
    const asked = new Promise<void>(done => {
      answer = done
    })
    const answering = fetch
    vi.stubGlobal('fetch', async (...request: Parameters<typeof fetch>) => {
      await asked
      return answering(...request)
    })
    await act(() => router.navigate({ to: '/inbox/all_open', search: { label: ['refund'] } } as never))
    expect(names()).toEqual(['A', 'B', 'C'])
    expect(told()).toBe('true')
    answer()
    await waitFor(() => expect(names()).toEqual(['C']))
    expect(told()).toBe('false')
  })
})

describe('a step', () => {
  it.each([
    [{ at: 1, place: 1, step: 1, of: 3 } as const, 2],
    [{ at: 2, place: 2, step: 1, of: 3 } as const, 2],
    [{ at: 0, place: 0, step: -1, of: 3 } as const, 0],
    [{ at: -1, place: -1, step: 1, of: 3 } as const, 0],
    [{ at: -1, place: 1, step: 1, of: 2 } as const, 1],
    [{ at: -1, place: 1, step: -1, of: 2 } as const, 0],
    [{ at: -1, place: 2, step: 1, of: 2 } as const, 1],
  ])('%j leads to %d', (from, to) => {
    expect(stepFrom(from)).toBe(to)
  })
})
