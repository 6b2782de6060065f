/** The windows of one day: from and to, several of them, over midnight too. */
import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import { useWords } from '@/shared/i18n/words'
import { IconButton } from '@/shared/ui/button'
import { TextField } from '@/shared/ui/field'
import { isEmptyWindow, nextWindow, overlap, overMidnight, readTime, type TimeWindow } from './week'

function TimeField({
  label,
  value,
  error,
  onChange,
}: {
  label: string
  value: string
  error: string | null
  onChange: (time: string) => void
}) {
  const t = useWords('promises.calendar')
  const [typed, setTyped] = useState<string | null>(null)
  const wrong = typed !== null && readTime(typed) === null
  return (
    <TextField
      quietLabel
      label={label}
      inputMode="numeric"
      autoComplete="off"
      value={typed ?? value}
      error={wrong ? t('badTime') : error}
      onFocus={event => event.target.select()}
      onChange={event => {
        setTyped(event.target.value)
        const time = readTime(event.target.value)
        if (time !== null) onChange(time)
      }}
      onBlur={() => {
        if (!wrong) setTyped(null)
      }}
    />
  )
}

export function WindowsEditor({
  day,
  windows,
  onChange,
  closed,
}: {
  /** The day's name, for the names of the fields. */
  day: string
  windows: readonly TimeWindow[]
  onChange: (windows: TimeWindow[]) => void
  /** What to say without windows. */
  closed: string
}) {
  const t = useWords('promises.calendar')
  return (
    <div className="windows">
      {windows.length === 0 && <span className="windows-closed">{closed}</span>}
      {windows.map((window, n) => {
        const number = String(n + 1)
        const set = (next: TimeWindow) => onChange(windows.map((one, at) => (at === n ? next : one)))
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a window is its place in the list
          <span key={n} className="window">
            <TimeField
              label={t('from', { day, n: number })}
              value={window[0]}
              error={null}
              onChange={from => set([from, window[1]])}
            />
            <span aria-hidden="true">{t('until')}</span>
            <TimeField
              label={t('to', { day, n: number })}
              value={window[1]}
              error={isEmptyWindow(window) ? t('same') : null}
              onChange={to => set([window[0], to])}
            />
            {overMidnight(window) && <small>{t('nextDay')}</small>}
            <IconButton
              size="small"
              label={t('removeWindow', { day, n: number })}
              icon={<X />}
              onClick={() => onChange(windows.filter((_, at) => at !== n))}
            />
          </span>
        )
      })}
      <IconButton
        size="small"
        label={t('add', { day })}
        icon={<Plus />}
        onClick={() => onChange([...windows, nextWindow(windows)])}
      />
      {overlap(windows) && <small className="windows-overlap">{t('overlap')}</small>}
    </div>
  )
}
