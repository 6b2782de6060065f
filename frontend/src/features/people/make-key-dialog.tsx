/** A key for another system: its name, what it may in words, for which brands, how long. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { keysQuery, useBrands } from '@/domain/desk'
import { answer, api } from '@/shared/api/client'
import { useFaults } from '@/shared/api/faults'
import type { KeyView, MadeKeyView } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { Checkbox, Choice, Select, TextField } from '@/shared/ui/field'
import { FormDialog } from '@/shared/ui/form-dialog'
import { Several } from '@/shared/ui/several'

type Scope = KeyView['scopes'][number]
const SCOPES: readonly Scope[] = ['read', 'work', 'reply', 'administer']
const DAYS = { d30: 30, d90: 90, d365: 365, never: null } as const
type Lasts = keyof typeof DAYS
const DAY_MS = 86_400_000

function expiry(lasts: Lasts): string | null {
  const days = DAYS[lasts]
  return days === null ? null : new Date(Date.now() + days * DAY_MS).toISOString()
}

export function MakeKeyDialog({
  onClose,
  onMade,
}: {
  onClose: () => void
  onMade: (made: MadeKeyView) => void
}) {
  const t = useWords('people.keys')
  const client = useQueryClient()
  const brands = useBrands()
  const [tried, setTried] = useState(false)
  const [form, setForm] = useState({
    name: '',
    scopes: ['read'] as Scope[],
    where: 'all' as 'all' | 'some',
    brand_ids: [] as string[],
    lasts: 'd365' as Lasts,
    per_minute: '600',
  })
  const make = useMutation({
    mutationFn: () =>
      answer(
        api.POST('/api/v1/keys', {
          body: {
            name: form.name,
            scopes: form.scopes,
            brand_ids: form.where === 'all' ? null : form.brand_ids,
            expires_at: expiry(form.lasts),
            per_minute: Number(form.per_minute),
          },
        }),
      ),
    onSuccess: made => {
      client.setQueryData(keysQuery.queryKey, list => list && [made.key, ...list])
      onMade(made)
    },
  })
  const faults = useFaults(make.error, ['name', 'scopes', 'brand_ids', 'per_minute'])
  const noScope = form.scopes.length === 0
  const noBrand = form.where === 'some' && form.brand_ids.length === 0
  const submit = () => {
    setTried(true)
    if (!noScope && !noBrand) make.mutate()
  }
  const scopeError = tried && noScope ? t('noScope') : faults.at('scopes')
  return (
    <FormDialog
      onClose={onClose}
      title={t('make')}
      deed={t('make')}
      onSubmit={submit}
      busy={make.isPending}
      problem={faults.rest}
    >
      <TextField
        label={t('name')}
        hint={t('nameHint')}
        required
        autoFocus
        maxLength={80}
        autoComplete="off"
        value={form.name}
        error={faults.at('name')}
        onChange={event => setForm({ ...form, name: event.target.value })}
      />
      <fieldset className="choice">
        <legend className="field-label">{t('scopes')}</legend>
        {SCOPES.map(scope => (
          <Checkbox
            key={scope}
            label={t(`scope.${scope}`)}
            hint={t(`scopeHint.${scope}`)}
            checked={form.scopes.includes(scope)}
            onChange={on =>
              setForm({
                ...form,
                scopes: SCOPES.filter(one => (one === scope ? on : form.scopes.includes(one))),
              })
            }
          />
        ))}
        {scopeError && (
          <p className="field-error" role="alert">
            {scopeError}
          </p>
        )}
      </fieldset>
      <Choice
        label={t('brands')}
        options={[
          { value: 'all', label: t('allBrands'), hint: t('allHint') },
          { value: 'some', label: t('some') },
        ]}
        value={form.where}
        onChange={where => setForm({ ...form, where })}
      />
      {form.where === 'some' && (
        <Several
          label={t('some')}
          options={brands.map(brand => ({ value: brand.id, label: brand.name }))}
          chosen={form.brand_ids}
          error={tried && noBrand ? t('noBrand') : faults.at('brand_ids')}
          onChange={brand_ids => setForm({ ...form, brand_ids })}
        />
      )}
      <Select<Lasts>
        label={t('endsIn')}
        options={(['d30', 'd90', 'd365', 'never'] as const).map(value => ({
          value,
          label: t(`for.${value}`),
        }))}
        value={form.lasts}
        onChange={lasts => setForm({ ...form, lasts })}
      />
      <TextField
        type="number"
        label={t('perMinute')}
        hint={t('perMinuteHint')}
        required
        min={1}
        max={60_000}
        value={form.per_minute}
        error={faults.at('per_minute')}
        onChange={event => setForm({ ...form, per_minute: event.target.value })}
      />
    </FormDialog>
  )
}
