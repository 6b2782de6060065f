/** The times a ticket is usually put to sleep until, in the viewer's own zone. Pure. */

export type SnoozeName = 'hour' | 'three' | 'tomorrow' | 'monday' | 'week'

const MORNING = 9

function morning(from: Date, days: number): Date {
  return new Date(from.getFullYear(), from.getMonth(), from.getDate() + days, MORNING)
}

/** What is offered at an instant, soonest first; what would be the same time twice is offered once. */
export function snoozeTimes(now: Date): { name: SnoozeName; at: Date }[] {
  const untilMonday = (8 - now.getDay()) % 7 || 7
  const all: { name: SnoozeName; at: Date }[] = [
    { name: 'hour', at: new Date(now.getTime() + 3_600_000) },
    { name: 'three', at: new Date(now.getTime() + 3 * 3_600_000) },
    { name: 'tomorrow', at: morning(now, 1) },
    { name: 'monday', at: morning(now, untilMonday) },
    { name: 'week', at: morning(now, 7) },
  ]
  const times = new Set<number>()
  return all
    .filter(({ at }) => !times.has(at.getTime()) && times.add(at.getTime()))
    .sort((a, b) => a.at.getTime() - b.at.getTime())
}

/** An instant as a datetime-local field wants it, and the field's text as an instant (null when it is none or past). */
export function toField(at: Date): string {
  const two = (n: number) => String(n).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`
}

export function fromField(text: string, now: Date): Date | null {
  const at = new Date(text)
  return Number.isNaN(at.getTime()) || at <= now ? null : at
}
