/** Which sentence belongs to which field of a form: a problem names its field, the rest is said below the form. */
import { useExplain } from './explain'
import { Problem } from './problem'

export interface Faults {
  /** The sentence for a field, if the problem is there. */
  at: (field: string) => string | null
  /** The sentence for the form as a whole: everything that names none of its fields. */
  rest: string | null
}

/** Spread a failed request over a form with these fields. */
export function useFaults(error: unknown, fields: readonly string[]): Faults {
  const explain = useExplain()
  if (!error) return { at: () => null, rest: null }
  const field = error instanceof Problem ? error.field : null
  const sentence = explain(error)
  const known = field !== null && fields.includes(field)
  return { at: name => (known && name === field ? sentence : null), rest: known ? null : sentence }
}
