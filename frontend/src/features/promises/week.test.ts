import { describe, expect, it } from 'vitest'
import { isEmptyWindow, nextWindow, overlap, overMidnight, readTime, span, weekSeconds } from './week'

it.each([
  ['9', '09:00'],
  ['930', '09:30'],
  ['9:30', '09:30'],
  ['9h30', '09:30'],
  ['9h', '09:00'],
  ['09.30', '09:30'],
  ['24:00', '24:00'],
  ['0', '00:00'],
  ['24:01', null],
  ['25', null],
  ['9:60', null],
  ['noon', null],
  ['', null],
])('%j is %j', (text, time) => {
  expect(readTime(text)).toBe(time)
})

describe('a window', () => {
  it('may cross midnight', () => {
    expect(span(['22:00', '06:00'])).toEqual([1320, 1800])
    expect(overMidnight(['22:00', '06:00'])).toBe(true)
    expect(overMidnight(['22:00', '24:00'])).toBe(false)
    expect(overMidnight(['09:00', '17:00'])).toBe(false)
  })

  it('is none when it has no length', () => {
    expect(isEmptyWindow(['09:00', '09:00'])).toBe(true)
    expect(isEmptyWindow(['00:00', '24:00'])).toBe(false)
  })

  it('overlaps only when it shares time', () => {
    expect(
      overlap([
        ['09:00', '12:00'],
        ['12:00', '17:00'],
      ]),
    ).toBe(false)
    expect(
      overlap([
        ['13:00', '17:00'],
        ['09:00', '13:30'],
      ]),
    ).toBe(true)
    expect(
      overlap([
        ['20:00', '02:00'],
        ['23:00', '24:00'],
      ]),
    ).toBe(true)
  })
})

it('adds up a week, each stretch once', () => {
  expect(
    weekSeconds({
      Mon: [
        ['09:00', '12:00'],
        ['13:30', '18:00'],
      ],
    }),
  ).toBe(7.5 * 3600)
  expect(weekSeconds({ Mon: [['22:00', '06:00']], Tue: [['05:00', '07:00']] })).toBe(9 * 3600)
  expect(weekSeconds({ Sun: [['22:00', '02:00']], Mon: [['01:00', '03:00']] })).toBe(5 * 3600)
  expect(weekSeconds({})).toBe(0)
})

it('offers the next window after the last one', () => {
  expect(nextWindow([])).toEqual(['09:00', '17:00'])
  expect(nextWindow([['09:00', '12:00']])).toEqual(['13:00', '16:00'])
  expect(nextWindow([['09:00', '23:30']])).toEqual(['23:00', '24:00'])
})
