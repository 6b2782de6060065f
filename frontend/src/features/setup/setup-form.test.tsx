import { screen, waitFor } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { expect, it, vi } from 'vitest'
import { aSession } from '@/shared/testing/given'
import { show } from '@/shared/testing/show'
import { SetupForm } from './setup-form'

async function fillIn() {
  const person = userEvent.setup()
  await person.type(screen.getByLabelText('Your name'), 'Ana Lima')
  await person.type(screen.getByLabelText('E-mail address'), 'ana@acme.example')
  await person.type(screen.getByLabelText('Password'), 'a long word')
  await person.type(screen.getByLabelText('Name of the brand'), 'Acme')
  await person.click(screen.getByRole('button', { name: 'Begin' }))
}

it('makes the first lead and brand', async () => {
  const fetched = vi.spyOn(globalThis, 'fetch').mockImplementation(async () => Response.json(aSession()))
  const onDone = vi.fn()
  show(<SetupForm onDone={onDone} />)
  await fillIn()
  await waitFor(() => expect(onDone).toHaveBeenCalled())
  const request = fetched.mock.calls[0]?.[0] as Request
  expect(await request.json()).toMatchObject({
    name: 'Ana Lima',
    email: 'ana@acme.example',
    brand_name: 'Acme',
  })
})

it('says at the password what is wrong with it', async () => {
  const body = { code: 'password_too_short', status: 422, field: 'password', detail: 'Too short.' }
  vi.spyOn(globalThis, 'fetch').mockImplementation(async () => Response.json(body, { status: 422 }))
  show(<SetupForm onDone={vi.fn()} />)
  await fillIn()
  expect((await screen.findByRole('alert')).textContent).toBe('A password needs at least 8 characters.')
  expect(screen.getByLabelText('Password').getAttribute('aria-invalid')).toBe('true')
})
