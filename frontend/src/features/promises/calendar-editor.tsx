/** Edits a calendar: zone, hours of the week, days off, special hours; beside it what it does to a policy's promises. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { useMe } from '@/domain/session'
import { answer, api } from '@/shared/api/client'
import { useFaults } from '@/shared/api/faults'
import { dropRow, putRow } from '@/shared/api/put-row'
import type { CalendarView } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { Button } from '@/shared/ui/button'
import { Confirm } from '@/shared/ui/confirm'
import { Checkbox, Select, TextField } from '@/shared/ui/field'
import { Notice } from '@/shared/ui/notice'
import { toast } from '@/shared/ui/toast'
import { type CalendarDraft, hasEmptyWindow } from './calendar-draft'
import { DaysOff } from './days-off'
import { EditorFrame } from './editor-frame'
import { draftOf as policyDraftOf } from './policy-draft'
import { PreviewPanel } from './preview-panel'
import { calendarsKey, policiesQuery } from './promises-queries'
import { SpecialHours } from './special-hours'
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

function DeleteCalendar({
  calendar,
  onClose,
  onDeleted,
}: {
  calendar: CalendarView
  onClose: () => void
  onDeleted: () => void
}) {
  const t = useWords('promises.calendar')
  const client = useQueryClient()
  const remove = useMutation({
    mutationFn: () =>
      answer(
        api.DELETE('/api/v1/calendars/{calendar_id}', {
          params: { path: { calendar_id: calendar.id }, query: { revision: calendar.revision } },
        }),
      ),
    onSuccess: () => {
      dropRow(client, calendarsKey, calendar.id)
      onDeleted()
    },
  })
  return (
    <Confirm
      title={t('removeTitle', { name: calendar.name })}
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

export function CalendarEditor({
  calendar: present,
  begin: beginning,
  onBack,
}: {
  calendar: CalendarView | null
  begin: CalendarDraft
  onBack: () => void
}) {
  const t = useWords('promises')
  const lead = useMe().role === 'lead'
  const zones = useId()
  const client = useQueryClient()
  // The page hears of a colleague's change; the form was filled before it, and says so when it is saved.
  const [{ calendar, begin }] = useState({ calendar: present, begin: beginning })
  const [draft, setDraft] = useState(begin)
  const [deleting, setDeleting] = useState(false)
  const save = useMutation({
    mutationFn: () =>
      calendar === null
        ? answer(api.POST('/api/v1/calendars', { body: draft }))
        : answer(
            api.PUT('/api/v1/calendars/{calendar_id}', {
              params: { path: { calendar_id: calendar.id } },
              body: { ...draft, revision: calendar.revision },
            }),
          ),
    onSuccess: saved => {
      putRow(client, calendarsKey, saved)
      toast(t('saved'), { kind: 'kept' })
      onBack()
    },
  })
  const faults = useFaults(save.error, ['name', 'tz', 'hours', 'feed'])
  const change = (some: Partial<CalendarDraft>) => setDraft(before => ({ ...before, ...some }))
  const changed = calendar === null || JSON.stringify(draft) !== JSON.stringify(begin)
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
        <DeleteCalendar calendar={calendar} onClose={() => setDeleting(false)} onDeleted={onBack} />
      )}
    </EditorFrame>
  )
}
