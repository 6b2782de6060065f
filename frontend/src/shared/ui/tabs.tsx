/** Tabs: arrows walk them, the chosen one is in the tab order, its panel is named by it. */
import { type KeyboardEvent, type ReactNode, useId, useRef } from 'react'
import { classes } from '@/shared/lib/classes'
import './tabs.css'

export interface Tab<T extends string> {
  id: T
  label: string
  icon?: ReactNode
  /** Why it cannot be chosen with effect; it can still be looked at. */
  hint?: string | undefined
}

export function Tabs<T extends string>({
  label,
  tabs,
  chosen,
  onChoose,
  className,
  children,
  beside,
}: {
  label: string
  tabs: readonly Tab<T>[]
  chosen: T
  onChoose: (id: T) => void
  className?: string
  /** What stands at the other end of the line of tabs. */
  beside?: ReactNode
  children: ReactNode
}) {
  const id = useId()
  const list = useRef<HTMLDivElement>(null)
  const walk = (event: KeyboardEvent) => {
    const at = tabs.findIndex(one => one.id === chosen)
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key]
    if (to === undefined) return
    event.preventDefault()
    const next = tabs[(to + tabs.length) % tabs.length]
    if (!next) return
    onChoose(next.id)
    list.current?.querySelector<HTMLElement>(`[data-tab="${next.id}"]`)?.focus()
  }
  return (
    <div className={classes('tabs', className)}>
      <div className="tabs-line">
        <div
          role="tablist"
          aria-label={label}
          className="tabs-list"
          ref={list}
          onKeyDown={walk}
          tabIndex={-1}
        >
          {tabs.map(one => (
            <button
              key={one.id}
              type="button"
              role="tab"
              id={`${id}-${one.id}`}
              data-tab={one.id}
              data-tip={one.hint}
              aria-selected={one.id === chosen}
              aria-controls={`${id}-panel`}
              tabIndex={one.id === chosen ? 0 : -1}
              className="tab"
              onClick={() => onChoose(one.id)}
            >
              {one.icon}
              {one.label}
            </button>
          ))}
        </div>
        {beside}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${chosen}`} className="tabs-panel">
        {children}
      </div>
    </div>
  )
}
