/** Single days with hours of their own. */
import { X } from 'lucide-react'
import { useState } from 'react'
import { useFormats, useWords } from '@/shared/i18n/words'
import { Button, IconButton } from '@/shared/ui/button'
import { TextField } from '@/shared/ui/field'
import type { CalendarDraft } from './calendar-draft'
import { WindowsEditor } from './windows-editor'

export function SpecialHours({
  draft,
  onChange,
}: {
  draft: CalendarDraft
  onChange: (draft: CalendarDraft) => void
}) {
  const t = useWords('promises.calendar')
  const format = useFormats()
  const [day, setDay] = useState('')
  const known = Object.keys(draft.overrides).toSorted()
  const can = /^\d{4}-\d\d-\d\d$/.test(day) && !known.includes(day)
  const add = () => {
    if (!can) return
    onChange({ ...draft, overrides: { ...draft.overrides, [day]: [['09:00', '12:00']] } })
    setDay('')
  }
  const remove = (date: string) =>
    onChange({
      ...draft,
      overrides: Object.fromEntries(Object.entries(draft.overrides).filter(([one]) => one !== date)),
    })
  return (
    <section className="part">
      <h2>{t('special')}</h2>
      <p className="field-hint">{t('specialHint')}</p>
      <ul className="special">
        {known.map(date => {
          const name = format.dateTime(new Date(`${date}T12:00:00Z`), {
            dateStyle: 'medium',
            timeZone: 'UTC',
          })
          return (
            <li key={date}>
              <span>{name}</span>
              <WindowsEditor
                day={name}
                windows={draft.overrides[date] ?? []}
                closed={t('closedAllDay')}
                onChange={windows =>
                  onChange({ ...draft, overrides: { ...draft.overrides, [date]: windows } })
                }
              />
              <IconButton
                size="small"
                label={t('specialRemove', { day: name })}
                icon={<X />}
                onClick={() => remove(date)}
              />
            </li>
          )
        })}
      </ul>
      <div className="form-deeds" style={{ alignItems: 'end' }}>
        <TextField
          type="date"
          label={t('day')}
          min="1970-01-01"
          max="2100-12-31"
          value={day}
          onChange={event => setDay(event.target.value)}
          onKeyDown={event => {
            if (event.key !== 'Enter') return
            event.preventDefault()
            add()
          }}
        />
        <Button disabled={!can} onClick={add}>
          {t('specialAdd')}
        </Button>
      </div>
    </section>
  )
}
