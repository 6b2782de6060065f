/** One word for how an account is: what a lead must see first. */
import type { BrandAccountView, HealthView } from '@/shared/api/views'

export type Standing = 'working' | 'silent' | 'broken' | 'disconnected'

export function standing(account: BrandAccountView, health: HealthView | undefined): Standing {
  if (account.state !== 'working') return account.state
  return health && health.failures > 0 ? 'silent' : 'working'
}

export const KINDS = {
  working: 'kept',
  silent: 'soon',
  broken: 'late',
  disconnected: '',
} as const satisfies Record<Standing, string>
