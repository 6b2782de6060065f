import { expect, it } from 'vitest'
import { copyDay, daysOff, draftOf, hasEmptyWindow, newCalendar, setDay, switchDay } from './calendar-draft'

const office = newCalendar('Office', 'Europe/Paris')

it('begins with office hours on working days', () => {
  expect(Object.keys(office.hours)).toEqual(['Mon', 'Tue', 'Wed', 'Thu', 'Fri'])
})

it('copies the hours of a day, closed ones too', () => {
  const early = setDay(office, 'Mon', [
    ['08:00', '12:00'],
    ['13:00', '16:00'],
  ])
  expect(copyDay(early, 'Mon', ['Sat', 'Sun']).hours.Sun).toEqual(early.hours.Mon)
  expect(copyDay(office, 'Sun', ['Mon']).hours.Mon).toEqual([])
})

it('finds a window that the server would refuse', () => {
  expect(hasEmptyWindow(office)).toBe(false)
  expect(hasEmptyWindow(setDay(office, 'Mon', [['09:00', '09:00']]))).toBe(true)
  expect(hasEmptyWindow({ ...office, overrides: { '2026-12-24': [['24:00', '10:00']] } })).toBe(true)
})

it('lists the days off of a year from every source, each day once', () => {
  const draft = {
    ...office,
    by_hand: [
      { day: '2026-12-24', name: 'Party' },
      { day: '2027-01-04', name: 'Stocktaking' },
      { day: '2026-12-25', name: 'Closed anyway' },
    ],
    switched_off: ['2026-05-01'],
  }
  const country = [
    { day: '2026-12-25', name: 'Noël' },
    { day: '2026-05-01', name: 'Fête du Travail' },
  ]
  expect(daysOff(draft, 2026, [country, [{ day: '2026-12-25', name: 'Noël' }]])).toEqual([
    { day: '2026-05-01', name: 'Fête du Travail', own: false, off: false },
    { day: '2026-12-24', name: 'Party', own: true, off: true },
    { day: '2026-12-25', name: 'Noël · Closed anyway', own: false, off: true },
  ])
})

it('switches a day off and on again', () => {
  const open = switchDay(office, '2026-05-01', false)
  expect(open.switched_off).toEqual(['2026-05-01'])
  expect(switchDay(open, '2026-05-01', true)).toEqual(office)
})

it('keeps what a saved calendar says', () => {
  expect(draftOf({ ...office, id: 'ca_1', revision: 4 })).toEqual(office)
})
