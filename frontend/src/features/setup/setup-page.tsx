/** The first visit: the first lead and the first brand. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { sessionQuery } from '@/domain/session'
import { answer, api } from '@/shared/api/client'
import { useExplain } from '@/shared/api/explain'
import { Problem } from '@/shared/api/problem'
import { useLanguage, useWords } from '@/shared/i18n/words'
import { Button } from '@/shared/ui/button'
import { TextField } from '@/shared/ui/field'
import './setup-page.css'

export function SetupPage() {
  const t = useWords('setup')
  const explain = useExplain()
  const client = useQueryClient()
  const router = useRouter()
  const [language] = useLanguage()
  const [form, setForm] = useState({ name: '', email: '', password: '', brand_name: '' })
  const setup = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/setup', { body: { ...form, locale: language } })),
    onSuccess: session => {
      client.clear()
      client.setQueryData(sessionQuery.queryKey, session)
      router.history.push('/accounts')
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setup.mutate()
  }
  const fault = setup.error instanceof Problem ? setup.error.field : null
  const field = (name: keyof typeof form) => ({
    value: form[name],
    required: true,
    error: setup.isError && fault === name ? explain(setup.error) : null,
    onChange: (event: { target: { value: string } }) => setForm({ ...form, [name]: event.target.value }),
  })
  return (
    <main className="page-centred">
      <form className="setup" onSubmit={submit}>
        <img src="/mark.svg" alt="" width="40" height="40" />
        <h1>{t('title')}</h1>
        <p>{t('words')}</p>
        <TextField label={t('name')} autoComplete="name" {...field('name')} />
        <TextField type="email" label={t('email')} autoComplete="username" {...field('email')} />
        <TextField
          type="password"
          label={t('password')}
          hint={t('passwordHint')}
          autoComplete="new-password"
          {...field('password')}
        />
        <TextField
          label={t('brand')}
          hint={t('brandHint')}
          autoComplete="organization"
          {...field('brand_name')}
        />
        {setup.isError && !['name', 'email', 'password', 'brand_name'].includes(fault ?? '') && (
          <p className="field-error" role="alert">
            {explain(setup.error)}
          </p>
        )}
        <Button kind="primary" type="submit" busy={setup.isPending}>
          {t('go')}
        </Button>
      </form>
    </main>
  )
}
