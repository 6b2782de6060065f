/** A new colleague: who, as what, in which teams, and with which first password. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { agentsQuery, teamsQuery } from '@/domain/desk'
import { answer, api } from '@/shared/api/client'
import { useFaults } from '@/shared/api/faults'
import { putRow } from '@/shared/api/put-row'
import { useWords } from '@/shared/i18n/words'
import { Choice, TextField } from '@/shared/ui/field'
import { FormDialog } from '@/shared/ui/form-dialog'
import { Several } from '@/shared/ui/several'
import { firstPassword } from './first-password'
import { PasswordField } from './password-field'
import { useRoleOptions } from './roles'
import type { Told } from './tell-dialog'

export function InviteDialog({
  onClose,
  onInvited,
}: {
  onClose: () => void
  onInvited: (told: Told) => void
}) {
  const t = useWords('people.invite')
  const client = useQueryClient()
  const roles = useRoleOptions()
  const { data: teams = [] } = useQuery(teamsQuery)
  const [form, setForm] = useState(() => ({
    name: '',
    email: '',
    role: 'agent' as 'agent' | 'lead',
    password: firstPassword(),
    team_ids: [] as string[],
  }))
  const invite = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/agents', { body: form })),
    onSuccess: agent => {
      putRow(client, agentsQuery.queryKey, agent)
      // Who is in which team changed too.
      void client.invalidateQueries({ queryKey: teamsQuery.queryKey })
      onInvited({ name: agent.name, email: agent.email, password: form.password })
    },
  })
  const faults = useFaults(invite.error, ['name', 'email', 'password', 'team_ids'])
  return (
    <FormDialog
      onClose={onClose}
      title={t('title')}
      deed={t('go')}
      onSubmit={() => invite.mutate()}
      busy={invite.isPending}
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
      <TextField
        type="email"
        label={t('email')}
        hint={t('emailHint')}
        required
        autoComplete="off"
        value={form.email}
        error={faults.at('email')}
        onChange={event => setForm({ ...form, email: event.target.value })}
      />
      <Choice
        label={t('role')}
        options={roles}
        value={form.role}
        onChange={role => setForm({ ...form, role })}
      />
      <Several
        label={t('teams')}
        none={t('noTeams')}
        options={teams.map(team => ({ value: team.id, label: team.name }))}
        chosen={form.team_ids}
        error={faults.at('team_ids')}
        onChange={team_ids => setForm({ ...form, team_ids })}
      />
      <PasswordField
        value={form.password}
        error={faults.at('password')}
        onChange={password => setForm({ ...form, password })}
      />
    </FormDialog>
  )
}
