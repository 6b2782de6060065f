/** A question with any number of answers: a named group of check boxes. */
import { useId } from 'react'
import { Checkbox, type Option } from './field'
import './several.css'

export function Several<T extends string>({
  label,
  options,
  chosen,
  onChange,
  hint,
  error,
  none,
  disabled = false,
}: {
  label: string
  options: readonly Option<T>[]
  chosen: readonly T[]
  onChange: (chosen: T[]) => void
  hint?: string
  error?: string | null
  /** What to say when there is nothing to choose from. */
  none?: string
  disabled?: boolean
}) {
  const id = useId()
  const described = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' ')
  return (
    <fieldset className="several" disabled={disabled} aria-describedby={described || undefined}>
      <legend className="field-label">{label}</legend>
      {hint && (
        <p id={`${id}-hint`} className="field-hint">
          {hint}
        </p>
      )}
      {options.length === 0 && none && <p className="field-hint">{none}</p>}
      <div className="several-options">
        {options.map(one => (
          <Checkbox
            key={one.value}
            label={one.label}
            checked={chosen.includes(one.value)}
            onChange={on =>
              onChange(on ? [...chosen, one.value] : chosen.filter(known => known !== one.value))
            }
          />
        ))}
      </div>
      {error && (
        <p id={`${id}-error`} className="field-error" role="alert">
          {error}
        </p>
      )}
    </fieldset>
  )
}
