/** A policy in three lines: its name, for which tickets, what it promises. */
import { useQuery } from '@tanstack/react-query'
import type { PolicyView } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { useLength } from './length'
import { targetOf } from './policy-draft'
import { calendarsQuery, metricsQuery } from './promises-queries'
import { useConditionWords, useMetricName } from './use-condition-words'

export function PolicySummary({
  policy,
  shadowedBy,
  onOpen,
}: {
  policy: PolicyView
  /** A policy above that leaves no ticket to this one. */
  shadowedBy: string | null
  onOpen: () => void
}) {
  const t = useWords('promises.policies')
  const length = useLength()
  const named = useMetricName()
  const conditions = useConditionWords()(policy.conditions)
  const { data: metrics = [] } = useQuery(metricsQuery)
  const { data: calendars = [] } = useQuery(calendarsQuery)
  const calendar = calendars.find(one => one.id === policy.calendar_id)
  const promised = metrics.flatMap(({ name }) => {
    const all = targetOf(policy, name, null)
    const least = all ?? policy.targets.find(one => one.metric === name)?.seconds
    return least === undefined ? [] : [`${named(name)} ${length(least)}`]
  })
  return (
    <div className="policy-summary">
      <button type="button" className="row-link" onClick={onOpen}>
        {policy.name}
      </button>
      {!policy.enabled && <span className="badge">{t('off')}</span>}
      <p>
        {t('fits', { what: conditions ?? t('everything') })} ·{' '}
        {calendar ? t('by', { calendar: calendar.name }) : t('always')}
      </p>
      <p className="policy-promised">{promised.length > 0 ? promised.join(' · ') : t('nothing')}</p>
      {shadowedBy !== null && policy.enabled && (
        <p className="policy-shadowed">{t('shadowed', { name: shadowedBy })}</p>
      )}
    </div>
  )
}
