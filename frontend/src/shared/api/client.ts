/** The API: openapi-fetch over the generated types, with our cookie, problem+json as Problem, and the server's clock. */
import createClient from 'openapi-fetch'
import { setServerTime } from '@/shared/lib/now'
import { Problem, readProblem } from './problem'
import type { paths } from './schema'

/** Repeatable parameters are repeated: ?brand=a&brand=b. */
const client = createClient<paths>({
  baseUrl: typeof location === 'undefined' ? '' : location.origin,
  credentials: 'same-origin',
  querySerializer: { array: { style: 'form', explode: true } },
  // Looked up at each call, so that tests can answer in the network's place.
  fetch: request => globalThis.fetch(request),
})

client.use({
  onResponse: ({ response }) => setServerTime(response.headers.get('date')),
  onError: () => new Problem('', { code: 'unreachable' }),
})

export const api = client

const onSignedOut = new Set<() => void>()

/** Be told whenever the server no longer knows who asks; the answer ends that. */
export function whenSignedOut(listener: () => void): () => void {
  onSignedOut.add(listener)
  return () => {
    onSignedOut.delete(listener)
  }
}

interface Answer<T> {
  data?: T
  error?: unknown
  response: Response
}

/** The data of an answer, or its Problem thrown. `undefined` is data where the server answers 204. */
export async function answer<T>(asked: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await asked
  if (!response.ok) {
    const problem = readProblem(response.status, error)
    if (problem.code === 'unauthenticated') for (const tell of onSignedOut) tell()
    throw problem
  }
  return data as T
}

/** The same for a list that could be asked for with `fields` and was not: its things have all of them. */
export async function whole<T>(asked: Promise<Answer<T | object>>): Promise<T> {
  return (await answer(asked)) as T
}
