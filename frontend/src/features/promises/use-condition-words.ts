/** Conditions in words: which values there are to choose from, by what name, and a policy's conditions as a phrase. */
import { useQuery } from '@tanstack/react-query'
import { teamsQuery, useBrands, useLabels, useNetworks } from '@/domain/desk'
import { useNetworkLabel } from '@/domain/network-words'
import type { PolicyView } from '@/shared/api/views'
import { useFormats, useLocale, useWords } from '@/shared/i18n/words'
import { TRAITS, type Trait } from './policy-draft'

const LANGUAGES = ['en', 'fr', 'de', 'es', 'it', 'pt', 'nl', 'pl', 'sv', 'ar', 'he', 'ja', 'ko', 'zh']

export interface Value {
  value: string
  label: string
}

export function useConditionValues(): (trait: Trait, chosen: readonly string[]) => Value[] {
  const desk = useWords('desk')
  const locale = useLocale()
  const brands = useBrands()
  const networks = useNetworks()
  const network = useNetworkLabel()
  const labels = useLabels()
  const { data: teams = [] } = useQuery(teamsQuery)
  const languages = new Intl.DisplayNames([locale], { type: 'language' })
  const known: Record<Trait, Value[]> = {
    brands: brands.map(one => ({ value: one.id, label: one.name })),
    networks: networks.map(one => ({ value: one.name, label: network(one.name) })),
    lanes: (['public', 'private'] as const).map(value => ({ value, label: desk(`lane.${value}`) })),
    priorities: (['urgent', 'high', 'normal', 'low'] as const).map(value => ({
      value,
      label: desk(`priority.${value}`),
    })),
    teams: teams.map(one => ({ value: one.id, label: one.name })),
    labels: labels.map(one => ({ value: one, label: one })),
    languages: LANGUAGES.map(value => ({ value, label: languages.of(value) ?? value })),
  }
  return (trait, chosen) => [
    ...known[trait],
    // What was chosen and is gone, or was never offered, can be seen and taken away.
    ...chosen
      .filter(value => !known[trait].some(one => one.value === value))
      .map(value => ({ value, label: value })),
  ]
}

/** "Brand: Acme or Beta; Lane: Private". */
export function useConditionWords(): (conditions: PolicyView['conditions']) => string | null {
  const t = useWords('promises.trait')
  const format = useFormats()
  const values = useConditionValues()
  return conditions => {
    const parts = TRAITS.filter(trait => conditions[trait].length > 0).map(trait => {
      const chosen: readonly string[] = conditions[trait]
      const names = values(trait, chosen)
        .filter(one => chosen.includes(one.value))
        .map(one => one.label)
      return `${t(trait)}: ${format.list(names, { type: 'disjunction' })}`
    })
    return parts.length === 0 ? null : parts.join('; ')
  }
}

/** A metric's name in the reader's language, else what its adapter calls it. */
export function useMetricName(): (name: string) => string {
  const t = useWords('desk.metric')
  return name => {
    const known = name as 'first_reply'
    return t.has(known) ? t(known) : name.replaceAll('_', ' ')
  }
}
