/** A problem as a sentence in the reader's language. */
import { useCallback } from 'react'
import { useWords } from '@/shared/i18n/words'
import { Problem } from './problem'

type Explain = (error: unknown) => string

/** The reason's words, or the catalogue's sentence for the code, else the server's own, else that something went wrong. */
export function useExplain(): Explain {
  const t = useWords('problem')
  const all = useWords()
  return useCallback<Explain>(
    error => {
      if (!(error instanceof Problem)) return t('unknown')
      // A network's own reason, named by its adapter, says more than the kind of refusal.
      const why = error.details.why as 'answer.unknown'
      if (typeof why === 'string' && all.has(why)) return all(why)
      const known = error.code as Parameters<typeof t.has>[0]
      if (t.has(known)) return t(known)
      return error.message || t('unknown')
    },
    [t, all],
  )
}
