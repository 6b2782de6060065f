/** What to know before the first key: notes of the network, until when it holds, and the way to answer by hand. */
import { ExternalLink, Info } from 'lucide-react'
import { useAdapterWords } from '@/domain/answer-words'
import { safeAddress } from '@/domain/post-text'
import { whenWords } from '@/domain/when'
import type { LaneOptions } from '@/shared/api/views'
import { useFlavour, useWords } from '@/shared/i18n/words'
import { useMinute } from '@/shared/lib/now'

/** `said` is why nothing can be sent, where the place of Send does not say it. */
export function ComposerAnswerable({ lane, said = null }: { lane: LaneOptions; said?: string | null }) {
  const t = useWords('answer')
  const words = useWords('desk')
  const adapter = useAdapterWords()
  const locale = useFlavour()
  const now = useMinute()
  const answerable = lane.answerable
  const until = answerable?.until ? whenWords(Date.parse(answerable.until), now, locale) : null
  const by = lane.allowed ? null : safeAddress(answerable?.url ?? null)
  const lines = lane.allowed ? (answerable?.notes ?? []).map(adapter) : said === null ? [] : [said]
  if (!lane.allowed && answerable?.how === 'private_only') lines.push(t('in_private'))
  if (until !== null) lines.push(t(lane.allowed ? 'until' : 'from', { when: until }))
  if (lines.length === 0 && by === null) return null
  return (
    <p className="composer-answerable" role="status">
      <Info aria-hidden="true" />
      <span>{lines.join(' ')}</span>
      {by !== null && (
        <a href={by} target="_blank" rel="noopener noreferrer">
          {t('by_hand')} <ExternalLink aria-hidden="true" />
          <span className="visually-hidden">{words('newTab')}</span>
        </a>
      )}
    </p>
  )
}
