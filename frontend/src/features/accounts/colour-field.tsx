/** A brand's colour: picked, suggested or typed, and shown as it will look, corrected for contrast, in both themes. */
import { useState } from 'react'
import { brandStyle } from '@/domain/brand-name'
import { useFormats, useWords } from '@/shared/i18n/words'
import { classes } from '@/shared/lib/classes'
import { TextField } from '@/shared/ui/field'
import { contrastWithWhite, READABLE, readColour, SUGGESTED } from './colour'
import './colour-field.css'

function Sample({ colour, name, theme }: { colour: string; name: string; theme: 'light' | 'dark' }) {
  const t = useWords('accounts.brand')
  return (
    <div className={classes('branded colour-sample', theme)} style={brandStyle(colour)}>
      <small>{t(theme)}</small>
      <p>{t('sample', { name: name || '…' })}</p>
    </div>
  )
}

export function ColourField({
  value,
  onChange,
  name,
  error,
}: {
  value: string
  onChange: (colour: string) => void
  name: string
  error: string | null
}) {
  const t = useWords('accounts.brand')
  const format = useFormats()
  const [typed, setTyped] = useState<string | null>(null)
  const wrong = typed !== null && readColour(typed) === null
  const ratio = contrastWithWhite(value)
  return (
    <fieldset className="colour-field">
      <legend className="field-label">{t('colour')}</legend>
      <p className="field-hint">{t('colourHint')}</p>
      <div className="colour-line">
        <input
          type="color"
          className="colour-picker"
          aria-label={t('colour')}
          value={value}
          onChange={event => {
            setTyped(null)
            onChange(event.target.value)
          }}
        />
        {SUGGESTED.map(colour => (
          <button
            key={colour}
            type="button"
            className={classes('colour-swatch', colour === value && 'chosen')}
            style={{ background: colour }}
            aria-label={colour}
            aria-pressed={colour === value}
            onClick={() => {
              setTyped(null)
              onChange(colour)
            }}
          />
        ))}
        <TextField
          label={t('colourCode')}
          quietLabel
          size={9}
          spellCheck={false}
          value={typed ?? value}
          error={wrong ? t('colourWrong') : error}
          onChange={event => {
            setTyped(event.target.value)
            const colour = readColour(event.target.value)
            if (colour) onChange(colour)
          }}
          onBlur={() => {
            if (!wrong) setTyped(null)
          }}
        />
      </div>
      <div className="colour-samples">
        <Sample colour={value} name={name} theme="light" />
        <Sample colour={value} name={name} theme="dark" />
      </div>
      <p className="field-hint">
        {ratio >= READABLE
          ? t('colourFine')
          : t('colourCorrected', { ratio: `${format.number(ratio, { maximumFractionDigits: 1 })}:1` })}
      </p>
    </fieldset>
  )
}
