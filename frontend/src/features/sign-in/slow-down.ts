/** How long somebody who guessed too often still has to wait. */
import { Problem } from '@/shared/api/problem'

/** When the server will listen again, in milliseconds since 1970; null when the failure was another one. */
export function retryAt(error: unknown): number | null {
  if (!(error instanceof Problem) || error.code !== 'too_many_guesses') return null
  const at = typeof error.details.retry_at === 'string' ? Date.parse(error.details.retry_at) : Number.NaN
  return Number.isNaN(at) ? null : at
}

/** Whole seconds to wait, 0 when it is over. */
export function secondsLeft(at: number, now: number): number {
  return Math.max(0, Math.ceil((at - now) / 1000))
}
