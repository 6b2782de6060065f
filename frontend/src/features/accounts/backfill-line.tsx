/** How far an import of older mentions is. */
import { useProblemWords } from '@/shared/api/reason'
import type { BackfillView } from '@/shared/api/views'
import { useFormats, useWords } from '@/shared/i18n/words'
import { Notice } from '@/shared/ui/notice'

export function BackfillLine({ backfill, handle }: { backfill: BackfillView; handle: string }) {
  const t = useWords('accounts.backfill')
  const format = useFormats()
  const problem = useProblemWords()(backfill)
  const day = (at: string) => format.dateTime(new Date(at), { day: 'numeric', month: 'long' })
  const { state, taken, reached } = backfill
  const since = day(backfill.since)
  if (state === 'failed')
    return <Notice kind="late">{t('failed', { taken, problem: problem ?? t('unknown') })}</Notice>
  if (state === 'finished') return <p className="backfill">{t('finished', { since, taken })}</p>
  return (
    <div className="backfill">
      <span>
        {reached === null ? t('begun', { since }) : t('running', { since, taken, reached: day(reached) })}
      </span>
      <progress aria-label={t('progress', { handle })} max={1} value={backfill.share} />
    </div>
  )
}
