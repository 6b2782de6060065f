/** Label, control, hint and error, tied together for screen readers. */
import {
  type InputHTMLAttributes,
  type ReactNode,
  type Ref,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
} from 'react'
import { classes } from '@/shared/lib/classes'
import './field.css'

interface Wrapped {
  label: string
  /** The label is for screen readers only. */
  quietLabel?: boolean | undefined
  hint?: ReactNode
  error?: string | null | undefined
}

interface Ids {
  id: string
  'aria-describedby': string | undefined
  'aria-invalid': true | undefined
}

function Field({
  label,
  quietLabel,
  hint,
  error,
  className,
  children,
}: Wrapped & { className?: string; children: (ids: Ids) => ReactNode }) {
  const id = useId()
  const described = [error && `${id}-error`, hint !== undefined && `${id}-hint`].filter(Boolean).join(' ')
  return (
    <div className={classes('field', className)}>
      <label htmlFor={id} className={classes('field-label', quietLabel && 'visually-hidden')}>
        {label}
      </label>
      {children({ id, 'aria-describedby': described || undefined, 'aria-invalid': error ? true : undefined })}
      {hint !== undefined && (
        <p id={`${id}-hint`} className="field-hint">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className="field-error" role="alert">
          {error}
        </p>
      )}
    </div>
  )
}

export type TextFieldProps = Wrapped & InputHTMLAttributes<HTMLInputElement> & { ref?: Ref<HTMLInputElement> }

export function TextField({ label, quietLabel, hint, error, ...input }: TextFieldProps) {
  return (
    <Field label={label} quietLabel={quietLabel} hint={hint} error={error}>
      {ids => <input type="text" className="control" {...input} {...ids} />}
    </Field>
  )
}

export type TextAreaProps = Wrapped &
  TextareaHTMLAttributes<HTMLTextAreaElement> & { ref?: Ref<HTMLTextAreaElement> }

export function TextArea({ label, quietLabel, hint, error, ...area }: TextAreaProps) {
  return (
    <Field label={label} quietLabel={quietLabel} hint={hint} error={error}>
      {ids => <textarea className="control" rows={3} {...area} {...ids} />}
    </Field>
  )
}

export interface Option<T extends string = string> {
  value: T
  label: string
}

export type SelectProps<T extends string> = Wrapped &
  Omit<SelectHTMLAttributes<HTMLSelectElement>, 'value' | 'onChange'> & {
    options: Option<T>[]
    value: T
    onChange: (value: T) => void
  }

/** A choice among few. The browser's own control: right on a phone, with a screen reader and in every language. */
export function Select<T extends string>({
  label,
  quietLabel,
  hint,
  error,
  options,
  value,
  onChange,
  ...rest
}: SelectProps<T>) {
  return (
    <Field label={label} quietLabel={quietLabel} hint={hint} error={error}>
      {ids => (
        <select
          className="control"
          {...rest}
          {...ids}
          value={value}
          onChange={event => {
            const chosen = options.find(one => one.value === event.target.value)
            if (chosen) onChange(chosen.value)
          }}
        >
          {options.map(one => (
            <option key={one.value} value={one.value}>
              {one.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}

export type CheckboxProps = Omit<InputHTMLAttributes<HTMLInputElement>, 'type' | 'onChange'> & {
  label: ReactNode
  hint?: ReactNode
  onChange: (checked: boolean) => void
  /** Drawn as a switch: takes effect at once. */
  asSwitch?: boolean
}

export function Checkbox({ label, hint, onChange, asSwitch = false, ...input }: CheckboxProps) {
  const id = useId()
  return (
    <div className={classes('checkbox', asSwitch && 'switch')}>
      <input
        {...input}
        id={id}
        type="checkbox"
        role={asSwitch ? 'switch' : undefined}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={event => onChange(event.target.checked)}
      />
      <label htmlFor={id}>{label}</label>
      {hint !== undefined && (
        <p id={`${id}-hint`} className="field-hint">
          {hint}
        </p>
      )}
    </div>
  )
}

/** A question with its answers as radio buttons. */
export function Choice<T extends string>({
  label,
  options,
  value,
  onChange,
}: {
  label: string
  options: (Option<T> & { hint?: string })[]
  value: T
  onChange: (value: T) => void
}) {
  const id = useId()
  return (
    <fieldset className="choice">
      <legend className="field-label">{label}</legend>
      {options.map(one => (
        <div key={one.value} className="checkbox">
          <input
            type="radio"
            name={id}
            id={`${id}-${one.value}`}
            checked={one.value === value}
            onChange={() => onChange(one.value)}
            aria-describedby={one.hint ? `${id}-${one.value}-hint` : undefined}
          />
          <label htmlFor={`${id}-${one.value}`}>{one.label}</label>
          {one.hint && (
            <p id={`${id}-${one.value}-hint`} className="field-hint">
              {one.hint}
            </p>
          )}
        </div>
      ))}
    </fieldset>
  )
}
