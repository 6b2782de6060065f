/** Name, password, and what went wrong. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter, useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { sessionQuery } from '@/domain/session'
import { answer, api } from '@/shared/api/client'
import { useExplain } from '@/shared/api/explain'
import { useWords } from '@/shared/i18n/words'
import { Button } from '@/shared/ui/button'
import { TextField } from '@/shared/ui/field'
import './sign-in-page.css'

export function SignInPage() {
  const t = useWords('signIn')
  const explain = useExplain()
  const client = useQueryClient()
  const router = useRouter()
  const { back } = useSearch({ from: '/sign-in' })
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const signIn = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/session', { body: { email, password } })),
    onSuccess: session => {
      // What somebody else saw here before is forgotten.
      client.clear()
      client.setQueryData(sessionQuery.queryKey, session)
      router.history.push(back ?? '/')
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    signIn.mutate()
  }
  return (
    <main className="page-centred">
      <form className="entrance" onSubmit={submit}>
        <img src="/mark.svg" alt="" width="40" height="40" />
        <h1>{t('title')}</h1>
        <p>{t('welcome')}</p>
        <TextField
          type="email"
          label={t('email')}
          autoComplete="username"
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
          error={signIn.isError ? explain(signIn.error) : null}
        />
        <Button kind="primary" type="submit" busy={signIn.isPending}>
          {t('go')}
        </Button>
      </form>
    </main>
  )
}
