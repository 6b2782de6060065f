/** What went wrong, as the console knows it: the server's problem+json, or the lack of an answer. */

/** An answer of kind application/problem+json; `detail` is the sentence people read. */
export class Problem extends Error {
  /** HTTP status; 0 when no answer came at all. */
  readonly status: number
  /** Stable machine name: "stale_ticket", "already_answered", ... */
  readonly code: string
  /** The field of the request that is at fault. */
  readonly field: string | null
  readonly requestId: string | null
  /** The whole body, for the details that some codes bring. */
  readonly details: Readonly<Record<string, unknown>>

  constructor(
    sentence: string,
    {
      status = 0,
      code = 'unreachable',
      field = null,
      requestId = null,
      details = {},
    }: {
      status?: number
      code?: string
      field?: string | null
      requestId?: string | null
      details?: Readonly<Record<string, unknown>>
    } = {},
  ) {
    super(sentence)
    this.name = 'Problem'
    this.status = status
    this.code = code
    this.field = field
    this.requestId = requestId
    this.details = details
  }
}

/** A problem from the body of an answer that is not ok, whatever that body is (a proxy may answer HTML). */
export function readProblem(status: number, body: unknown): Problem {
  const details: Record<string, unknown> =
    typeof body === 'object' && body !== null && !Array.isArray(body) ? { ...body } : {}
  const text = (key: string) => (typeof details[key] === 'string' ? details[key] : null)
  return new Problem(text('detail') ?? text('title') ?? '', {
    status,
    code: text('code') ?? (status >= 500 ? 'server' : 'unknown'),
    field: text('field'),
    requestId: text('request_id'),
    details,
  })
}
