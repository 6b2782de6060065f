/** A state as a word and a sign, never as colour alone. */
import { CheckCircle2, Circle, CircleDot, Clock, Moon, PauseCircle } from 'lucide-react'
import type { State } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import './ticket-state.css'

const SIGNS = {
  open: CircleDot,
  waiting: Clock,
  on_hold: PauseCircle,
  snoozed: Moon,
  resolved: CheckCircle2,
  closed: Circle,
} satisfies Record<State, unknown>

export function TicketState({ state }: { state: State }) {
  const t = useWords('desk.state')
  const Sign = SIGNS[state]
  return (
    <span className={`ticket-state ${state}`}>
      <Sign aria-hidden="true" />
      {t(state)}
    </span>
  )
}
