/** Edits a policy: which tickets, what is promised, warnings, pauses; beside it what would be due when. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useMe } from '@/domain/session'
import { answer, api } from '@/shared/api/client'
import { useFaults } from '@/shared/api/faults'
import { dropRow, putRow } from '@/shared/api/put-row'
import type { PolicyView } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { Button } from '@/shared/ui/button'
import { Confirm } from '@/shared/ui/confirm'
import { DurationField } from '@/shared/ui/duration-field'
import { Checkbox, Choice, Select, TextField } from '@/shared/ui/field'
import { toast } from '@/shared/ui/toast'
import { EditorFrame } from './editor-frame'
import { PolicyConditions } from './policy-conditions'
import type { PolicyDraft } from './policy-draft'
import { PolicyPauses } from './policy-pauses'
import { PolicyTargets } from './policy-targets'
import { PolicyWarnings } from './policy-warnings'
import { PreviewPanel } from './preview-panel'
import { calendarsQuery, policiesKey } from './promises-queries'

function useSave(policy: PolicyView | null, onDone: () => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (draft: PolicyDraft) =>
      policy === null
        ? answer(api.POST('/api/v1/policies', { body: draft }))
        : answer(
            api.PUT('/api/v1/policies/{policy_id}', {
              params: { path: { policy_id: policy.id } },
              body: { ...draft, revision: policy.revision },
            }),
          ),
    onSuccess: saved => {
      putRow(client, policiesKey, saved)
      onDone()
    },
  })
}

function DeletePolicy({
  policy,
  onClose,
  onDeleted,
}: {
  policy: PolicyView
  onClose: () => void
  onDeleted: () => void
}) {
  const t = useWords('promises.policy')
  const client = useQueryClient()
  const remove = useMutation({
    mutationFn: () =>
      answer(
        api.DELETE('/api/v1/policies/{policy_id}', {
          params: { path: { policy_id: policy.id }, query: { revision: policy.revision } },
        }),
      ),
    onSuccess: () => {
      dropRow(client, policiesKey, policy.id)
      onDeleted()
    },
  })
  return (
    <Confirm
      title={t('removeTitle', { name: policy.name })}
      deed={t('removeGo')}
      onDo={() => remove.mutate()}
      onClose={onClose}
      busy={remove.isPending}
      error={remove.error}
    >
      {t('removeWords')}
    </Confirm>
  )
}

export function PolicyEditor({
  policy: present,
  begin: beginning,
  onBack,
}: {
  policy: PolicyView | null
  begin: PolicyDraft
  onBack: () => void
}) {
  const t = useWords('promises')
  const lead = useMe().role === 'lead'
  const { data: calendars = [] } = useQuery(calendarsQuery)
  // The page hears of a colleague's change; the form was filled before it, and says so when it is saved.
  const [{ policy, begin }] = useState({ policy: present, begin: beginning })
  const [draft, setDraft] = useState(begin)
  const [deleting, setDeleting] = useState(false)
  const save = useSave(policy, () => {
    toast(t('saved'), { kind: 'kept' })
    onBack()
  })
  const faults = useFaults(save.error, ['name', 'calendar_id', 'ingest_lag_s'])
  const change = (some: Partial<PolicyDraft>) => setDraft(before => ({ ...before, ...some }))
  return (
    <EditorFrame
      title={draft.name || t('policy.new')}
      onBack={onBack}
      onSave={() => save.mutate(draft)}
      saving={save.isPending}
      changed={policy === null || JSON.stringify(draft) !== JSON.stringify(begin)}
      problem={faults.rest}
      canEdit={lead}
      beside={<PreviewPanel policy={draft} />}
      deeds={
        policy && (
          <Button kind="danger" onClick={() => setDeleting(true)}>
            {t('policy.remove')}
          </Button>
        )
      }
    >
      <section className="part">
        <div className="form-row">
          <TextField
            label={t('policy.name')}
            required
            maxLength={80}
            value={draft.name}
            error={faults.at('name')}
            onChange={event => change({ name: event.target.value })}
          />
          <Select
            label={t('policy.calendar')}
            options={[
              { value: '', label: t('policy.calendarNone') },
              ...calendars.map(one => ({ value: one.id, label: one.name })),
            ]}
            value={draft.calendar_id ?? ''}
            error={faults.at('calendar_id')}
            onChange={id => change({ calendar_id: id || null })}
          />
        </div>
        <Checkbox
          asSwitch
          label={t('policy.enabled')}
          hint={t('policy.enabledHint')}
          checked={draft.enabled}
          onChange={enabled => change({ enabled })}
        />
      </section>
      <PolicyConditions conditions={draft.conditions} onChange={conditions => change({ conditions })} />
      <PolicyTargets draft={draft} onChange={setDraft} />
      <PolicyWarnings draft={draft} onChange={setDraft} />
      <PolicyPauses pauses={draft.pauses} onChange={pauses => change({ pauses })} />
      <section className="part">
        <Choice
          label={t('policy.reopen')}
          options={[
            { value: 'resume', label: t('policy.reopenResume') },
            { value: 'restart', label: t('policy.reopenRestart') },
            { value: 'keep', label: t('policy.reopenKeep') },
          ]}
          value={draft.reopen}
          onChange={reopen => change({ reopen })}
        />
      </section>
      <section className="part">
        <h2>{t('policy.more')}</h2>
        <Checkbox
          label={t('policy.automatic')}
          checked={draft.count_automatic}
          onChange={count_automatic => change({ count_automatic })}
        />
        <DurationField
          label={t('policy.lag')}
          hint={t('policy.lagHint')}
          value={draft.ingest_lag_s}
          error={faults.at('ingest_lag_s')}
          onChange={seconds => change({ ingest_lag_s: seconds ?? 0 })}
        />
      </section>
      {deleting && policy && (
        <DeletePolicy policy={policy} onClose={() => setDeleting(false)} onDeleted={onBack} />
      )}
    </EditorFrame>
  )
}
