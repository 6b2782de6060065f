/** Targets by metric and priority, typed as people say them. */
import { useQuery } from '@tanstack/react-query'
import { useWords } from '@/shared/i18n/words'
import { DurationField } from '@/shared/ui/duration-field'
import { Table } from '@/shared/ui/table'
import { useLength } from './length'
import { type PolicyDraft, PRIORITIES, setTarget, targetOf } from './policy-draft'
import { metricsQuery } from './promises-queries'
import { useMetricName } from './use-condition-words'

export function PolicyTargets({
  draft,
  onChange,
}: {
  draft: PolicyDraft
  onChange: (draft: PolicyDraft) => void
}) {
  const t = useWords('promises')
  const named = useMetricName()
  const length = useLength()
  const { data: metrics = [] } = useQuery(metricsQuery)
  return (
    <section className="part">
      <h2>{t('policy.targets')}</h2>
      <p className="field-hint">{t('policy.targetsHint')}</p>
      <Table
        label={t('policy.targets')}
        head={[t('policy.metric'), ...PRIORITIES.map(one => t(`priority.${one ?? 'all'}`))]}
      >
        {metrics.map(({ name }) => {
          const all = targetOf(draft, name, null)
          return (
            <tr key={name} className="targets-row">
              <th scope="row">{named(name)}</th>
              {PRIORITIES.map(priority => (
                <td key={priority ?? 'all'}>
                  <DurationField
                    optional
                    quietLabel
                    label={t('policy.target', {
                      metric: named(name),
                      priority: t(`priority.${priority ?? 'all'}`),
                    })}
                    placeholder={priority === null || all === null ? '–' : `(${length(all)})`}
                    value={targetOf(draft, name, priority)}
                    onChange={seconds => onChange(setTarget(draft, name, priority, seconds))}
                  />
                </td>
              ))}
            </tr>
          )
        })}
      </Table>
    </section>
  )
}
