import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type Counting, count, graphemes } from './count'

interface Cases {
  limits: Record<string, Counting>
  cases: { why: string; text: string; warning: string; counts: Record<string, number> }[]
}

// The same cases are read by tests/networks/test_text.py: server and browser count alike or one of the two fails.
const { limits, cases } = JSON.parse(readFileSync('../tests/networks/text_cases.json', 'utf8')) as Cases

it('has cases and limits to count by', () => {
  expect(cases.length).toBeGreaterThan(20)
  expect(Object.keys(limits).length).toBeGreaterThan(1)
})

describe.each(Object.entries(limits))('by the limits "%s"', (name, one) => {
  it.each(cases)('$why', ({ text, warning, counts }) => {
    expect(count(text, warning, one)).toBe(counts[name])
  })
})

it('counts a family of four, a flag and a letter with its accent as one each', () => {
  expect(graphemes('👩‍👩‍👧‍👦')).toBe(1)
  expect(graphemes('🇫🇷')).toBe(1)
  expect(graphemes('é')).toBe(1)
  expect(graphemes('\r\n')).toBe(1)
})
