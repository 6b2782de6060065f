/** The questions of any network, drawn from what its adapter asks for: text, address, secret, yes or no. */
import type { ConnectFieldView } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { Checkbox, TextField } from '@/shared/ui/field'

export type Typed = Readonly<Record<string, string>>

/** The adapter names a key of the catalogue; a network newer than this console shows the field's own name. */
function useFieldLabel(): (field: ConnectFieldView) => string {
  const t = useWords('connect')
  return field => {
    const known = field.label.replace(/^connect\./, '') as 'mastodon.server'
    return t.has(known) ? t(known) : field.name
  }
}

export function ConnectFields({
  fields,
  typed,
  onChange,
  error,
  byOwnPage,
}: {
  fields: readonly ConnectFieldView[]
  typed: Typed
  onChange: (typed: Typed) => void
  error: (name: string) => string | null
  /** Without a secret one signs in on the network's own page. */
  byOwnPage: boolean
}) {
  const t = useWords('accounts.connect')
  const label = useFieldLabel()
  return (
    <>
      {fields.map((field, n) => {
        const set = (value: string) => onChange({ ...typed, [field.name]: value })
        const value = typed[field.name] ?? ''
        if (field.kind === 'yes_no')
          return (
            <Checkbox
              key={field.name}
              label={label(field)}
              checked={value === 'yes'}
              onChange={on => set(on ? 'yes' : '')}
            />
          )
        const secret = field.kind === 'secret'
        return (
          <TextField
            key={field.name}
            type={secret ? 'password' : 'text'}
            inputMode={field.kind === 'url' ? 'url' : 'text'}
            label={field.required ? label(field) : `${label(field)} (${t('optional')})`}
            hint={secret && byOwnPage && !field.required ? t('secretHint') : undefined}
            placeholder={field.placeholder}
            required={field.required}
            autoFocus={n === 0}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            value={value}
            error={error(field.name)}
            onChange={event => set(event.target.value)}
          />
        )
      })}
    </>
  )
}
