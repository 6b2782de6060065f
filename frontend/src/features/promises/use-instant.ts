/** An instant as a lead reads it: weekday, day and time, in the reader's zone; the year where it is another one. */
import { useFormats } from '@/shared/i18n/words'
import { now } from '@/shared/lib/now'

export function useInstant(): (at: string) => string {
  const format = useFormats()
  return at => {
    const date = new Date(at)
    const sameYear = date.getFullYear() === new Date(now()).getFullYear()
    return format.dateTime(date, {
      weekday: 'short',
      day: 'numeric',
      month: 'short',
      hour: '2-digit',
      minute: '2-digit',
      ...(date.getSeconds() !== 0 && { second: '2-digit' }),
      ...(!sameYear && { year: 'numeric' }),
    })
  }
}
