import { screen, waitFor, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { expect, it, vi } from 'vitest'
import { agentsQuery, brandsQuery } from '@/domain/desk'
import { sessionQuery } from '@/domain/session'
import type { KeyView } from '@/shared/api/views'
import { aBrand, anAgent, aSession } from '@/shared/testing/given'
import { show, testClient } from '@/shared/testing/show'
import { KeysTab } from './keys-tab'

const SHOP: KeyView = {
  id: 'ky_1',
  name: 'Web shop',
  begins_with: 'mdk_AbCd1234',
  scopes: ['read', 'reply'],
  brand_ids: ['br_1'],
  per_minute: 600,
  created_at: '2026-03-04T10:00:00Z',
  made_by: 'ag_ana',
  expires_at: null,
  last_used_at: null,
  revoked_at: null,
}

function open(answers: (request: Request) => Response) {
  const client = testClient()
  client.setQueryData(sessionQuery.queryKey, aSession({ role: 'lead' }))
  client.setQueryData(agentsQuery.queryKey, [anAgent()])
  client.setQueryData(brandsQuery.queryKey, [aBrand()])
  const fetched = vi
    .spyOn(globalThis, 'fetch')
    .mockImplementation(async request => answers(request as Request))
  show(<KeysTab />, { client })
  return fetched
}

it('makes a key of what was chosen and shows it once', async () => {
  const person = userEvent.setup()
  const secret = `mdk_${'A'.repeat(57)}`
  const fetched = open(request =>
    request.method === 'POST' ? Response.json({ key: SHOP, secret }, { status: 201 }) : Response.json([]),
  )
  await person.click(await screen.findByRole('button', { name: 'Make a key' }))
  await person.type(await screen.findByLabelText('Name'), 'Web shop')
  const dialog = within(screen.getByRole('dialog'))
  await person.click(dialog.getByLabelText('Read'))
  await person.click(dialog.getByRole('button', { name: 'Make a key' }))
  expect((await screen.findByRole('alert')).textContent).toBe('Choose what it may do.')
  await person.click(dialog.getByLabelText('Reply'))
  await person.click(dialog.getByLabelText('Only some brands'))
  await person.click(dialog.getByLabelText('Acme'))
  await person.selectOptions(dialog.getByLabelText('It works'), 'until it is revoked')
  await person.click(dialog.getByRole('button', { name: 'Make a key' }))
  expect(await screen.findByText(secret)).toBeTruthy()
  const posted = fetched.mock.calls.map(call => call[0] as Request).find(one => one.method === 'POST')
  expect(await posted?.json()).toEqual({
    name: 'Web shop',
    scopes: ['reply'],
    brand_ids: ['br_1'],
    expires_at: null,
    per_minute: 600,
  })
  await person.click(screen.getByRole('button', { name: 'Done' }))
  await waitFor(() => expect(screen.queryByText(secret)).toBeNull())
})

it('shows what a key may, and revokes it after asking', async () => {
  const person = userEvent.setup()
  const revoked = { ...SHOP, revoked_at: '2026-03-05T10:00:00Z' }
  let now = [SHOP]
  open(request => {
    if (request.method !== 'POST') return Response.json(now)
    now = [revoked]
    return Response.json(revoked)
  })
  const row = within((await screen.findByText('Web shop')).closest('tr') as HTMLElement)
  expect(row.getByText('Read and Reply')).toBeTruthy()
  expect(row.getByText('Acme')).toBeTruthy()
  expect(row.getByText('never')).toBeTruthy()
  await person.click(row.getByRole('button', { name: 'Revoke the key Web shop' }))
  await person.click(await screen.findByRole('button', { name: 'Revoke the key' }))
  expect(await screen.findByText('revoked')).toBeTruthy()
  expect(screen.queryByRole('button', { name: 'Revoke the key Web shop' })).toBeNull()
})
