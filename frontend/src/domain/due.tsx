/** A promise's time left: quiet over an hour, amber in its warning, red and counting up when late. */
import { useWords } from '@/shared/i18n/words'
import { useSecond } from '@/shared/lib/now'
import './due.css'

export type Urgency = 'quiet' | 'soon' | 'late'

export interface Left {
  urgency: Urgency
  /** Never wider than "-12:34". */
  short: string
  /** Whole seconds until due; negative when late. */
  seconds: number
}

const two = (n: number) => String(n).padStart(2, '0')

/** "4:05" minutes and seconds under an hour, "3 h" under two days, "5 d" (`day`) beyond; a minus when late. */
export function shortTime(seconds: number, day = 'd'): string {
  const sign = seconds < 0 ? '-' : ''
  const s = Math.abs(seconds)
  if (s < 3600) return `${sign}${Math.floor(s / 60)}:${two(s % 60)}`
  if (s < 2 * 86_400) {
    const hours = Math.floor(s / 3600)
    return hours < 10 ? `${sign}${hours} h ${two(Math.floor((s % 3600) / 60))}` : `${sign}${hours} h`
  }
  return `${sign}${Math.floor(s / 86_400)} ${day}`
}

/** What to show of a promise at an instant. Met to the second: exactly at its due time it is not late yet. */
export function timeLeft(dueAt: number, warnAt: number | null, now: number, day?: string): Left {
  const seconds = dueAt >= now ? Math.ceil((dueAt - now) / 1000) : -Math.ceil((now - dueAt) / 1000)
  const urgency = seconds < 0 ? 'late' : warnAt !== null && now >= warnAt ? 'soon' : 'quiet'
  return { urgency, seconds, short: shortTime(seconds, day) }
}

export function Due({
  at,
  warnAt,
  metric,
  said: inWords = false,
}: {
  at: string
  warnAt: string | null
  metric: string | null
  /** Written out, where there is room. */
  said?: boolean
}) {
  const now = useSecond()
  const t = useWords('desk')
  const { urgency, short } = timeLeft(
    Date.parse(at),
    warnAt === null ? null : Date.parse(warnAt),
    now,
    t('due.day'),
  )
  const known = `metric.${metric ?? ''}` as 'metric.first_reply'
  const name = t.has(known) ? t(known) : (metric ?? '')
  const words = { late: 'due.late', soon: 'due.soon', quiet: 'due.left' }[urgency] as 'due.late'
  const said = t(words, { metric: name, time: short.replace('-', '') })
  if (inWords) return <span className={`due ${urgency}`}>{said}</span>
  return (
    <span className={`due ${urgency}`} role="timer" aria-label={said} data-tip={said}>
      {short}
    </span>
  )
}
