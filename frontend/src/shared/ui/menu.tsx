/** A button with a menu or a searchable list under it; the list's machinery is loaded the first time one opens. */
import { type ReactNode, type RefObject, Suspense, useRef, useState } from 'react'
import { lazily } from '@/shared/lib/lazily'
import { Button, type ButtonProps } from './button'

export interface MenuEntry {
  id: string
  /** What it is called, and what typing finds it by. */
  label: string
  /** Further words that find it. */
  finds?: string
  icon?: ReactNode
  combo?: string
  danger?: boolean
  chosen?: boolean
  disabled?: boolean
  hint?: string
}

export interface MenuSection {
  title?: string
  entries: MenuEntry[]
}

export interface MenuListProps {
  label: string
  sections: MenuSection[]
  onChoose: (id: string) => void
  /** A field above the list narrows it; its placeholder. */
  search?: string
  /** Offered when nothing bears the typed name. */
  create?: (typed: string) => MenuEntry | null
  /** Several may be chosen; the list stays open. */
  many?: boolean
}

export interface PopMenuProps extends MenuListProps {
  open: boolean
  onClose: () => void
  anchor: RefObject<HTMLElement | null>
}

const Popover = lazily(() => import('./menu-popover'))

/** The list alone, under an element of one's own: for menus that a key opens. */
export function PopMenu(props: PopMenuProps) {
  if (!props.open) return null
  return (
    <Suspense>
      <Popover {...props} />
    </Suspense>
  )
}

export interface MenuButtonProps extends MenuListProps {
  button: Omit<ButtonProps, 'onClick' | 'ref'> & { [data: `data-${string}`]: string | undefined }
  /** Open it from outside, for a key. */
  open?: boolean
  onOpenChange?: (open: boolean) => void
}

export function MenuButton({ button, open, onOpenChange, ...list }: MenuButtonProps) {
  const anchor = useRef<HTMLButtonElement>(null)
  const [own, setOwn] = useState(false)
  const shown = open ?? own
  const show = (next: boolean) => {
    setOwn(next)
    onOpenChange?.(next)
  }
  return (
    <>
      <Button
        {...button}
        ref={anchor}
        aria-haspopup="menu"
        aria-expanded={shown}
        onClick={() => show(!shown)}
      />
      <PopMenu {...list} open={shown} onClose={() => show(false)} anchor={anchor} />
    </>
  )
}
