/** Loads the calendar that is edited, or begins a new one in the reader's zone. */
import { useQuery } from '@tanstack/react-query'
import { useWords } from '@/shared/i18n/words'
import { Pending } from '@/shared/ui/pending'
import { draftOf, newCalendar } from './calendar-draft'
import { CalendarEditor } from './calendar-editor'
import { calendarsQuery } from './promises-queries'

export function CalendarPage({ id, onBack }: { id: string; onBack: () => void }) {
  const t = useWords('promises.calendar')
  const { data: calendars } = useQuery(calendarsQuery)
  if (!calendars) return <Pending rows={5} />
  const calendar = calendars.find(one => one.id === id) ?? null
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  return (
    <CalendarEditor
      calendar={calendar}
      begin={calendar ? draftOf(calendar) : newCalendar(t('new'), zone)}
      onBack={onBack}
    />
  )
}
