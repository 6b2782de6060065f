/** An instant in words: near ones relative ("5 min ago"), far ones as a date; exact on hover. */
import { useFlavour, useFormats } from '@/shared/i18n/words'
import { useMinute } from '@/shared/lib/now'
import { once } from '@/shared/lib/once'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** "now", "5 min. ago", "3 hr. ago", then "12 Mar", then "12 Mar 2024". */
export function whenWords(at: number, now: number, locale: string): string {
  const distance = Math.abs(now - at)
  const relative = ago(locale)
  const sign = at > now ? 1 : -1
  if (distance < MINUTE) return relative.format(0, 'second')
  if (distance < HOUR) return relative.format(sign * Math.floor(distance / MINUTE), 'minute')
  if (distance < DAY) return relative.format(sign * Math.floor(distance / HOUR), 'hour')
  if (distance < 7 * DAY) return relative.format(sign * Math.floor(distance / DAY), 'day')
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear()
  return (sameYear ? dayOfYear : dayOfAnyYear)(locale).format(at)
}

const ago = once(
  locale =>
    new Intl.RelativeTimeFormat(locale, {
      numeric: 'auto',
      // Narrow French is "-5 min", which nobody says.
      style: locale.startsWith('fr') ? 'short' : 'narrow',
    }),
)
const dayOfYear = once(locale => new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' }))
const dayOfAnyYear = once(
  locale => new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' }),
)

/** The exact instant, in the viewer's zone and with its name. */
export function useExactly(): (at: string) => string {
  const format = useFormats()
  return at =>
    format.dateTime(new Date(at), {
      dateStyle: 'full',
      timeStyle: 'medium',
    })
}

export function When({ at }: { at: string }) {
  const locale = useFlavour()
  const now = useMinute()
  const exactly = useExactly()
  return (
    <time dateTime={at} data-tip={exactly(at)} className="when">
      {whenWords(Date.parse(at), Math.max(now, Math.min(Date.parse(at), now + MINUTE)), locale)}
    </time>
  )
}
