/** Opening hours of a week as one types them: windows of a day, over midnight too; pure. */
import type { CalendarView } from '@/shared/api/views'

export const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const
export type Weekday = (typeof WEEKDAYS)[number]
export type Hours = CalendarView['hours']
export type TimeWindow = [from: string, to: string]

const DAY = 24 * 60

/** "9", "930", "9:30", "9h30", "9.30" and "24:00" as "09:30"; null when it is no time of day. */
export function readTime(text: string): string | null {
  const found = /^(\d{1,2})(?:\s*[:h.]\s*(\d{2})?|(\d{2}))?$/i.exec(text.trim())
  if (!found) return null
  const hour = Number(found[1])
  const minute = Number(found[2] ?? found[3] ?? 0)
  if (minute > 59 || hour > 24 || (hour === 24 && minute > 0)) return null
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
}

function minutes(time: string): number {
  const [hour = 0, minute = 0, second = 0] = time.split(':').map(Number)
  return hour * 60 + minute + second / 60
}

/** Begin and end in minutes after midnight of the day it begins; past midnight when over 1,440. */
export function span([from, to]: TimeWindow): [begin: number, end: number] {
  const [begin, end] = [minutes(from), minutes(to)]
  return [begin, end > begin ? end : end + DAY]
}

export function overMidnight([from, to]: TimeWindow): boolean {
  return to !== '24:00' && minutes(to) < minutes(from)
}

/** A window that ends when it begins, or begins at the very end of the day, is none. */
export function isEmptyWindow([from, to]: TimeWindow): boolean {
  return from === to || from === '24:00'
}

export function overlap(windows: readonly TimeWindow[]): boolean {
  const spans = windows.map(span).toSorted((one, other) => one[0] - other[0])
  return spans.some(([, end], n) => {
    const next = spans[n + 1]
    return next !== undefined && next[0] < end
  })
}

/** Open seconds of an ordinary week, each stretch counted once. */
export function weekSeconds(hours: Hours): number {
  const week = 7 * DAY
  const spans = WEEKDAYS.flatMap((day, n) =>
    (hours[day] ?? []).flatMap(window => {
      const [begin, end] = span(window)
      const [from, to] = [n * DAY + begin, n * DAY + end]
      // Sunday night reaches into Monday.
      return to > week
        ? [
            [from, week],
            [0, to - week],
          ]
        : [[from, to]]
    }),
  ).toSorted((one, other) => (one[0] ?? 0) - (other[0] ?? 0))
  let reached = 0
  let open = 0
  for (const [from = 0, to = 0] of spans) {
    open += Math.max(0, to - Math.max(from, reached))
    reached = Math.max(reached, to)
  }
  return Math.round(open * 60)
}

/** What a new window on a day begins with: after the last one, or office hours. */
export function nextWindow(windows: readonly TimeWindow[]): TimeWindow {
  const last = windows.at(-1)
  if (!last) return ['09:00', '17:00']
  const begin = Math.min(span(last)[1] + 60, DAY - 60)
  const write = (at: number) =>
    `${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`
  return [write(begin), write(Math.min(begin + 180, DAY))]
}
