/** A problem as a sentence in the reader's language. */
import { useCallback } from 'react'
import { useWords } from '@/shared/i18n/words'
import { Problem } from './problem'
import { useReason } from './reason'

type Explain = (error: unknown) => string

/** Refusals of a network, which says itself why. */
const OF_NETWORKS = new Set(['sign_in_refused', 'network_refused', 'network_silent'])

/** The reason's words, or the catalogue's sentence for the code, else the server's own, else that something went wrong. */
export function useExplain(): Explain {
  const t = useWords('problem')
  const reason = useReason()
  return useCallback<Explain>(
    error => {
      if (!(error instanceof Problem)) return t('unknown')
      // A reason, where it is given, says more than the kind of refusal.
      const { why, values, title } = error.details
      const said = reason(why, values)
      if (said !== null) return said
      const known = error.code as Exclude<Parameters<typeof t.has>[0], 'said_by_network'>
      if (!t.has(known)) return error.message || t('unknown')
      const own = OF_NETWORKS.has(error.code) && error.message !== '' && error.message !== title
      return own ? t('said_by_network', { said: t(known), words: error.message }) : t(known)
    },
    [t, reason],
  )
}
