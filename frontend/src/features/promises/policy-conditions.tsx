/** Which tickets a policy is for: one line per trait, opened to choose. */
import { useFormats, useWords } from '@/shared/i18n/words'
import { Several } from '@/shared/ui/several'
import { type PolicyDraft, TRAITS } from './policy-draft'
import { useConditionValues } from './use-condition-words'

type Conditions = PolicyDraft['conditions']

export function PolicyConditions({
  conditions,
  onChange,
}: {
  conditions: Conditions
  onChange: (conditions: Conditions) => void
}) {
  const t = useWords('promises')
  const format = useFormats()
  const values = useConditionValues()
  return (
    <section className="part">
      <h2>{t('policy.conditions')}</h2>
      <p className="field-hint">{t('policy.conditionsHint')}</p>
      <div className="conditions">
        {TRAITS.map(trait => {
          const chosen: readonly string[] = conditions[trait]
          const options = values(trait, chosen)
          if (options.length === 0) return null
          const names = options.filter(one => chosen.includes(one.value)).map(one => one.label)
          return (
            <details key={trait}>
              <summary>
                <span>{t(`trait.${trait}`)}</span>
                <span className={names.length > 0 ? 'condition-set' : 'condition-any'}>
                  {names.length > 0 ? format.list(names, { type: 'disjunction' }) : t('policy.any')}
                </span>
              </summary>
              <Several
                label={t(`trait.${trait}`)}
                options={options}
                chosen={chosen}
                onChange={next => onChange({ ...conditions, [trait]: next })}
              />
            </details>
          )
        })}
      </div>
    </section>
  )
}
