/** What would be due when, asked again while one edits. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api } from '@/shared/api/client'
import { useExplain } from '@/shared/api/explain'
import type { Priority } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { now } from '@/shared/lib/now'
import { useSettled } from '@/shared/lib/settled'
import { Button } from '@/shared/ui/button'
import { Select, TextField } from '@/shared/ui/field'
import { Notice } from '@/shared/ui/notice'
import type { CalendarDraft } from './calendar-draft'
import { useLength } from './length'
import type { PolicyDraft } from './policy-draft'
import { useMetricName } from './use-condition-words'
import { useInstant } from './use-instant'

const SETTLE_MS = 300

/** An instant as the field for date and time wants it, in the reader's zone. */
function toField(at: number): string {
  const local = new Date(at - new Date(at).getTimezoneOffset() * 60_000)
  return local.toISOString().slice(0, 16)
}

export function PreviewPanel({ policy, calendar }: { policy: PolicyDraft; calendar?: CalendarDraft }) {
  const t = useWords('promises.preview')
  const desk = useWords('desk.priority')
  const explain = useExplain()
  const length = useLength()
  const instant = useInstant()
  const named = useMetricName()
  const [typedAt, setTypedAt] = useState(() => toField(now()))
  const [priority, setPriority] = useState<Priority>('normal')
  const at = Number.isNaN(Date.parse(typedAt)) ? null : new Date(typedAt).toISOString()
  const asked = useSettled(
    JSON.stringify({
      policy: { ...policy, name: policy.name.trim() || '…' },
      ...(calendar && { calendar: { ...calendar, name: calendar.name.trim() || '…' } }),
      priority,
      at,
    }),
    SETTLE_MS,
  )
  const { data, error, isPlaceholderData } = useQuery({
    queryKey: ['preview', asked],
    queryFn: ({ signal }) => answer(api.POST('/api/v1/sla/preview', { body: JSON.parse(asked), signal })),
    enabled: at !== null,
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  })
  return (
    <section className="preview" aria-label={t('title')}>
      <h2>{t('title')}</h2>
      <p className="field-hint">{t('words')}</p>
      <div className="preview-at">
        <TextField
          type="datetime-local"
          label={t('at')}
          value={typedAt}
          onChange={event => setTypedAt(event.target.value)}
        />
        <Button size="small" kind="quiet" onClick={() => setTypedAt(toField(now()))}>
          {t('now')}
        </Button>
      </div>
      <Select<Priority>
        label={t('priority')}
        options={(['urgent', 'high', 'normal', 'low'] as const).map(value => ({ value, label: desk(value) }))}
        value={priority}
        onChange={setPriority}
      />
      <div className="preview-answer" aria-live="polite" aria-busy={isPlaceholderData}>
        {error ? (
          <Notice kind="soon">{explain(error)}</Notice>
        ) : data?.length === 0 ? (
          <p className="field-hint">{t('nothing')}</p>
        ) : (
          <dl>
            {data?.map(one => (
              <div key={one.metric}>
                <dt>{named(one.metric)}</dt>
                <dd>
                  <strong>{t('due', { when: instant(one.due_at) })}</strong>
                  <small>{t('after', { length: length(one.target_s) })}</small>
                  {one.warn_at !== null && <small>{t('warned', { when: instant(one.warn_at) })}</small>}
                </dd>
              </div>
            ))}
          </dl>
        )}
      </div>
    </section>
  )
}
