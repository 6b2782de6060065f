/** What adapters say by keys, in the reader's language: why a post cannot be answered, what to know before it is. */
import { useCallback } from 'react'
import type { LaneOptions } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { useNetworkWord } from './network-words'

/** Words for a key that an adapter named; without words for it, that it cannot be answered. */
export function useAdapterWords(): (key: string | null | undefined) => string {
  const t = useWords('answer')
  const word = useNetworkWord()
  return useCallback(key => word(key ?? '') ?? t('unknown'), [t, word])
}

/** Why nothing can be sent in a lane; null when something can. */
export function useWhyNot(): (lane: LaneOptions | undefined) => string | null {
  const t = useWords('composer.whyNot')
  const adapter = useAdapterWords()
  return useCallback(
    lane => {
      if (!lane || lane.allowed) return null
      const ours = lane.why_not as 'unknown' | null
      if (ours !== null) return t(t.has(ours) ? ours : 'unknown')
      return lane.answerable?.why ? adapter(lane.answerable.why) : t('unknown')
    },
    [t, adapter],
  )
}
