import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { type Counting, count, graphemes, type Measuring, measure } from './count'

interface Cases {
  limits: Record<string, Counting>
  cases: { why: string; text: string; warning: string; counts: Record<string, number> }[]
  measures: { why: string; text: string; limits: Measuring; measured: [used: number, most: number] }[]
}

// The same cases are read by tests/networks/test_text.py: server and browser count alike or one of the two fails.
const { limits, cases, measures } = JSON.parse(
  readFileSync('../tests/networks/text_cases.json', 'utf8'),
) as Cases

it('has cases and limits to count by', () => {
  expect(cases.length).toBeGreaterThan(20)
  expect(Object.keys(limits).length).toBeGreaterThan(1)
})

it.each(cases)('counts $why', ({ text, warning, counts }) => {
  const counted = Object.entries(limits).map(([name, one]) => [name, count(text, warning, one)])
  expect(Object.fromEntries(counted)).toEqual(counts)
})

it.each(measures)('tells bytes where they alone are too many: $why', ({ text, limits: one, measured }) => {
  const { used, most } = measure(text, '', one)
  expect([used, most]).toEqual(measured)
})

it('counts a family of four, a flag and a letter with its accent as one each', () => {
  expect(graphemes('👩‍👩‍👧‍👦')).toBe(1)
  expect(graphemes('🇫🇷')).toBe(1)
  expect(graphemes('é')).toBe(1)
  expect(graphemes('\r\n')).toBe(1)
})
