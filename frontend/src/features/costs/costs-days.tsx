/** The days of a month: a bar for each that cost something, and what it was used for. */
import { useMoney } from '@/domain/money'
import type { SpendingView } from '@/shared/api/views'
import { useFormats, useWords } from '@/shared/i18n/words'
import { Table } from '@/shared/ui/table'
import { useThing } from './things'

export function CostsDays({ spending }: { spending: SpendingView[] }) {
  const t = useWords('costs')
  const thing = useThing()
  const money = useMoney()
  const format = useFormats()
  if (spending.length === 0) return <p className="part-words">{t('nothing')}</p>
  const days = new Map<string, number>()
  for (const one of spending) days.set(one.day, (days.get(one.day) ?? 0) + one.micros)
  const most = Math.max(...days.values(), 1)
  const day = (one: string) =>
    format.dateTime(new Date(`${one}T00:00:00Z`), { day: 'numeric', month: 'short', timeZone: 'UTC' })
  return (
    <Table label={t('days')} head={[t('day'), t('thing'), t('uses'), t('cost')]}>
      {spending.map((one, at) => {
        const first = spending[at - 1]?.day !== one.day
        return (
          <tr key={`${one.day} ${one.name}`}>
            <td className="costs-day">
              {first && (
                <>
                  {day(one.day)} <span className="costs-of-day">{money(days.get(one.day) ?? 0)}</span>
                  <svg
                    className="costs-bar"
                    viewBox="0 0 100 4"
                    preserveAspectRatio="none"
                    aria-hidden="true"
                  >
                    <rect width={((days.get(one.day) ?? 0) / most) * 100} height="4" />
                  </svg>
                </>
              )}
            </td>
            <td>
              {thing(one)} <span className="badge">{t(`kind.${one.kind}`)}</span>
            </td>
            <td>{format.number(one.uses)}</td>
            <td>{money(one.micros)}</td>
          </tr>
        )
      })}
    </Table>
  )
}
