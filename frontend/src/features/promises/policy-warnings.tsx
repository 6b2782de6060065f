/** When to warn of each promise: at a share of its time, or so long before. */
import { useWords } from '@/shared/i18n/words'
import { DurationField } from '@/shared/ui/duration-field'
import { Checkbox, Select, TextField } from '@/shared/ui/field'
import { type PolicyDraft, setWarn, type Warn, warnOf } from './policy-draft'
import { useMetricName } from './use-condition-words'

type Kind = 'none' | 'percent' | 'before'

const FIRST: Record<Kind, Warn | null> = {
  none: null,
  percent: { percent: 75, before_s: null, urgent: false },
  before: { percent: null, before_s: 600, urgent: false },
}

function WarnLine({
  metric,
  draft,
  onChange,
}: {
  metric: string
  draft: PolicyDraft
  onChange: (draft: PolicyDraft) => void
}) {
  const t = useWords('promises.policy')
  const named = useMetricName()
  const { warn, mixed } = warnOf(draft, metric)
  const kind: Kind = warn === null ? 'none' : warn.percent === null ? 'before' : 'percent'
  const set = (next: Warn | null) => onChange(setWarn(draft, metric, next))
  return (
    <li className="warn-line">
      <Select<Kind>
        label={t('warn', { metric: named(metric) })}
        hint={mixed ? t('mixed') : undefined}
        options={[
          { value: 'none', label: t('warnNone') },
          { value: 'percent', label: t('warnPercent') },
          { value: 'before', label: t('warnBefore') },
        ]}
        value={kind}
        onChange={next => set(FIRST[next])}
      />
      {warn?.percent != null && (
        <TextField
          type="number"
          min={1}
          max={99}
          step={1}
          required
          label={t('percent', { metric: named(metric) })}
          value={warn.percent}
          onChange={event => {
            const percent = event.target.valueAsNumber
            if (percent > 0 && percent < 100) set({ ...warn, percent })
          }}
        />
      )}
      {warn?.before_s != null && (
        <DurationField
          label={t('before', { metric: named(metric) })}
          value={warn.before_s}
          onChange={seconds => {
            if (seconds) set({ ...warn, before_s: seconds })
          }}
        />
      )}
      {warn && (
        <Checkbox label={t('urgent')} checked={warn.urgent} onChange={urgent => set({ ...warn, urgent })} />
      )}
    </li>
  )
}

export function PolicyWarnings({
  draft,
  onChange,
}: {
  draft: PolicyDraft
  onChange: (draft: PolicyDraft) => void
}) {
  const t = useWords('promises.policy')
  const metrics = [...new Set(draft.targets.map(one => one.metric))]
  if (metrics.length === 0) return null
  return (
    <section className="part">
      <h2>{t('warnings')}</h2>
      <ul className="warn-lines">
        {metrics.map(metric => (
          <WarnLine key={metric} metric={metric} draft={draft} onChange={onChange} />
        ))}
      </ul>
    </section>
  )
}
