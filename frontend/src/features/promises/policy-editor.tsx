/** Edits a policy: which tickets, what is promised, warnings, pauses; beside it what would be due when. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useMe } from '@/domain/session'
import { answer, api } from '@/shared/api/client'
import { useFaults } from '@/shared/api/faults'
import type { PolicyView } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { Button } from '@/shared/ui/button'
import { DurationField } from '@/shared/ui/duration-field'
import { Checkbox, Choice, Select, TextField } from '@/shared/ui/field'
import { EditorFrame } from './editor-frame'
import { PolicyConditions } from './policy-conditions'
import type { PolicyDraft } from './policy-draft'
import { PolicyPauses } from './policy-pauses'
import { PolicyTargets } from './policy-targets'
import { PolicyWarnings } from './policy-warnings'
import { PreviewPanel } from './preview-panel'
import { calendarsQuery, policiesKey } from './promises-queries'
import { RemoveRow } from './remove-row'
import { type Row, useEditor } from './use-editor'

function send(draft: PolicyDraft, policy: PolicyView | null): Promise<Row> {
  if (policy === null) return answer(api.POST('/api/v1/policies', { body: draft }))
  return answer(
    api.PUT('/api/v1/policies/{policy_id}', {
      params: { path: { policy_id: policy.id } },
      body: { ...draft, revision: policy.revision },
    }),
  )
}

function remove(policy: PolicyView): Promise<unknown> {
  const params = { path: { policy_id: policy.id }, query: { revision: policy.revision } }
  return answer(api.DELETE('/api/v1/policies/{policy_id}', { params }))
}

export function PolicyEditor({
  policy: present,
  begin,
  onBack,
}: {
  policy: PolicyView | null
  begin: PolicyDraft
  onBack: () => void
}) {
  const t = useWords('promises')
  const lead = useMe().role === 'lead'
  const { data: calendars = [] } = useQuery(calendarsQuery)
  const {
    row: policy,
    draft,
    setDraft,
    change,
    changed,
    save,
  } = useEditor(present, begin, policiesKey, send, onBack)
  const [deleting, setDeleting] = useState(false)
  const faults = useFaults(save.error, ['name', 'calendar_id', 'ingest_lag_s'])
  return (
    <EditorFrame
      title={draft.name || t('policy.new')}
      onBack={onBack}
      onSave={() => save.mutate()}
      saving={save.isPending}
      changed={changed}
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
        <RemoveRow
          what="policy"
          row={policy}
          rows={policiesKey}
          send={() => remove(policy)}
          onClose={() => setDeleting(false)}
          onRemoved={onBack}
        />
      )}
    </EditorFrame>
  )
}
