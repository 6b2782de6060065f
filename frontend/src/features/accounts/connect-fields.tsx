/** The questions of any network, drawn from what its adapter asks for: text, address, secret, yes or no. */
import { useNetworkWord } from '@/domain/network-words'
import type { ConnectFieldView } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { Checkbox, TextField } from '@/shared/ui/field'

export type Typed = Readonly<Record<string, string>>

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
  const word = useNetworkWord()
  const label = (field: ConnectFieldView) => word(field.label) ?? field.name
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
