/** Days off from a country's list, a calendar file and by hand; each can be switched off by itself. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { ChevronLeft, ChevronRight, X } from 'lucide-react'
import { useState } from 'react'
import { useExplain } from '@/shared/api/explain'
import { useFormats, useLocale, useWords } from '@/shared/i18n/words'
import { now } from '@/shared/lib/now'
import { IconButton } from '@/shared/ui/button'
import { Checkbox, Select } from '@/shared/ui/field'
import { Notice } from '@/shared/ui/notice'
import { type CalendarDraft, daysOff, switchDay } from './calendar-draft'
import { FeedFile } from './feed-file'
import { OwnDay } from './own-day'
import { countriesQuery, feedDaysQuery, holidaysQuery } from './promises-queries'

interface Part {
  draft: CalendarDraft
  onChange: (draft: CalendarDraft) => void
}

function Country({ draft, onChange }: Part) {
  const t = useWords('promises.calendar')
  const locale = useLocale()
  const { data: countries = [] } = useQuery(countriesQuery)
  const names = new Intl.DisplayNames([locale], { type: 'region' })
  const sorted = countries
    .map(one => ({ value: one.code, label: names.of(one.code) ?? one.code }))
    .toSorted((one, other) => one.label.localeCompare(other.label, locale))
  const parts = countries.find(one => one.code === draft.country)?.subdivisions ?? []
  return (
    <div className="form-row">
      <Select
        label={t('country')}
        options={[{ value: '', label: t('noCountry') }, ...sorted]}
        value={draft.country ?? ''}
        onChange={code => onChange({ ...draft, country: code || null, subdivision: null })}
      />
      {parts.length > 0 && (
        <Select
          label={t('subdivision')}
          options={[{ value: '', label: t('whole') }, ...parts.map(one => ({ value: one, label: one }))]}
          value={draft.subdivision ?? ''}
          onChange={code => onChange({ ...draft, subdivision: code || null })}
        />
      )}
    </div>
  )
}

export function DaysOff({ draft, onChange, feedFault }: Part & { feedFault: string | null }) {
  const t = useWords('promises.calendar')
  const format = useFormats()
  const explain = useExplain()
  const [year, setYear] = useState(() => new Date(now()).getFullYear())
  const country = useQuery({
    ...holidaysQuery(draft.country ?? '', draft.subdivision, year),
    enabled: draft.country !== null,
    placeholderData: keepPreviousData,
  })
  const feed = useQuery({ ...feedDaysQuery(draft.feed ?? '', year), enabled: draft.feed !== null })
  const fromCountry = (draft.country === null ? undefined : country.data) ?? []
  const fromFeed = (draft.feed === null ? undefined : feed.data) ?? []
  const days = daysOff(draft, year, [fromCountry, fromFeed])
  const said = (day: string) =>
    // A date without a zone: read at noon UTC, so that it is the same day everywhere it is shown.
    format.dateTime(new Date(`${day}T12:00:00Z`), {
      weekday: 'short',
      day: 'numeric',
      month: 'short',
      timeZone: 'UTC',
    })
  return (
    <section className="part">
      <h2>{t('daysOff')}</h2>
      <Country draft={draft} onChange={onChange} />
      <FeedFile
        feed={draft.feed}
        year={year}
        count={fromFeed.length}
        error={feedFault ?? (draft.feed !== null && feed.error ? explain(feed.error) : null)}
        onChange={text => onChange({ ...draft, feed: text })}
      />
      <OwnDay
        onAdd={(day, name) => {
          onChange({ ...draft, by_hand: [...draft.by_hand.filter(one => one.day !== day), { day, name }] })
          setYear(Number(day.slice(0, 4)))
        }}
      />
      <div className="year-line">
        <IconButton
          size="small"
          label={t('earlier')}
          icon={<ChevronLeft />}
          disabled={year <= 1970}
          onClick={() => setYear(year - 1)}
        />
        <strong>{t('listed', { year: String(year) })}</strong>
        <IconButton
          size="small"
          label={t('later')}
          icon={<ChevronRight />}
          disabled={year >= 2100}
          onClick={() => setYear(year + 1)}
        />
      </div>
      {country.error && draft.country !== null && <Notice kind="late">{explain(country.error)}</Notice>}
      {days.length === 0 ? (
        <p className="field-hint">{t('none', { year: String(year) })}</p>
      ) : (
        <>
          <p className="field-hint">{t('switchHint')}</p>
          <ul className="days-off">
            {days.map(one => (
              <li key={one.day} className={one.off ? undefined : 'day-open'}>
                {one.own ? (
                  <>
                    <span className="own-day">{t('isOff', { day: said(one.day), name: one.name })}</span>
                    <IconButton
                      size="small"
                      label={t('dayRemove', { name: one.name })}
                      icon={<X />}
                      onClick={() =>
                        onChange({ ...draft, by_hand: draft.by_hand.filter(known => known.day !== one.day) })
                      }
                    />
                  </>
                ) : (
                  <Checkbox
                    label={t('isOff', { day: said(one.day), name: one.name })}
                    checked={one.off}
                    onChange={off => onChange(switchDay(draft, one.day, off))}
                  />
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}
