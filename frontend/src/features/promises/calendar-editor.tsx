/** Edits a calendar: zone, hours of the week, days off, special hours; beside it what it does to a policy's promises. */
import { useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { useMe } from '@/domain/session'
import { answer, api } from '@/shared/api/client'
import { useFaults } from '@/shared/api/faults'
import type { CalendarView } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { Button } from '@/shared/ui/button'
import { Checkbox, Select, TextField } from '@/shared/ui/field'
import { Notice } from '@/shared/ui/notice'
import { type CalendarDraft, hasEmptyWindow } from './calendar-draft'
import { DaysOff } from './days-off'
import { EditorFrame } from './editor-frame'
import { draftOf as policyDraftOf } from './policy-draft'
import { PreviewPanel } from './preview-panel'
import { calendarsKey, policiesQuery } from './promises-queries'
import { RemoveRow } from './remove-row'
import { SpecialHours } from './special-hours'
import { type Row, useEditor } from './use-editor'
import { WeekEditor } from './week-editor'

function Preview({ calendar, id }: { calendar: CalendarDraft; id: string | null }) {
  const t = useWords('promises.preview')
  const { data: policies = [] } = useQuery(policiesQuery)
  const [chosen, setChosen] = useState<string | null>(null)
  const policy =
    policies.find(one => one.id === chosen) ?? policies.find(one => one.calendar_id === id) ?? policies[0]
  if (!policy) return <p className="field-hint">{t('none')}</p>
  return (
    <div className="form">
      {policies.length > 1 && (
        <Select
          label={t('policy')}
          options={policies.map(one => ({ value: one.id, label: one.name }))}
          value={policy.id}
          onChange={setChosen}
        />
      )}
      <PreviewPanel policy={policyDraftOf(policy)} calendar={calendar} />
    </div>
  )
}

function send(draft: CalendarDraft, calendar: CalendarView | null): Promise<Row> {
  if (calendar === null) return answer(api.POST('/api/v1/calendars', { body: draft }))
  return answer(
    api.PUT('/api/v1/calendars/{calendar_id}', {
      params: { path: { calendar_id: calendar.id } },
      body: { ...draft, revision: calendar.revision },
    }),
  )
}

function remove(calendar: CalendarView): Promise<unknown> {
  const params = { path: { calendar_id: calendar.id }, query: { revision: calendar.revision } }
  return answer(api.DELETE('/api/v1/calendars/{calendar_id}', { params }))
}

export function CalendarEditor({
  calendar: present,
  begin,
  onBack,
}: {
  calendar: CalendarView | null
  begin: CalendarDraft
  onBack: () => void
}) {
  const t = useWords('promises')
  const lead = useMe().role === 'lead'
  const zones = useId()
  const {
    row: calendar,
    draft,
    setDraft,
    change,
    changed,
    save,
  } = useEditor(present, begin, calendarsKey, send, onBack)
  const [deleting, setDeleting] = useState(false)
  const faults = useFaults(save.error, ['name', 'tz', 'hours', 'feed'])
  const refused = hasEmptyWindow(draft)
  return (
    <EditorFrame
      title={draft.name || t('calendar.new')}
      onBack={onBack}
      onSave={() => save.mutate()}
      saving={save.isPending}
      changed={changed && !refused}
      problem={faults.rest}
      canEdit={lead}
      beside={<Preview calendar={draft} id={calendar?.id ?? null} />}
      deeds={
        calendar && (
          <Button kind="danger" onClick={() => setDeleting(true)}>
            {t('calendar.remove')}
          </Button>
        )
      }
    >
      <section className="part">
        <div className="form-row">
          <TextField
            label={t('calendar.name')}
            required
            maxLength={80}
            value={draft.name}
            error={faults.at('name')}
            onChange={event => change({ name: event.target.value })}
          />
          <TextField
            label={t('calendar.tz')}
            hint={t('calendar.tzHint')}
            required
            list={zones}
            autoComplete="off"
            spellCheck={false}
            value={draft.tz}
            error={faults.at('tz')}
            onChange={event => change({ tz: event.target.value })}
          />
          <datalist id={zones}>
            {Intl.supportedValuesOf('timeZone').map(zone => (
              <option key={zone} value={zone} />
            ))}
          </datalist>
        </div>
      </section>
      <section className="part">
        <h2>{t('calendar.hours')}</h2>
        <Checkbox
          asSwitch
          label={t('calendar.always')}
          hint={t('calendar.alwaysHint')}
          checked={draft.always}
          onChange={always => change({ always })}
        />
        {!draft.always && <WeekEditor draft={draft} onChange={setDraft} />}
        {faults.at('hours') && <Notice kind="late">{faults.at('hours')}</Notice>}
      </section>
      {!draft.always && (
        <>
          <DaysOff draft={draft} onChange={setDraft} feedFault={faults.at('feed')} />
          <SpecialHours draft={draft} onChange={setDraft} />
        </>
      )}
      {deleting && calendar && (
        <RemoveRow
          what="calendar"
          row={calendar}
          rows={calendarsKey}
          send={() => remove(calendar)}
          onClose={() => setDeleting(false)}
          onRemoved={onBack}
        />
      )}
    </EditorFrame>
  )
}
