import { screen, waitFor, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { expect, it, vi } from 'vitest'
import { sessionQuery } from '@/domain/session'
import { aSession } from '@/shared/testing/given'
import { show, testClient } from '@/shared/testing/show'
import { newPolicy } from './policy-draft'
import { PolicyList } from './policy-list'
import { calendarsQuery, metricsQuery, policiesQuery } from './promises-queries'

const vip = {
  ...newPolicy('VIP'),
  id: 'po_vip',
  place: 2,
  revision: 1,
  conditions: { ...newPolicy('').conditions, priorities: ['urgent' as const] },
}
const standard = { ...newPolicy('Standard'), id: 'po_std', place: 1, revision: 1 }

function open(role: 'lead' | 'agent' = 'lead') {
  const client = testClient()
  client.setQueryData(sessionQuery.queryKey, aSession({ role }))
  client.setQueryData(policiesQuery.queryKey, [standard, vip])
  client.setQueryData(calendarsQuery.queryKey, [])
  client.setQueryData(metricsQuery.queryKey, [
    { name: 'first_reply', label: '', title: 'First reply', pauses: [] },
  ])
  for (const key of ['brands', 'networks', 'teams', 'labels']) client.setQueryData([key], [])
  show(<PolicyList onOpen={vi.fn()} />, { client })
}

const names = () =>
  within(screen.getByRole('list', { name: /order/ }))
    .getAllByRole('listitem')
    .map(row => within(row).getAllByRole('button')[0]?.textContent)

it('moves a policy by key, tells the server the whole order, and says it aloud', async () => {
  let answer: (response: Response) => void = () => undefined
  const fetched = vi.spyOn(globalThis, 'fetch').mockImplementation(() => new Promise(done => (answer = done)))
  open()
  expect(screen.getByText(/Never asked: “Standard” above it/)).toBeTruthy()
  const up = screen.getByRole('button', { name: 'Move VIP up' })
  up.focus()
  await userEvent.keyboard('{Enter}')
  expect(names()).toEqual(['VIP', 'Standard'])
  expect(document.activeElement).toBe(up)
  expect(screen.getByText('VIP is number 1 now.')).toBeTruthy()
  await waitFor(() => expect(fetched).toHaveBeenCalledTimes(1))
  const request = fetched.mock.calls[0]?.[0] as Request
  expect(await request.json()).toEqual({ ids: ['po_vip', 'po_std'], seen: ['po_std', 'po_vip'] })
  answer(Response.json([vip, standard]))
  await waitFor(() => expect(screen.queryByText(/Never asked/)).toBeNull())
})

it('shows agents the policies without the means to change them', () => {
  open('agent')
  expect(names()).toEqual(['Standard', 'VIP'])
  expect(screen.queryByRole('button', { name: /Move/ })).toBeNull()
  expect(screen.queryByRole('button', { name: 'New policy' })).toBeNull()
})
