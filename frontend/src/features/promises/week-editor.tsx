/** The hours of a week, drawn as bars and typed as windows. */
import { Copy } from 'lucide-react'
import { useWords } from '@/shared/i18n/words'
import { MenuButton } from '@/shared/ui/menu'
import { type CalendarDraft, copyDay, setDay } from './calendar-draft'
import { useLength } from './length'
import { type Hours, span, type TimeWindow, WEEKDAYS, type Weekday, weekSeconds } from './week'
import { WindowsEditor } from './windows-editor'
import './week-editor.css'

const DAY = 1440

/** The open stretches of a day in per cent of it, with what reaches in from the evening before. */
function bars(hours: Hours, n: number): [from: number, to: number][] {
  const today = WEEKDAYS[n]
  const before = WEEKDAYS[(n + 6) % 7]
  const of = (day: Weekday | undefined) => (day ? (hours[day] ?? []) : []).map(span)
  return [
    ...of(before).flatMap(([, end]): [number, number][] => (end > DAY ? [[0, end - DAY]] : [])),
    ...of(today).map(([begin, end]): [number, number] => [begin, Math.min(end, DAY)]),
  ].map(([from, to]) => [(from / DAY) * 100, (to / DAY) * 100])
}

export function WeekEditor({
  draft,
  onChange,
}: {
  draft: CalendarDraft
  onChange: (draft: CalendarDraft) => void
}) {
  const t = useWords('promises')
  const length = useLength()
  const total = weekSeconds(draft.hours)
  return (
    <>
      <ul className="week">
        {WEEKDAYS.map((day, n) => {
          const name = t(`day.${day}`)
          const windows: TimeWindow[] = draft.hours[day] ?? []
          return (
            <li key={day}>
              <span className="week-day">{name}</span>
              <span className="week-bar" aria-hidden="true">
                {bars(draft.hours, n).map(([from, to]) => (
                  <span
                    key={`${from} ${to}`}
                    style={{ insetInlineStart: `${from}%`, inlineSize: `${to - from}%` }}
                  />
                ))}
              </span>
              <WindowsEditor
                day={name}
                windows={windows}
                closed={t('calendar.closed')}
                onChange={next => onChange(setDay(draft, day, next))}
              />
              <MenuButton
                label={t('calendar.copy', { day: name })}
                sections={[
                  {
                    entries: [
                      { id: 'weekdays', label: t('calendar.copyTo.weekdays') },
                      { id: 'all', label: t('calendar.copyTo.all') },
                    ],
                  },
                ]}
                onChoose={id => onChange(copyDay(draft, day, id === 'all' ? WEEKDAYS : WEEKDAYS.slice(0, 5)))}
                button={{
                  kind: 'quiet',
                  size: 'small',
                  className: 'icon-button week-copy',
                  'aria-label': t('calendar.copy', { day: name }),
                  'data-tip': t('calendar.copy', { day: name }),
                  icon: <Copy />,
                }}
              />
            </li>
          )
        })}
      </ul>
      <p className={total === 0 ? 'windows-overlap' : 'field-hint'} role="status">
        {total === 0 && Object.keys(draft.overrides).length === 0
          ? t('calendar.never')
          : t('calendar.sum', { length: length(total) })}
      </p>
    </>
  )
}
