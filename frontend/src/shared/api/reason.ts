/** A reason that the server names, in the reader's words: the house's own, or a network's from its adapter. */
import { useCallback } from 'react'
import { useWords } from '@/shared/i18n/words'

type Values = Readonly<Record<string, string | number>>

/** The words of a reason with its values, or null where there are none. */
export function useReason(): (key: unknown, values?: unknown) => string | null {
  const all = useWords()
  return useCallback(
    (key, values) => {
      if (typeof key !== 'string') return null
      const known = key as 'answer.unknown'
      return all.has(known) ? (all as (key: string, values: Values) => string)(known, filled(values)) : null
    },
    [all],
  )
}

/** What is filled in: numbers as such, so that words can count by them. */
function filled(values: unknown): Values {
  if (typeof values !== 'object' || values === null) return {}
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      name === 'limit' && value !== '' ? Number(value) : String(value),
    ]),
  )
}

interface Problematic {
  problem: string | null
  problem_code?: string | null
  problem_values?: Readonly<Record<string, string>>
}

/** What a thing's problem is: its reason in the reader's words, else the sentence as it is; null without a problem. */
export function useProblemWords(): (of: Problematic) => string | null {
  const reason = useReason()
  return useCallback(of => reason(of.problem_code, of.problem_values) ?? of.problem, [reason])
}
