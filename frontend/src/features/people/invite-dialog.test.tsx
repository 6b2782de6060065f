import { screen, waitFor } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { expect, it, vi } from 'vitest'
import { agentsQuery, teamsQuery } from '@/domain/desk'
import { anAgent } from '@/shared/testing/given'
import { show, testClient } from '@/shared/testing/show'
import { InviteDialog } from './invite-dialog'

const support = { id: 'te_1', name: 'Support', agent_ids: [], brand_ids: [], revision: 1 }

function open(body: unknown, status = 201) {
  const client = testClient()
  client.setQueryData(teamsQuery.queryKey, [support])
  client.setQueryData(agentsQuery.queryKey, [anAgent()])
  const fetched = vi
    .spyOn(globalThis, 'fetch')
    .mockImplementation(async request =>
      (request as Request).method === 'POST' ? Response.json(body, { status }) : Response.json([support]),
    )
  const onInvited = vi.fn()
  show(<InviteDialog onClose={vi.fn()} onInvited={onInvited} />, { client })
  return { client, fetched, onInvited }
}

async function fillIn() {
  const person = userEvent.setup()
  await person.type(await screen.findByLabelText('Name'), 'Bo Berg')
  await person.type(screen.getByLabelText('E-mail address'), 'bo@acme.example')
  await person.click(screen.getByLabelText('Support'))
  await person.click(screen.getByRole('button', { name: 'Invite' }))
}

it('invites, shows the colleague in the list, and hands on the password that was made', async () => {
  const bo = anAgent({ id: 'ag_bo', name: 'Bo Berg', email: 'bo@acme.example' })
  const { client, fetched, onInvited } = open(bo)
  await fillIn()
  await waitFor(() => expect(onInvited).toHaveBeenCalled())
  const request = fetched.mock.calls[0]?.[0] as Request
  const sent = await request.json()
  expect(sent).toMatchObject({ name: 'Bo Berg', email: 'bo@acme.example', role: 'agent', team_ids: ['te_1'] })
  expect(onInvited).toHaveBeenCalledWith({
    name: 'Bo Berg',
    email: 'bo@acme.example',
    password: sent.password,
  })
  expect(client.getQueryData(agentsQuery.queryKey)).toContainEqual(bo)
})

it('says at the address that somebody has it already', async () => {
  const { onInvited } = open({ code: 'email_taken', field: 'email', status: 409, detail: 'Taken.' }, 409)
  await fillIn()
  expect((await screen.findByRole('alert')).textContent).toBe(
    'Somebody already signs in with this e-mail address.',
  )
  expect(screen.getByLabelText('E-mail address').getAttribute('aria-invalid')).toBe('true')
  expect(onInvited).not.toHaveBeenCalled()
})
