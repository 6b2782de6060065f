import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { type Measuring, measure } from './count'
import { numbered, split } from './split'

interface Cases {
  limits: Measuring
  cases: { why: string; text: string; prefix: string; limits: Partial<Measuring>; parts: string[] | null }[]
}

// The same cases are read by tests/networks/test_split.py: server and browser cut alike or one of the two fails.
const { limits, cases } = JSON.parse(readFileSync('../tests/networks/split_cases.json', 'utf8')) as Cases

it.each(cases)('$why', ({ text, prefix, limits: some, parts }) => {
  const one = { ...limits, ...some }
  const pieces = split(text, one, part => {
    const { used, most } = measure(`${prefix} ${part}`.trim(), '', one)
    return used <= most
  })
  expect(pieces && numbered(pieces)).toEqual(parts)
  if (pieces) expect(pieces.join('')).toBe(text)
})
