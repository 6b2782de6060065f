/** The calendars: when each is open, whose holidays it keeps, who counts by it. */
import { useQuery } from '@tanstack/react-query'
import { CalendarDays, Plus } from 'lucide-react'
import { useMe } from '@/domain/session'
import { useFormats, useLocale, useWords } from '@/shared/i18n/words'
import { Button } from '@/shared/ui/button'
import { Empty } from '@/shared/ui/empty'
import { Pending } from '@/shared/ui/pending'
import { useLength } from './length'
import { calendarsQuery, policiesQuery } from './promises-queries'
import { weekSeconds } from './week'

export function CalendarList({ onOpen }: { onOpen: (id: string) => void }) {
  const t = useWords('promises.calendars')
  const lead = useMe().role === 'lead'
  const locale = useLocale()
  const format = useFormats()
  const length = useLength()
  const { data: calendars } = useQuery(calendarsQuery)
  const { data: policies = [] } = useQuery(policiesQuery)
  if (!calendars) return <Pending rows={2} />
  const create = (
    <Button kind="primary" icon={<Plus />} onClick={() => onOpen('new')}>
      {t('create')}
    </Button>
  )
  if (calendars.length === 0)
    return (
      <Empty icon={<CalendarDays />} title={t('empty')} deed={lead ? create : undefined}>
        {t('emptyWords')}
      </Empty>
    )
  const countries = new Intl.DisplayNames([locale], { type: 'region' })
  return (
    <>
      {lead && <div className="list-head">{create}</div>}
      <ul className="policies">
        {calendars.map(one => {
          const users = policies.filter(policy => policy.calendar_id === one.id).map(policy => policy.name)
          return (
            <li key={one.id} className="policy-row">
              <div className="policy-summary">
                <button type="button" className="row-link" onClick={() => onOpen(one.id)}>
                  {one.name}
                </button>
                <p>
                  {one.always ? t('always') : t('perWeek', { length: length(weekSeconds(one.hours)) })} ·{' '}
                  {one.tz}
                  {one.country !== null &&
                    ` · ${t('holidays', { country: countries.of(one.country) ?? one.country })}`}
                </p>
                <p className="policy-promised">
                  {users.length > 0 ? t('used', { names: format.list(users) }) : t('unused')}
                </p>
              </div>
            </li>
          )
        })}
      </ul>
    </>
  )
}
