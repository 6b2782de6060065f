/** A length of time, typed as people write it and shown back as it was understood. */
import { useState } from 'react'
import { useLocale, useWords } from '@/shared/i18n/words'
import { formatDuration, parseDuration } from '@/shared/lib/duration'
import { TextField, type TextFieldProps } from './field'

export type DurationFieldProps = Omit<TextFieldProps, 'value' | 'onChange'> & {
  /** Seconds; null where nothing is set. */
  value: number | null
  onChange: (seconds: number | null) => void
  /** Empty is an answer too. */
  optional?: boolean
  /** Days are written as days; working time has none. */
  days?: boolean
}

export function DurationField({
  value,
  onChange,
  optional = false,
  days = false,
  error,
  ...field
}: DurationFieldProps) {
  const t = useWords('ui')
  const language = useLocale() === 'fr' ? 'fr' : 'en'
  const written = value === null ? '' : formatDuration(value, language, { days })
  const [typed, setTyped] = useState<string | null>(null)
  const wrong = typed !== null && parseDuration(typed) === null && !(optional && typed.trim() === '')
  return (
    <TextField
      {...field}
      value={typed ?? written}
      error={wrong ? t('noDuration') : error}
      inputMode="text"
      onFocus={event => event.target.select()}
      onChange={event => {
        const text = event.target.value
        setTyped(text)
        const seconds = parseDuration(text)
        if (seconds !== null) onChange(seconds)
        else if (optional && text.trim() === '') onChange(null)
      }}
      onBlur={() => {
        if (!wrong) setTyped(null)
      }}
    />
  )
}
