import { screen, waitFor } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { expect, it, vi } from 'vitest'
import { brandsQuery, networksQuery } from '@/domain/desk'
import { NetworkWords } from '@/domain/network-words'
import { aBrand, aNetwork, anAccount } from '@/shared/testing/given'
import { show, testClient } from '@/shared/testing/show'
import { ConnectDialog } from './connect-dialog'
import { firstTyped, goesAway, toSend } from './connect-form'

function open({ network = aNetwork(), goTo = vi.fn(), onConnected = vi.fn() } = {}) {
  const client = testClient()
  client.setQueryData(brandsQuery.queryKey, [aBrand()])
  client.setQueryData(networksQuery.queryKey, [network])
  show(
    <NetworkWords>
      <ConnectDialog brandId="br_1" onClose={vi.fn()} onConnected={onConnected} goTo={goTo} />
    </NetworkWords>,
    { client },
  )
  return { goTo, onConnected }
}

function serverSays(body: unknown, status = 200) {
  return vi.spyOn(globalThis, 'fetch').mockImplementation(async () => Response.json(body, { status }))
}

it('asks what the network asks for, sends it, and goes to the network', async () => {
  const fetched = serverSays({ account: null, authorize_url: 'https://loft.example/authorize' })
  const { goTo } = open()
  const person = userEvent.setup()
  await person.type(await screen.findByLabelText('Address of the loft'), ' loft.example ')
  await person.click(screen.getByLabelText('fast'))
  await person.click(screen.getByRole('button', { name: 'Go to the network' }))
  await waitFor(() => expect(goTo).toHaveBeenCalledWith('https://loft.example/authorize'))
  const request = fetched.mock.calls[0]?.[0] as Request
  expect(await request.json()).toEqual({
    brand_id: 'br_1',
    network: 'pigeon',
    fields: { loft: 'loft.example', fast: 'yes' },
    import_days: 0,
  })
})

it('connects at once with a secret', async () => {
  serverSays({ account: anAccount(), authorize_url: null })
  const { goTo, onConnected } = open()
  const person = userEvent.setup()
  await person.type(await screen.findByLabelText('Address of the loft'), 'loft.example')
  await person.type(screen.getByLabelText('Key of the loft (optional)'), 'abc')
  await person.click(screen.getByRole('button', { name: 'Connect' }))
  await waitFor(() => expect(onConnected).toHaveBeenCalledWith(anAccount()))
  expect(goTo).not.toHaveBeenCalled()
})

it('says at the field what the network does not like', async () => {
  serverSays({ code: 'field_missing', field: 'fields.loft', detail: 'Left out.', status: 422 }, 422)
  open()
  const person = userEvent.setup()
  const field = await screen.findByLabelText('Address of the loft')
  await person.type(field, 'x')
  await person.click(screen.getByRole('button', { name: 'Go to the network' }))
  expect((await screen.findByRole('alert')).textContent).toBe('The network needs this.')
  expect(field.getAttribute('aria-invalid')).toBe('true')
})

it('says below the form what concerns no field of it', async () => {
  serverSays({ code: 'sign_in_refused', field: 'token', detail: 'Not this one.', status: 422 }, 422)
  open()
  const person = userEvent.setup()
  await person.type(await screen.findByLabelText('Address of the loft'), 'x')
  await person.click(screen.getByRole('button', { name: 'Go to the network' }))
  expect((await screen.findByRole('alert')).textContent).toBe(
    'The network does not accept this sign-in. It says: Not this one.',
  )
  expect(screen.getByLabelText('Address of the loft').getAttribute('aria-invalid')).not.toBe('true')
})

it('begins again with the server that is known, and sends nothing that was not asked for', () => {
  expect(firstTyped(aNetwork(), anAccount({ server: 'https://loft.example' }))).toEqual({
    loft: 'https://loft.example',
  })
  expect(toSend(aNetwork(), { loft: ' a ', key: ' ', other: 'b' })).toEqual({ loft: 'a' })
  expect(goesAway(aNetwork(), { loft: 'a' })).toBe(true)
  expect(goesAway(aNetwork({ can: ['token'] }), { loft: 'a' })).toBe(false)
})
