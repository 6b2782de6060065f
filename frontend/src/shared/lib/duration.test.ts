import { expect, it } from 'vitest'
import { formatDuration, parseDuration } from './duration'

it.each([
  ['30 min', 1800],
  ['30', 1800],
  ['4 h', 14_400],
  ['4h', 14_400],
  ['1h30', 5400],
  ['1 h 30', 5400],
  ['1 h 30 min', 5400],
  ['1:30', 5400],
  ['1.5 h', 5400],
  ['1,5 heures', 5400],
  ['2 days', 172_800],
  ['2 j', 172_800],
  ['1 week', 604_800],
  ['1 sem.', 604_800],
  ['45 s', 45],
  ['1 day and 2 hours', 93_600],
  [' 15  minutes ', 900],
  ['0', 0],
])('%s is %i seconds', (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds)
})

it.each(['', 'soon', '4 x', '-3 h', 'h', '3 h soon', '10 s 5', '1:75'])('%j is no length of time', text => {
  expect(parseDuration(text)).toBeNull()
})

it('writes what it reads', () => {
  for (const language of ['en', 'fr'] as const)
    for (const days of [true, false])
      for (const seconds of [0, 15, 90, 1800, 5400, 14_400, 86_400, 93_600, 604_800])
        expect(parseDuration(formatDuration(seconds, language, { days }))).toBe(seconds)
  expect(formatDuration(93_600, 'en', { days: true })).toBe('1 d 2 h')
  expect(formatDuration(93_600, 'fr')).toBe('26 h')
})
