/** Which clocks still wait for something. */
import type { ClockLineView } from '@/shared/api/views'

/** Still to be done; a missed one is, until it is answered or taken off. */
export function isOpen(clock: ClockLineView): boolean {
  if (clock.state === 'running' || clock.state === 'paused') return true
  return clock.state === 'breached' && clock.met_at === null && clock.cancelled_at === null
}
