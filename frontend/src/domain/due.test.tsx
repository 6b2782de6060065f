import { describe, expect, it } from 'vitest'
import { shortTime, timeLeft } from './due'

const at = (iso: string) => Date.parse(`2026-03-04T${iso}Z`)

describe('time left', () => {
  it('is quiet far from its due time, amber from its warning on, red when late', () => {
    const due = at('12:00:00')
    const warn = at('11:45:00')
    expect(timeLeft(due, warn, at('09:30:00'))).toEqual({ urgency: 'quiet', seconds: 9000, short: '2 h 30' })
    expect(timeLeft(due, warn, at('11:44:59')).urgency).toBe('quiet')
    expect(timeLeft(due, warn, at('11:45:00'))).toEqual({ urgency: 'soon', seconds: 900, short: '15:00' })
    expect(timeLeft(due, warn, at('12:00:01'))).toEqual({ urgency: 'late', seconds: -1, short: '-0:01' })
  })

  it('is not late at the very instant it is due, as the server decides too', () => {
    expect(timeLeft(at('12:00:00'), null, at('12:00:00'))).toEqual({
      urgency: 'quiet',
      seconds: 0,
      short: '0:00',
    })
    expect(timeLeft(at('12:00:00'), null, at('12:00:00') + 1).urgency).toBe('late')
  })
})

it.each([
  [0, '0:00'],
  [59, '0:59'],
  [3599, '59:59'],
  [3600, '1 h 00'],
  [-3661, '-1 h 01'],
  [36_000, '10 h'],
  [172_799, '47 h'],
  [172_800, '2 d'],
  [-754, '-12:34'],
])('%d seconds are %s, never wider than the column', (seconds, words) => {
  expect(shortTime(seconds)).toBe(words)
  expect(words.length).toBeLessThanOrEqual(7)
})
