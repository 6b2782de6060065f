import { expect, it } from 'vitest'
import { contrastWithWhite, READABLE, readColour, SUGGESTED } from './colour'

it.each([
  ['#2563EB', '#2563eb'],
  [' 2563eb ', '#2563eb'],
  ['#26e', '#2266ee'],
  ['blue', null],
  ['#12345', null],
  ['', null],
])('%j is %j', (text, colour) => {
  expect(readColour(text)).toBe(colour)
})

it('measures contrast as WCAG does', () => {
  expect(contrastWithWhite('#000000')).toBeCloseTo(21)
  expect(contrastWithWhite('#ffffff')).toBeCloseTo(1)
  expect(contrastWithWhite('#767676')).toBeCloseTo(4.54, 2)
})

it('suggests only what can be read', () => {
  for (const colour of SUGGESTED) expect(contrastWithWhite(colour), colour).toBeGreaterThan(READABLE)
})
