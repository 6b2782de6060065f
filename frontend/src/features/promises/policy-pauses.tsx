/** In which states each clock stands still: as usual, or as set here. */
import { useQuery } from '@tanstack/react-query'
import { useWords } from '@/shared/i18n/words'
import { Choice } from '@/shared/ui/field'
import { Notice } from '@/shared/ui/notice'
import { Several } from '@/shared/ui/several'
import type { PolicyDraft } from './policy-draft'
import { metricsQuery } from './promises-queries'
import { useMetricName } from './use-condition-words'

const STATES = ['waiting', 'on_hold', 'snoozed'] as const
/** Clocks behind which a customer waits for words of ours. */
const REPLIES = ['first_reply', 'next_reply']

export function PolicyPauses({
  pauses,
  onChange,
}: {
  pauses: PolicyDraft['pauses']
  onChange: (pauses: PolicyDraft['pauses']) => void
}) {
  const t = useWords('promises.policy')
  const desk = useWords('desk.state')
  const named = useMetricName()
  const { data: metrics = [] } = useQuery(metricsQuery)
  const usual = Object.fromEntries(metrics.map(one => [one.name, one.pauses]))
  const risky = pauses !== null && REPLIES.some(metric => (pauses[metric] ?? []).length > 0)
  return (
    <section className="part">
      <Choice
        label={t('pauses')}
        options={[
          { value: 'own', label: t('pausesOwn') },
          { value: 'set', label: t('pausesSet') },
        ]}
        value={pauses === null ? 'own' : 'set'}
        onChange={chosen => onChange(chosen === 'own' ? null : usual)}
      />
      {pauses !== null &&
        metrics.map(({ name }) => (
          <Several
            key={name}
            label={t('pausesLine', { metric: named(name) })}
            options={STATES.map(value => ({ value, label: desk(value) }))}
            chosen={STATES.filter(state => pauses[name]?.includes(state))}
            onChange={chosen =>
              onChange({
                ...pauses,
                // States that are not offered here stay as they are.
                [name]: [
                  ...(pauses[name] ?? []).filter(state => !STATES.some(one => one === state)),
                  ...chosen,
                ],
              })
            }
          />
        ))}
      {risky && <Notice kind="soon">{t('pausesRisk')}</Notice>}
    </section>
  )
}
