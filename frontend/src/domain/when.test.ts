import { expect, it } from 'vitest'
import { whenWords } from './when'

const now = Date.parse('2026-03-04T10:00:00Z')
const ago = (ms: number) => whenWords(now - ms, now, 'en')

it('says near instants as a distance and far ones as a date', () => {
  expect(ago(20_000)).toBe('now')
  expect(ago(5 * 60_000)).toContain('5m')
  expect(ago(3 * 3_600_000)).toContain('3h')
  expect(ago(30 * 86_400_000)).toBe('Feb 2')
  expect(ago(700 * 86_400_000)).toContain('2024')
  expect(whenWords(now + 3 * 3_600_000, now, 'en')).toBe('in 3h')
  expect(whenWords(now - 3 * 3_600_000, now, 'fr')).toMatch(/^il y a 3\sh$/)
})
