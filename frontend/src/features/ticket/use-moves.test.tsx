import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { act, renderHook, waitFor } from '@testing-library/react'
import { createElement, type ReactNode } from 'react'
import { IntlProvider } from 'use-intl'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { knownCard, ticketKeys } from '@/domain/ticket-cache'
import en from '@/shared/i18n/en'
import { aCard } from '@/shared/testing/given'
import { foresee, leavesOpen, useMoves } from './use-moves'

describe('foreseeing', () => {
  it('knows each deed', () => {
    const card = aCard({ labels: ['b'] })
    expect(foresee(card, { verb: 'assign', agentId: 'ag_1' }).assignee_id).toBe('ag_1')
    expect(foresee(card, { verb: 'labels', add: ['a'], remove: ['b'] }).labels).toEqual(['a'])
    expect(foresee(card, { verb: 'move', to: 'snoozed', until: '2026-03-05T08:00:00Z' })).toMatchObject({
      state: 'snoozed',
      snoozed_until: '2026-03-05T08:00:00Z',
    })
    expect(foresee(card, { verb: 'dismiss', reason: 'spam' })).toMatchObject({
      state: 'closed',
      dismissed: 'spam',
    })
  })

  it('knows what leaves the open views', () => {
    expect(leavesOpen({ verb: 'move', to: 'resolved' })).toBe(true)
    expect(leavesOpen({ verb: 'move', to: 'open' })).toBe(false)
    expect(leavesOpen({ verb: 'priority', priority: 'high' })).toBe(false)
  })
})

describe('a deed', () => {
  let client: QueryClient
  let answerWith: (response: Response) => void
  let asked: Request[]

  beforeEach(() => {
    client = new QueryClient()
    client.setQueryData([...ticketKeys.lists, 'mine', {}], {
      pages: [{ items: [aCard({ revision: 3 })], next: null, head: 0 }],
      pageParams: [null],
    })
    asked = []
    vi.stubGlobal('fetch', (request: Request) => {
      asked.push(request)
      return new Promise<Response>(resolve => {
        answerWith = resolve
      })
    })
  })
  afterEach(() => {
    vi.unstubAllGlobals()
  })

  const json = (body: unknown, status = 200) =>
    new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })
  const moves = () =>
    renderHook(() => useMoves('tk_1'), {
      wrapper: ({ children }: { children: ReactNode }) =>
        createElement(
          QueryClientProvider,
          { client },
          createElement(IntlProvider, { locale: 'en', messages: en, timeZone: 'UTC', children }),
        ),
    }).result
  const known = () => knownCard(client, 'tk_1')

  it('shows at once, sends the revision it was made on, and keeps the server’s answer', async () => {
    const { current: move } = moves()
    act(() => move({ verb: 'assign', agentId: 'ag_ana' }))
    await waitFor(() => expect(known()?.assignee_id).toBe('ag_ana'))
    await waitFor(() => expect(asked).toHaveLength(1))
    await expect(asked[0]?.json()).resolves.toEqual({ agent_id: 'ag_ana', revision: 3 })
    answerWith(json(aCard({ revision: 4, assignee_id: 'ag_ana', preview: 'from the server' })))
    await waitFor(() => expect(known()).toMatchObject({ revision: 4, preview: 'from the server' }))
  })

  it('is taken back when the server refuses', async () => {
    const { current: move } = moves()
    act(() => move({ verb: 'move', to: 'resolved' }))
    await waitFor(() => expect(known()?.state).toBe('resolved'))
    await waitFor(() => expect(asked).toHaveLength(1))
    answerWith(json({ code: 'move_not_allowed' }, 409))
    await waitFor(() => expect(known()?.state).toBe('open'))
  })

  it('shows the present state when somebody was faster', async () => {
    const { current: move } = moves()
    act(() => move({ verb: 'assign', agentId: 'ag_ana' }))
    await waitFor(() => expect(asked).toHaveLength(1))
    answerWith(json({ code: 'stale_ticket', card: aCard({ revision: 5, assignee_id: 'ag_bob' }) }, 409))
    await waitFor(() => expect(known()).toMatchObject({ revision: 5, assignee_id: 'ag_bob' }))
  })
})
