/** A sentence that stays on the page, with what can be done about it. */
import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { classes } from '@/shared/lib/classes'
import './notice.css'

const SIGNS = { plain: Info, kept: CircleCheck, soon: TriangleAlert, late: CircleAlert }

export function Notice({
  kind = 'plain',
  children,
  deed,
}: {
  kind?: keyof typeof SIGNS
  children: ReactNode
  deed?: ReactNode
}) {
  const Sign = SIGNS[kind]
  return (
    <div className={classes('notice', kind)} role={kind === 'late' ? 'alert' : 'status'}>
      <Sign aria-hidden="true" />
      <div className="notice-words">{children}</div>
      {deed}
    </div>
  )
}
