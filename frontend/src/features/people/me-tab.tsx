/** My own profile: name, signature, language, availability, password. */
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useMe, useSetMe } from '@/domain/session'
import { answer, api } from '@/shared/api/client'
import { useExplain } from '@/shared/api/explain'
import { useFaults } from '@/shared/api/faults'
import type { MeView } from '@/shared/api/views'
import { type Language, useLanguage, useWords } from '@/shared/i18n/words'
import { initials } from '@/shared/ui/avatar'
import { Button } from '@/shared/ui/button'
import { Choice, Select, TextField } from '@/shared/ui/field'
import { Notice } from '@/shared/ui/notice'
import { toast } from '@/shared/ui/toast'
import { useAvailabilityOptions } from './roles'

function useEditMe(onDone?: () => void) {
  const setMe = useSetMe()
  return useMutation({
    mutationFn: (body: {
      name?: string
      signature?: string
      locale?: Language
      availability?: MeView['availability']
      password?: { old: string; new: string }
    }) => answer(api.PATCH('/api/v1/me', { body })),
    onSuccess: me => {
      setMe(me)
      onDone?.()
    },
  })
}

function Profile() {
  const t = useWords('people.me')
  const me = useMe()
  const [language, setLanguage] = useLanguage()
  const [form, setForm] = useState({ name: me.name, signature: me.signature })
  const edit = useEditMe(() => toast(t('saved'), { kind: 'kept' }))
  const speak = useEditMe()
  const faults = useFaults(edit.error, ['name', 'signature'])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!edit.isPending) edit.mutate(form)
  }
  return (
    <section className="part">
      <h2>{t('profile')}</h2>
      <form className="form" onSubmit={submit}>
        <TextField
          label={t('name')}
          required
          maxLength={80}
          autoComplete="name"
          value={form.name}
          error={faults.at('name')}
          onChange={event => setForm({ ...form, name: event.target.value })}
        />
        <TextField
          label={t('signature')}
          hint={t('signatureHint')}
          maxLength={200}
          placeholder={`^${initials(me.name)}`}
          value={form.signature}
          error={faults.at('signature')}
          onChange={event => setForm({ ...form, signature: event.target.value })}
        />
        <TextField label={t('email')} type="email" value={me.email} disabled hint={t('emailHint')} />
        {faults.rest && <Notice kind="late">{faults.rest}</Notice>}
        <div className="form-deeds">
          <Button type="submit" kind="primary" busy={edit.isPending}>
            {t('save')}
          </Button>
        </div>
      </form>
      <Select<Language>
        label={t('language')}
        options={[
          { value: 'en', label: 'English' },
          { value: 'fr', label: 'Français' },
        ]}
        value={language}
        onChange={next => {
          setLanguage(next)
          speak.mutate({ locale: next })
        }}
      />
    </section>
  )
}

function Availability() {
  const t = useWords('people.me')
  const me = useMe()
  const explain = useExplain()
  const options = useAvailabilityOptions({ mine: true })
  const edit = useEditMe()
  return (
    <section className="part">
      <Choice
        label={t('availability')}
        options={options}
        value={edit.isPending ? (edit.variables.availability ?? me.availability) : me.availability}
        onChange={availability =>
          edit.mutate({ availability }, { onError: error => toast(explain(error), { kind: 'late' }) })
        }
      />
    </section>
  )
}

function Password() {
  const t = useWords('people.me')
  const me = useMe()
  const [form, setForm] = useState({ old: '', new: '' })
  const edit = useEditMe(() => {
    setForm({ old: '', new: '' })
    toast(t('changed'), { kind: 'kept' })
  })
  const faults = useFaults(edit.error, ['password.old', 'password.new'])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!edit.isPending) edit.mutate({ password: form })
  }
  return (
    <section className="part">
      <h2>{t('password')}</h2>
      <form className="form" onSubmit={submit}>
        {/* So that a password manager knows whose password changes. */}
        <input type="hidden" autoComplete="username" value={me.email} readOnly />
        <TextField
          type="password"
          label={t('old')}
          required
          autoComplete="current-password"
          value={form.old}
          error={faults.at('password.old')}
          onChange={event => setForm({ ...form, old: event.target.value })}
        />
        <TextField
          type="password"
          label={t('fresh')}
          hint={t('freshHint')}
          required
          minLength={8}
          autoComplete="new-password"
          value={form.new}
          error={faults.at('password.new')}
          onChange={event => setForm({ ...form, new: event.target.value })}
        />
        {faults.rest && <Notice kind="late">{faults.rest}</Notice>}
        <div className="form-deeds">
          <Button type="submit" busy={edit.isPending}>
            {t('change')}
          </Button>
        </div>
      </form>
    </section>
  )
}

export function MeTab() {
  return (
    <div className="me-parts">
      <Profile />
      <Availability />
      <Password />
    </div>
  )
}
