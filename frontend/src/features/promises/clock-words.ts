/** A clock in words: its metric, its causes, the reasons of its policy. */
import type { ClockLineView, ClockView } from '@/shared/api/views'
import { useFormats, useWords } from '@/shared/i18n/words'
import { useMetricName } from './use-condition-words'

/** "Next reply 2": the cycle is said where there are several. */
export function useClockName(): (clock: ClockLineView) => string {
  const t = useWords('promises.clocks')
  const named = useMetricName()
  return ({ metric, cycle }) =>
    cycle > 1 ? t('cycle', { metric: named(metric), cycle: String(cycle) }) : named(metric)
}

/** A cause by the engine's name; one that is newer than this console is shown as it is called. */
export function useCause(): (cause: string) => string {
  const t = useWords('promises.why.cause')
  return cause => {
    const known = cause as 'reopened'
    return t.has(known) ? t(known) : cause.replaceAll('_', ' ')
  }
}

const TRAIT_KEYS = {
  brand: 'brands',
  network: 'networks',
  lane: 'lanes',
  priority: 'priorities',
  team: 'teams',
  label: 'labels',
  language: 'languages',
} as const

export function useTraitName(): (trait: string) => string {
  const t = useWords('promises.trait')
  return trait => {
    const key = TRAIT_KEYS[trait as keyof typeof TRAIT_KEYS]
    return key ? t(key) : trait
  }
}

/** Why the policy holds: "Brand is Acme and Lane is Private". */
export function useReasons(): (clock: ClockView) => string {
  const t = useWords('promises.why')
  const desk = useWords('desk')
  const format = useFormats()
  const traitName = useTraitName()
  return ({ policy }) => {
    const reasons = policy.why.flatMap(({ trait, value, name, text }) => {
      if (trait === null || value === null) return policy.id === null ? [text] : []
      const shown =
        trait === 'priority' || trait === 'lane'
          ? desk(`${trait}.${value}` as 'lane.public')
          : (name ?? value)
      return [t('traitIs', { trait: traitName(trait), value: shown })]
    })
    return reasons.length > 0 ? format.list(reasons) : t('asksNothing')
  }
}
