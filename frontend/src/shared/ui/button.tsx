/** A button: a word, an icon or both; its name and its key appear in the tip. */
import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react'
import { classes } from '@/shared/lib/classes'
import './button.css'

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: 'primary' | 'plain' | 'quiet' | 'danger'
  size?: 'small' | 'medium'
  icon?: ReactNode
  /** The key that does the same, shown in the tip. */
  combo?: string | undefined
  /** Under way: it can be read but not pressed again. */
  busy?: boolean
  ref?: Ref<HTMLButtonElement>
}

export function Button({
  kind = 'plain',
  size = 'medium',
  icon,
  combo,
  busy = false,
  children,
  className,
  disabled,
  type = 'button',
  ...rest
}: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      disabled={disabled}
      aria-busy={busy || undefined}
      onClick={busy ? undefined : rest.onClick}
      data-tip-key={combo}
      className={classes('button', kind, size, className)}
    >
      {icon}
      {children !== undefined && <span className="button-word">{children}</span>}
    </button>
  )
}

/** A button with an icon only; `label` is its name for everybody. */
export function IconButton({
  label,
  ...rest
}: Omit<ButtonProps, 'children'> & { label: string; icon: ReactNode }) {
  return (
    <Button
      kind="quiet"
      data-tip={label}
      {...rest}
      aria-label={label}
      className={classes('icon-button', rest.className)}
    />
  )
}
