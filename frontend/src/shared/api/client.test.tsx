import { afterEach, expect, it, vi } from 'vitest'
import { answer, api, whenSignedOut } from './client'
import { Problem } from './problem'

afterEach(() => {
  vi.unstubAllGlobals()
})

function network(respond: (request: Request) => Response | Promise<Response>) {
  const seen: Request[] = []
  vi.stubGlobal('fetch', (request: Request) => {
    seen.push(request)
    return Promise.resolve().then(() => respond(request))
  })
  return seen
}
const json = (body: unknown, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/problem+json' } })

it('gives the data', async () => {
  network(() => json({ needed: true }))
  await expect(answer(api.GET('/api/v1/setup'))).resolves.toEqual({ needed: true })
})

it('repeats parameters that are lists', async () => {
  const seen = network(() => json({ items: [], next: null, head: 0 }))
  await answer(api.GET('/api/v1/tickets', { params: { query: { view: 'mine', brand: ['br_1', 'br_2'] } } }))
  expect(new URL(seen[0]?.url ?? '').search).toBe('?view=mine&brand=br_1&brand=br_2')
})

it('throws what the server says, with its details', async () => {
  network(() =>
    json({ code: 'stale_ticket', detail: 'It changed.', field: 'revision', card: { id: 'tk_1' } }, 409),
  )
  const problem = await answer(api.GET('/api/v1/setup')).catch((error: unknown) => error)
  expect(problem).toBeInstanceOf(Problem)
  expect(problem).toMatchObject({
    status: 409,
    code: 'stale_ticket',
    message: 'It changed.',
    field: 'revision',
    details: { card: { id: 'tk_1' } },
  })
})

it('understands that a proxy may answer in its own way', async () => {
  network(
    () => new Response('<h1>Bad gateway</h1>', { status: 502, headers: { 'content-type': 'text/html' } }),
  )
  await expect(answer(api.GET('/api/v1/setup'))).rejects.toMatchObject({ status: 502, code: 'server' })
})

it('says when no answer came', async () => {
  network(() => {
    throw new TypeError('Failed to fetch')
  })
  await expect(answer(api.GET('/api/v1/setup'))).rejects.toMatchObject({ status: 0, code: 'unreachable' })
})

it('tells that the server no longer knows who asks, and of no other refusal', async () => {
  const tell = vi.fn()
  const deaf = whenSignedOut(tell)
  const refuse = async (code: string) => {
    network(() => json({ code }, 401))
    await expect(answer(api.GET('/api/v1/setup'))).rejects.toMatchObject({ code })
  }
  await refuse('wrong_password')
  expect(tell).not.toHaveBeenCalled()
  await refuse('unauthenticated')
  expect(tell).toHaveBeenCalledOnce()
  deaf()
  await refuse('unauthenticated')
  expect(tell).toHaveBeenCalledOnce()
})
