import { expect, it } from 'vitest'
import { contrast, luminance } from './oklch'

it('knows black, white and the greatest contrast', () => {
  expect(luminance([0, 0, 0])).toBeCloseTo(0)
  expect(luminance([1, 0, 0])).toBeCloseTo(1)
  expect(contrast([0, 0, 0], [1, 0, 0])).toBeCloseTo(21)
})

it('agrees with WCAG on sRGB red, oklch(0.62796 0.25768 29.234), on white', () => {
  expect(contrast([0.62796, 0.25768, 29.234], [1, 0, 0])).toBeCloseTo(3.998, 1)
})
