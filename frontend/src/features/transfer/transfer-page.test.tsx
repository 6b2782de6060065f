import { screen, waitFor } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { expect, it, vi } from 'vitest'
import { agentsQuery, brandsQuery } from '@/domain/desk'
import { sessionQuery } from '@/domain/session'
import type { JobView } from '@/shared/api/views'
import { aBrand, anAgent, aSession } from '@/shared/testing/given'
import { show, testClient } from '@/shared/testing/show'
import { TransferPage } from './transfer-page'

const DONE: JobView = {
  id: 'jb_1',
  kind: 'import',
  state: 'done',
  name: 'old desk.jsonl',
  agent_id: 'ag_ana',
  brand_id: 'br_1',
  brand_ids: null,
  created_at: '2026-03-04T10:00:00Z',
  finished_at: '2026-03-04T10:01:00Z',
  expires_at: null,
  problem: null,
  problem_code: null,
  size: 20,
  pieces: 1,
  position: 20,
  lines: 3,
  fresh: 1,
  already: 1,
  passed: 0,
  refused: 1,
}

function open() {
  const client = testClient()
  client.setQueryData(sessionQuery.queryKey, aSession({ role: 'lead' }))
  client.setQueryData(agentsQuery.queryKey, [anAgent()])
  client.setQueryData(brandsQuery.queryKey, [aBrand()])
  const asked: string[] = []
  vi.spyOn(globalThis, 'fetch').mockImplementation(async given => {
    const request = given as Request
    const path = new URL(request.url).pathname
    asked.push(`${request.method} ${path} ${request.method === 'PUT' ? await request.text() : ''}`.trim())
    if (path.endsWith('/refusals'))
      return Response.json({
        items: [{ line: 2, place: '/name', reason: 'Field required', code: 'field_missing' }],
        next: null,
      })
    return Response.json(path.endsWith('/jobs') ? { items: [DONE], next: null } : DONE)
  })
  show(<TransferPage />, { client })
  return asked
}

it('hands a file over in pieces and starts it', async () => {
  const person = userEvent.setup()
  const asked = open()
  await person.upload(screen.getByLabelText('File'), new File(['{"kind":1}\n'], 'a.jsonl'))
  await person.selectOptions(screen.getByLabelText('Into'), 'Acme')
  await person.click(screen.getByRole('button', { name: 'Import' }))
  await waitFor(() => expect(asked).toContain('POST /api/v1/jobs/jb_1/start'))
  expect(asked).toContain('POST /api/v1/jobs/imports')
  expect(asked).toContain('PUT /api/v1/jobs/jb_1/pieces/0 {"kind":1}')
})

it('says what came of it, and which lines were refused', async () => {
  const person = userEvent.setup()
  open()
  expect(await screen.findByText(/^1 new, 1 here already,? and 1 refused$/)).toBeTruthy()
  await person.click(screen.getByRole('button', { name: 'Refused lines of old desk.jsonl' }))
  expect(await screen.findByText('This field is missing.')).toBeTruthy()
  expect(screen.getByText('/name')).toBeTruthy()
})
