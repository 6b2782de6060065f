/** A first password: made for one, readable, and another one at a press. */
import { RefreshCw } from 'lucide-react'
import { useWords } from '@/shared/i18n/words'
import { IconButton } from '@/shared/ui/button'
import { TextField } from '@/shared/ui/field'
import { firstPassword } from './first-password'

export function PasswordField({
  value,
  onChange,
  error,
}: {
  value: string
  onChange: (value: string) => void
  error: string | null
}) {
  const t = useWords('people.invite')
  return (
    <div className="password-line">
      <TextField
        label={t('password')}
        value={value}
        required
        minLength={8}
        autoComplete="off"
        spellCheck={false}
        error={error}
        onChange={event => onChange(event.target.value)}
      />
      <IconButton
        label={t('another')}
        icon={<RefreshCw />}
        kind="plain"
        onClick={() => onChange(firstPassword())}
      />
    </div>
  )
}
