/** Name, password, and what went wrong; counts down where somebody guessed too often. */
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { answer, api } from '@/shared/api/client'
import { useExplain } from '@/shared/api/explain'
import type { SessionView } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { useSecond } from '@/shared/lib/now'
import { Button } from '@/shared/ui/button'
import { TextField } from '@/shared/ui/field'
import { retryAt, secondsLeft } from './slow-down'

export function SignInForm({ onSignedIn }: { onSignedIn: (session: SessionView) => void }) {
  const t = useWords('signIn')
  const explain = useExplain()
  const now = useSecond()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const signIn = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/session', { body: { email, password } })),
    onSuccess: onSignedIn,
    onError: () => setPassword(''),
  })
  const wait = retryAt(signIn.error)
  const left = wait === null ? 0 : secondsLeft(wait, now)
  const said = () => {
    if (!signIn.isError) return null
    if (wait === null) return explain(signIn.error)
    return left > 0 ? t('slow', { seconds: left }) : t('slowOver')
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (left === 0 && !signIn.isPending) signIn.mutate()
  }
  return (
    <form className="form" onSubmit={submit}>
      <TextField
        type="email"
        label={t('email')}
        autoComplete="username"
        autoFocus
        required
        value={email}
        onChange={event => setEmail(event.target.value)}
      />
      <TextField
        type="password"
        label={t('password')}
        autoComplete="current-password"
        required
        value={password}
        onChange={event => setPassword(event.target.value)}
        error={said()}
      />
      <Button kind="primary" type="submit" busy={signIn.isPending} disabled={left > 0}>
        {t('go')}
      </Button>
    </form>
  )
}
