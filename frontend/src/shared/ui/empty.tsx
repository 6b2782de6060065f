/** What to say when there is nothing: what this place is for, and what to do next. */
import type { ReactNode } from 'react'
import './empty.css'

export function Empty({
  icon,
  title,
  children,
  deed,
}: {
  icon?: ReactNode
  title: string
  children?: ReactNode
  deed?: ReactNode
}) {
  return (
    <div className="empty">
      {icon !== undefined && <div className="empty-icon">{icon}</div>}
      <p className="empty-title">{title}</p>
      {children !== undefined && <p className="empty-words">{children}</p>}
      {deed !== undefined && <div className="empty-deed">{deed}</div>}
    </div>
  )
}
