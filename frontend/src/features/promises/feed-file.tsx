/** An iCalendar file whose whole-day events are days off. */
import { FileUp } from 'lucide-react'
import { type ChangeEvent, useId, useState } from 'react'
import { useWords } from '@/shared/i18n/words'
import { Button } from '@/shared/ui/button'
import { LONGEST_FEED } from './calendar-draft'

export function FeedFile({
  feed,
  year,
  count,
  error,
  onChange,
}: {
  feed: string | null
  year: number
  /** Days off of that year in the file. */
  count: number
  error: string | null
  onChange: (text: string | null) => void
}) {
  const t = useWords('promises.calendar')
  const id = useId()
  const [large, setLarge] = useState(false)
  const choose = async (event: ChangeEvent<HTMLInputElement>) => {
    const input = event.target
    const file = input.files?.[0]
    if (!file) return
    const tooLarge = file.size > LONGEST_FEED
    setLarge(tooLarge)
    if (!tooLarge) onChange(await file.text())
    // The same file can be chosen again after it was changed.
    input.value = ''
  }
  const wrong = large ? t('feedLarge') : error
  return (
    <div className="field">
      <span className="field-label" id={id}>
        {t('feed')}
      </span>
      <p className="field-hint">{t('feedHint')}</p>
      <div className="form-deeds">
        <label className="button plain medium file-button">
          <FileUp aria-hidden="true" />
          {t('feedChoose')}
          <input
            type="file"
            accept=".ics,text/calendar"
            aria-describedby={id}
            onChange={event => void choose(event)}
          />
        </label>
        {feed !== null && <Button onClick={() => onChange(null)}>{t('feedRemove')}</Button>}
      </div>
      {feed !== null && !wrong && (
        <p className="field-hint">{t('feedKept', { count, year: String(year) })}</p>
      )}
      {wrong && (
        <p className="field-error" role="alert">
          {wrong}
        </p>
      )}
    </div>
  )
}
