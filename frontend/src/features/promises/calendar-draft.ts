/** A calendar while it is edited; pure. */
import type { CalendarView, DayOffView } from '@/shared/api/views'
import { isEmptyWindow, type TimeWindow, WEEKDAYS, type Weekday } from './week'

export type CalendarDraft = Omit<CalendarView, 'id' | 'revision'>

export const LONGEST_FEED = 300_000

export function newCalendar(name: string, tz: string): CalendarDraft {
  const office: TimeWindow[] = [['09:00', '17:00']]
  return {
    name,
    tz,
    always: false,
    hours: Object.fromEntries(WEEKDAYS.slice(0, 5).map(day => [day, office])),
    country: null,
    subdivision: null,
    feed: null,
    by_hand: [],
    switched_off: [],
    overrides: {},
  }
}

export function draftOf({ id: _id, revision: _revision, ...draft }: CalendarView): CalendarDraft {
  return draft
}

export function setDay(draft: CalendarDraft, day: Weekday, windows: TimeWindow[]): CalendarDraft {
  return { ...draft, hours: { ...draft.hours, [day]: windows } }
}

export function copyDay(draft: CalendarDraft, from: Weekday, to: readonly Weekday[]): CalendarDraft {
  const windows = draft.hours[from] ?? []
  return { ...draft, hours: { ...draft.hours, ...Object.fromEntries(to.map(day => [day, windows])) } }
}

/** Windows that the server would refuse stand in the way of saving. */
export function hasEmptyWindow(draft: CalendarDraft): boolean {
  return [...Object.values(draft.hours), ...Object.values(draft.overrides)].flat().some(isEmptyWindow)
}

export interface DayOff {
  day: string
  name: string
  /** Ours to take away; the others are switched off. */
  own: boolean
  off: boolean
}

/** A year's days off from all three sources, by date; a day that several know is listed once, its names joined. */
export function daysOff(
  draft: CalendarDraft,
  year: number,
  lists: readonly (readonly DayOffView[])[],
): DayOff[] {
  const days = new Map<string, DayOff>()
  const add = (day: string, name: string, own: boolean) => {
    const known = days.get(day)
    const names = new Set([...(known ? known.name.split(' · ') : []), name])
    days.set(day, {
      day,
      name: [...names].join(' · '),
      own: (known?.own ?? true) && own,
      off: own || !draft.switched_off.includes(day),
    })
  }
  for (const list of lists) for (const one of list) add(one.day, one.name, false)
  for (const one of draft.by_hand) if (one.day.startsWith(`${year}-`)) add(one.day, one.name, true)
  return [...days.values()].toSorted((one, other) => one.day.localeCompare(other.day))
}

export function switchDay(draft: CalendarDraft, day: string, off: boolean): CalendarDraft {
  const others = draft.switched_off.filter(one => one !== day)
  return { ...draft, switched_off: off ? others : [...others, day].toSorted() }
}
