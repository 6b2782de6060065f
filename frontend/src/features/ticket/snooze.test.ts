import { expect, it } from 'vitest'
import { fromField, snoozeTimes, toField } from './snooze'

const names = (now: Date) => snoozeTimes(now).map(one => one.name)

it('offers the usual times, soonest first and none twice', () => {
  const wednesday = new Date(2026, 2, 4, 14, 30)
  expect(names(wednesday)).toEqual(['hour', 'three', 'tomorrow', 'monday', 'week'])
  const sunday = new Date(2026, 2, 8, 14, 30)
  expect(names(sunday)).toEqual(['hour', 'three', 'tomorrow', 'week'])
  const monday = new Date(2026, 2, 9, 14, 30)
  expect(snoozeTimes(monday).find(one => one.name === 'monday')?.at).toEqual(new Date(2026, 2, 16, 9))
  expect(snoozeTimes(monday).every(one => one.at > monday)).toBe(true)
})

it('wakes in the morning across a clock change', () => {
  const friday = new Date(2026, 2, 27, 18)
  expect(
    snoozeTimes(friday)
      .find(one => one.name === 'monday')
      ?.at.getHours(),
  ).toBe(9)
})

it('speaks with a datetime field', () => {
  const at = new Date(2026, 2, 4, 9, 5)
  expect(toField(at)).toBe('2026-03-04T09:05')
  expect(fromField('2026-03-04T09:05', new Date(2026, 2, 4, 9, 4))).toEqual(at)
  expect(fromField('2026-03-04T09:05', at)).toBeNull()
  expect(fromField('', at)).toBeNull()
})
