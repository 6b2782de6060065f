/** A brand: name, colour, how long its tickets stay together, who gets them, which teams answer. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { brandsQuery, teamsQuery } from '@/domain/desk'
import { answer, api } from '@/shared/api/client'
import { useFaults } from '@/shared/api/faults'
import { putRow } from '@/shared/api/put-row'
import type { BrandView } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { DurationField } from '@/shared/ui/duration-field'
import { Select, TextField } from '@/shared/ui/field'
import { FormDialog } from '@/shared/ui/form-dialog'
import { Several } from '@/shared/ui/several'
import { SUGGESTED } from './colour'
import { ColourField } from './colour-field'

const DAY = 86_400

function useStrategies(): { value: string; label: string }[] {
  const t = useWords('accounts.assignment')
  const { data = [] } = useQuery({
    queryKey: ['assignment-strategies'],
    queryFn: () => answer(api.GET('/api/v1/assignment-strategies')),
    staleTime: Number.POSITIVE_INFINITY,
  })
  return data.map(({ name }) => {
    const known = name as 'off'
    return { value: name, label: t.has(known) ? t(known) : name }
  })
}

export function BrandDialog({
  brand,
  onClose,
  onCreated,
}: {
  brand: BrandView | null
  onClose: () => void
  onCreated?: (brand: BrandView) => void
}) {
  const t = useWords('accounts.brand')
  const assignment = useWords('accounts.assignment')
  const ui = useWords('ui')
  const client = useQueryClient()
  const { data: teams = [] } = useQuery(teamsQuery)
  const strategies = useStrategies()
  const [form, setForm] = useState({
    name: brand?.name ?? '',
    colour: brand?.colour ?? SUGGESTED[0] ?? '#2563eb',
    reopen_seconds: brand?.reopen_seconds ?? 7 * DAY,
    join_seconds: brand?.join_seconds ?? DAY,
    assignment: brand?.assignment ?? 'off',
    team_ids: brand?.team_ids ?? [],
  })
  const save = useMutation({
    mutationFn: async () => {
      const { name, colour, team_ids } = form
      if (brand === null) return answer(api.POST('/api/v1/brands', { body: { name, colour, team_ids } }))
      return answer(
        api.PATCH('/api/v1/brands/{brand_id}', {
          params: { path: { brand_id: brand.id } },
          body: { ...form, revision: brand.revision },
        }),
      )
    },
    onSuccess: saved => {
      putRow(client, brandsQuery.queryKey, saved)
      // Which team works for which brand stands on both.
      void client.invalidateQueries({ queryKey: teamsQuery.queryKey })
      onClose()
      if (brand === null) onCreated?.(saved)
    },
  })
  const faults = useFaults(save.error, [
    'name',
    'colour',
    'reopen_seconds',
    'join_seconds',
    'assignment',
    'team_ids',
  ])
  return (
    <FormDialog
      onClose={onClose}
      title={brand ? t('edit') : t('create')}
      deed={brand ? ui('save') : t('create_go')}
      onSubmit={() => save.mutate()}
      busy={save.isPending}
      problem={faults.rest}
    >
      <TextField
        label={t('name')}
        hint={t('nameHint')}
        required
        maxLength={80}
        autoFocus={brand === null}
        value={form.name}
        error={faults.at('name')}
        onChange={event => setForm({ ...form, name: event.target.value })}
      />
      <ColourField
        value={form.colour}
        name={form.name}
        error={faults.at('colour')}
        onChange={colour => setForm({ ...form, colour })}
      />
      {brand && (
        <>
          <div className="form-row">
            <DurationField
              label={t('reopen')}
              hint={t('reopenHint')}
              days
              value={form.reopen_seconds}
              error={faults.at('reopen_seconds')}
              onChange={seconds => setForm({ ...form, reopen_seconds: seconds ?? 0 })}
            />
            <DurationField
              label={t('join')}
              hint={t('joinHint')}
              days
              value={form.join_seconds}
              error={faults.at('join_seconds')}
              onChange={seconds => setForm({ ...form, join_seconds: seconds ?? 0 })}
            />
          </div>
          <Select
            label={t('assignment')}
            hint={form.assignment === 'off' ? assignment('offHint') : undefined}
            options={strategies}
            value={form.assignment}
            error={faults.at('assignment')}
            onChange={next => setForm({ ...form, assignment: next })}
          />
        </>
      )}
      <Several
        label={t('teams')}
        hint={t('teamsHint')}
        none={t('noTeams')}
        options={teams.map(team => ({ value: team.id, label: team.name }))}
        chosen={form.team_ids}
        error={faults.at('team_ids')}
        onChange={team_ids => setForm({ ...form, team_ids })}
      />
    </FormDialog>
  )
}
