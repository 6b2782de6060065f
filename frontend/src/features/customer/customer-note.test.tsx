import { screen, waitFor } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { expect, it, vi } from 'vitest'
import type { CustomerView } from '@/shared/api/views'
import { aCard } from '@/shared/testing/given'
import { show, testClient } from '@/shared/testing/show'
import { CustomerNote } from './customer-note'
import { customerQuery, peopleOf } from './customer-queries'

const bea: CustomerView = {
  id: 'cu_1',
  name: 'Bea Brook',
  note: 'Likes tea.',
  identities: [],
  created_at: '2026-03-01T10:00:00Z',
  revision: 3,
}

it('saves what was typed when one leaves the field, with the revision it was made on', async () => {
  const fetched = vi
    .spyOn(globalThis, 'fetch')
    .mockImplementation(async () => Response.json({ ...bea, note: 'Likes coffee.', revision: 4 }))
  const client = testClient()
  client.setQueryData(customerQuery('cu_1').queryKey, bea)
  show(<CustomerNote customer={bea} />, { client })
  const person = userEvent.setup()
  await person.clear(screen.getByLabelText('Note about the customer'))
  await person.type(screen.getByLabelText('Note about the customer'), 'Likes coffee.')
  expect(fetched).not.toHaveBeenCalled()
  await person.tab()
  await waitFor(() => expect(client.getQueryData(customerQuery('cu_1').queryKey)?.revision).toBe(4))
  const request = fetched.mock.calls[0]?.[0] as Request
  expect(await request.json()).toEqual({ note: 'Likes coffee.', revision: 3 })
})

it('keeps what was typed when a colleague was faster', async () => {
  vi.spyOn(globalThis, 'fetch').mockImplementation(async () =>
    Response.json({ code: 'stale_customer', status: 409, detail: 'Stale.' }, { status: 409 }),
  )
  show(<CustomerNote customer={bea} />)
  const person = userEvent.setup()
  const field = screen.getByLabelText('Note about the customer') as HTMLTextAreaElement
  await person.type(field, ' And cake.')
  await person.tab()
  expect((await screen.findByRole('alert')).textContent).toContain('Somebody changed this customer')
  expect(field.value).toBe('Likes tea. And cake.')
})

it.each([
  ['minds no new name', { name: 'Bea B.' }, 4],
  ['does not overwrite a note it did not show', { note: 'Hates tea.' }, 3],
])('%s that came while one typed', async (_, change, revision) => {
  const asked: { revision: number }[] = []
  vi.spyOn(globalThis, 'fetch').mockImplementation(async input => {
    asked.push((await (input as Request).json()) as { revision: number })
    return Response.json({ ...bea, note: 'x', revision: 5 })
  })
  const { rerender } = show(<CustomerNote customer={bea} />)
  await userEvent.type(screen.getByLabelText('Note about the customer'), '!')
  rerender(<CustomerNote customer={{ ...bea, ...change, revision: 4 }} />)
  await userEvent.tab()
  await waitFor(() => expect(asked.map(one => one.revision)).toEqual([revision]))
})

it('finds each person once, and never the one who is asked about', () => {
  const other = { id: 'cu_2', name: 'Bea B.', handle: 'bea@other.example', avatar_url: null }
  const cards = [aCard(), aCard({ id: 'tk_2', customer: other }), aCard({ id: 'tk_3', customer: other })]
  expect(peopleOf(cards, 'cu_1')).toEqual([{ ...other, network: 'pigeon' }])
})
