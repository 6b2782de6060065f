import { act, fireEvent, screen, waitFor } from '@testing-library/react'
import { expect, it, vi } from 'vitest'
import { sessionQuery } from '@/domain/session'
import { putRow } from '@/shared/api/put-row'
import { aSession } from '@/shared/testing/given'
import { show, testClient } from '@/shared/testing/show'
import { newPolicy } from './policy-draft'
import { PolicyPage } from './policy-page'
import { calendarsQuery, metricsQuery, policiesKey, policiesQuery } from './promises-queries'

it('saves against the policy the form was filled from, whatever the page heard since', async () => {
  const client = testClient()
  const policy = { ...newPolicy('Standard'), id: 'po_1', place: 1, revision: 4 }
  client.setQueryData(sessionQuery.queryKey, aSession({ role: 'lead' }))
  client.setQueryData(policiesQuery.queryKey, [policy])
  client.setQueryData(calendarsQuery.queryKey, [])
  client.setQueryData(metricsQuery.queryKey, [])
  for (const key of ['brands', 'networks', 'teams', 'labels']) client.setQueryData([key], [])
  const asked: { revision: number }[] = []
  vi.spyOn(globalThis, 'fetch').mockImplementation(async input => {
    const request = input as Request
    if (request.method !== 'PUT') return Response.json([])
    asked.push((await request.json()) as { revision: number })
    return Response.json({ code: 'stale_policy', status: 409, detail: 'Stale.' }, { status: 409 })
  })
  show(<PolicyPage id="po_1" onBack={vi.fn()} />, { client })
  fireEvent.change(screen.getByLabelText('Name'), { target: { value: 'Mine' } })
  act(() => putRow(client, policiesKey, { ...policy, name: 'Theirs', revision: 5 }))
  fireEvent.click(screen.getByRole('button', { name: 'Save' }))
  await waitFor(() => expect(asked.map(one => one.revision)).toEqual([4]))
  await screen.findByText(/Somebody changed this policy/)
})
