/** The first lead and the first brand. */
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { answer, api } from '@/shared/api/client'
import { useFaults } from '@/shared/api/faults'
import type { SessionView } from '@/shared/api/views'
import { useLanguage, useWords } from '@/shared/i18n/words'
import { Button } from '@/shared/ui/button'
import { TextField } from '@/shared/ui/field'
import { Notice } from '@/shared/ui/notice'

const EMPTY = { name: '', email: '', password: '', brand_name: '' }

export function SetupForm({ onDone }: { onDone: (session: SessionView) => void }) {
  const t = useWords('setup')
  const [language] = useLanguage()
  const [form, setForm] = useState(EMPTY)
  const setup = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/setup', { body: { ...form, locale: language } })),
    onSuccess: onDone,
  })
  const faults = useFaults(setup.error, Object.keys(EMPTY))
  const field = (name: keyof typeof form) => ({
    value: form[name],
    required: true,
    error: faults.at(name),
    onChange: (event: { target: { value: string } }) => setForm({ ...form, [name]: event.target.value }),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!setup.isPending) setup.mutate()
  }
  return (
    <form className="form" onSubmit={submit}>
      <TextField label={t('name')} autoComplete="name" maxLength={80} autoFocus {...field('name')} />
      <TextField type="email" label={t('email')} autoComplete="username" {...field('email')} />
      <TextField
        type="password"
        label={t('password')}
        hint={t('passwordHint')}
        autoComplete="new-password"
        minLength={8}
        {...field('password')}
      />
      <TextField
        label={t('brand')}
        hint={t('brandHint')}
        autoComplete="organization"
        maxLength={80}
        {...field('brand_name')}
      />
      {faults.rest && <Notice kind="late">{faults.rest}</Notice>}
      <Button kind="primary" type="submit" busy={setup.isPending}>
        {t('go')}
      </Button>
      <p className="field-hint">{t('next')}</p>
    </form>
  )
}
