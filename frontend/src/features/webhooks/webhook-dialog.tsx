/** Make or change a webhook: its address, what it hears, of which brands, and how much it is told. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useBrands } from '@/domain/desk'
import { answer, api } from '@/shared/api/client'
import { useFaults } from '@/shared/api/faults'
import { putRow } from '@/shared/api/put-row'
import type { NewWebhookView, WebhookView } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { Choice, TextField } from '@/shared/ui/field'
import { FormDialog } from '@/shared/ui/form-dialog'
import { Several } from '@/shared/ui/several'
import { typesQuery, webhooksKey } from './webhooks-queries'

export function WebhookDialog({
  webhook,
  onClose,
  onMade,
}: {
  webhook: WebhookView | null
  onClose: () => void
  onMade?: (made: NewWebhookView) => void
}) {
  const t = useWords('webhooks.form')
  const ui = useWords('ui')
  const client = useQueryClient()
  const brands = useBrands()
  const types = useQuery(typesQuery).data?.types ?? []
  const [form, setForm] = useState({
    name: webhook?.name ?? '',
    url: webhook?.url ?? '',
    types: webhook?.types ?? null,
    brand_ids: webhook?.brand_ids ?? null,
    full: webhook?.full ?? false,
  })
  const save = useMutation({
    mutationFn: async (): Promise<NewWebhookView | WebhookView> =>
      webhook === null
        ? answer(api.POST('/api/v1/webhooks', { body: form }))
        : answer(
            api.PUT('/api/v1/webhooks/{webhook_id}', {
              params: { path: { webhook_id: webhook.id } },
              body: { ...form, revision: webhook.revision, active: webhook.active },
            }),
          ),
    onSuccess: saved => {
      putRow(client, webhooksKey, 'secret' in saved ? saved.webhook : saved)
      if ('secret' in saved) onMade?.(saved)
      else onClose()
    },
  })
  const faults = useFaults(save.error, ['name', 'url', 'types', 'brand_ids'])
  return (
    <FormDialog
      onClose={onClose}
      width="large"
      title={webhook ? t('edit') : t('make')}
      deed={webhook ? ui('save') : t('make')}
      onSubmit={() => save.mutate()}
      busy={save.isPending}
      problem={faults.rest}
    >
      <TextField
        label={t('name')}
        hint={t('nameHint')}
        required
        autoFocus
        maxLength={80}
        value={form.name}
        error={faults.at('name')}
        onChange={event => setForm({ ...form, name: event.target.value })}
      />
      <TextField
        label={t('url')}
        hint={t('urlHint')}
        required
        type="url"
        inputMode="url"
        autoComplete="off"
        spellCheck={false}
        maxLength={2000}
        placeholder="https://"
        value={form.url}
        error={faults.at('url')}
        onChange={event => setForm({ ...form, url: event.target.value })}
      />
      <Choice
        label={t('types')}
        value={form.types === null ? 'all' : 'some'}
        options={[
          { value: 'all', label: t('allTypes'), hint: t('allTypesHint') },
          { value: 'some', label: t('someTypes') },
        ]}
        onChange={which => setForm({ ...form, types: which === 'all' ? null : (form.types ?? []) })}
      />
      {form.types !== null && (
        <Several
          label={t('chosenTypes')}
          options={types.map(type => ({ value: type, label: type }))}
          chosen={form.types}
          error={faults.at('types')}
          onChange={chosen => setForm({ ...form, types: chosen })}
        />
      )}
      <Choice
        label={t('brands')}
        value={form.brand_ids === null ? 'all' : 'some'}
        options={[
          { value: 'all', label: t('allBrands'), hint: t('allBrandsHint') },
          { value: 'some', label: t('someBrands') },
        ]}
        onChange={which => setForm({ ...form, brand_ids: which === 'all' ? null : (form.brand_ids ?? []) })}
      />
      {form.brand_ids !== null && (
        <Several
          label={t('chosenBrands')}
          options={brands.map(brand => ({ value: brand.id, label: brand.name }))}
          chosen={form.brand_ids}
          error={faults.at('brand_ids')}
          onChange={chosen => setForm({ ...form, brand_ids: chosen })}
        />
      )}
      <Choice
        label={t('payload')}
        value={form.full ? 'full' : 'thin'}
        options={[
          { value: 'thin', label: t('thin'), hint: t('thinHint') },
          { value: 'full', label: t('full'), hint: t('fullHint') },
        ]}
        onChange={which => setForm({ ...form, full: which === 'full' })}
      />
    </FormDialog>
  )
}
