/** Roles and availabilities as choices, with what each means. */
import { useWords } from '@/shared/i18n/words'

export function useRoleOptions() {
  const t = useWords('people.role')
  return (['agent', 'lead'] as const).map(value => ({ value, label: t(value), hint: t(`${value}Hint`) }))
}

export function useAvailabilityOptions({ mine }: { mine: boolean }) {
  const t = useWords('people.availability')
  return (['available', 'away', 'handover'] as const).map(value => ({
    value,
    label: t(value),
    ...(mine && { hint: t(`${value}Hint`) }),
  }))
}
