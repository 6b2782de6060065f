import { screen, waitFor } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { expect, it, vi } from 'vitest'
import { aSession } from '@/shared/testing/given'
import { show } from '@/shared/testing/show'
import { SignInForm } from './sign-in-form'
import { secondsLeft } from './slow-down'

function serverSays(status: number, body: unknown) {
  return vi.spyOn(globalThis, 'fetch').mockImplementation(async () => Response.json(body, { status }))
}

async function signIn() {
  const person = userEvent.setup()
  await person.type(screen.getByLabelText('E-mail address'), 'ana@acme.example')
  await person.type(screen.getByLabelText('Password'), 'a long word')
  await person.click(screen.getByRole('button', { name: 'Sign in' }))
}

it('sends what was typed and hands the session on', async () => {
  const fetched = serverSays(200, aSession())
  const onSignedIn = vi.fn()
  show(<SignInForm onSignedIn={onSignedIn} />)
  await signIn()
  await waitFor(() => expect(onSignedIn).toHaveBeenCalled())
  expect(onSignedIn.mock.calls[0]?.[0]).toEqual(aSession())
  const request = fetched.mock.calls[0]?.[0] as Request
  expect(await request.json()).toEqual({ email: 'ana@acme.example', password: 'a long word' })
})

it('says at the field what is wrong, and asks for the password again', async () => {
  serverSays(401, {
    code: 'wrong_password',
    status: 401,
    detail: 'The e-mail address or the password is not right.',
  })
  show(<SignInForm onSignedIn={vi.fn()} />)
  await signIn()
  const field = screen.getByLabelText('Password') as HTMLInputElement
  expect((await screen.findByRole('alert')).textContent).toBe(
    'The e-mail address or the password is not right.',
  )
  expect(field.getAttribute('aria-invalid')).toBe('true')
  expect(field.value).toBe('')
})

it('counts down after too many attempts and does not ask the server meanwhile', async () => {
  const retry_at = new Date(Date.now() + 30_000).toISOString()
  const fetched = serverSays(429, { code: 'too_many_guesses', status: 429, detail: 'Wait.', retry_at })
  show(<SignInForm onSignedIn={vi.fn()} />)
  await signIn()
  expect((await screen.findByRole('alert')).textContent).toMatch(/You can try again in (29|30|31) seconds/)
  expect((screen.getByRole('button', { name: 'Sign in' }) as HTMLButtonElement).disabled).toBe(true)
  expect(fetched).toHaveBeenCalledTimes(1)
})

it('knows when waiting is over', () => {
  expect(secondsLeft(10_500, 9_000)).toBe(2)
  expect(secondsLeft(9_000, 9_000)).toBe(0)
  expect(secondsLeft(8_000, 9_000)).toBe(0)
})
