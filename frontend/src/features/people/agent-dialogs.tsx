/** What a lead does with a colleague: edit, give a new password, switch off and on. */
import { useState } from 'react'
import { useFaults } from '@/shared/api/faults'
import type { AgentView } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { Confirm } from '@/shared/ui/confirm'
import { Choice, TextField } from '@/shared/ui/field'
import { FormDialog } from '@/shared/ui/form-dialog'
import { useEditAgent } from './edit-agent'
import { firstPassword } from './first-password'
import { PasswordField } from './password-field'
import { useAvailabilityOptions, useRoleOptions } from './roles'
import type { Told } from './tell-dialog'

export function EditAgentDialog({ agent, onClose }: { agent: AgentView; onClose: () => void }) {
  const t = useWords('people.edit')
  const ui = useWords('ui')
  const roles = useRoleOptions()
  const availabilities = useAvailabilityOptions({ mine: false })
  const [form, setForm] = useState({ name: agent.name, role: agent.role, availability: agent.availability })
  const edit = useEditAgent(agent, onClose)
  const faults = useFaults(edit.error, ['name'])
  return (
    <FormDialog
      onClose={onClose}
      title={t('title', { name: agent.name })}
      deed={ui('save')}
      onSubmit={() => edit.mutate(form)}
      busy={edit.isPending}
      problem={faults.rest}
    >
      <TextField
        label={t('name')}
        required
        maxLength={80}
        value={form.name}
        error={faults.at('name')}
        onChange={event => setForm({ ...form, name: event.target.value })}
      />
      <Choice
        label={t('role')}
        options={roles}
        value={form.role}
        onChange={role => setForm({ ...form, role })}
      />
      <Choice
        label={t('availability')}
        options={availabilities}
        value={form.availability}
        onChange={availability => setForm({ ...form, availability })}
      />
    </FormDialog>
  )
}

export function ResetPasswordDialog({
  agent,
  onClose,
  onReset,
}: {
  agent: AgentView
  onClose: () => void
  onReset: (told: Told) => void
}) {
  const t = useWords('people.reset')
  const [password, setPassword] = useState(firstPassword)
  const edit = useEditAgent(agent, () => onReset({ name: agent.name, email: agent.email, password }))
  const faults = useFaults(edit.error, ['password'])
  return (
    <FormDialog
      onClose={onClose}
      title={t('title', { name: agent.name })}
      width="small"
      deed={t('go')}
      onSubmit={() => edit.mutate({ password })}
      busy={edit.isPending}
      problem={faults.rest}
    >
      <p className="part-words">{t('words', { name: agent.name })}</p>
      <PasswordField value={password} onChange={setPassword} error={faults.at('password')} />
    </FormDialog>
  )
}

export function DisableDialog({ agent, onClose }: { agent: AgentView; onClose: () => void }) {
  const t = useWords('people.disable')
  const edit = useEditAgent(agent, onClose)
  return (
    <Confirm
      title={t('title', { name: agent.name })}
      deed={t('go')}
      onDo={() => edit.mutate({ disabled: true })}
      onClose={onClose}
      busy={edit.isPending}
      error={edit.error}
    >
      {t('words', { name: agent.name })}
    </Confirm>
  )
}
