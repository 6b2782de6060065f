/** A team: its name, its people, its brands. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { brandsQuery, teamsQuery, useBrands, usePeople } from '@/domain/desk'
import { answer, api } from '@/shared/api/client'
import { useFaults } from '@/shared/api/faults'
import { putRow } from '@/shared/api/put-row'
import type { TeamView } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { TextField } from '@/shared/ui/field'
import { FormDialog } from '@/shared/ui/form-dialog'
import { Several } from '@/shared/ui/several'

export function TeamDialog({ team, onClose }: { team: TeamView | null; onClose: () => void }) {
  const t = useWords('people.team')
  const ui = useWords('ui')
  const client = useQueryClient()
  const agents = usePeople().filter(agent => !agent.disabled || team?.agent_ids.includes(agent.id))
  const brands = useBrands()
  const [form, setForm] = useState({
    name: team?.name ?? '',
    agent_ids: team?.agent_ids ?? [],
    brand_ids: team?.brand_ids ?? [],
  })
  const save = useMutation({
    mutationFn: () =>
      team === null
        ? answer(api.POST('/api/v1/teams', { body: form }))
        : answer(
            api.PUT('/api/v1/teams/{team_id}', {
              params: { path: { team_id: team.id } },
              body: { ...form, revision: team.revision },
            }),
          ),
    onSuccess: saved => {
      putRow(client, teamsQuery.queryKey, saved)
      void client.invalidateQueries({ queryKey: brandsQuery.queryKey })
      onClose()
    },
  })
  const faults = useFaults(save.error, ['name', 'agent_ids', 'brand_ids'])
  return (
    <FormDialog
      onClose={onClose}
      title={team ? t('title') : t('form')}
      deed={team ? ui('save') : t('form')}
      onSubmit={() => save.mutate()}
      busy={save.isPending}
      problem={faults.rest}
    >
      <TextField
        label={t('name')}
        required
        autoFocus
        maxLength={80}
        value={form.name}
        error={faults.at('name')}
        onChange={event => setForm({ ...form, name: event.target.value })}
      />
      <Several
        label={t('members')}
        options={agents.map(agent => ({ value: agent.id, label: agent.name }))}
        chosen={form.agent_ids}
        error={faults.at('agent_ids')}
        onChange={agent_ids => setForm({ ...form, agent_ids })}
      />
      <Several
        label={t('brands')}
        hint={t('brandsHint')}
        none={t('noBrands')}
        options={brands.map(brand => ({ value: brand.id, label: brand.name }))}
        chosen={form.brand_ids}
        error={faults.at('brand_ids')}
        onChange={brand_ids => setForm({ ...form, brand_ids })}
      />
    </FormDialog>
  )
}
