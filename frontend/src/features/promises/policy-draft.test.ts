import { expect, it } from 'vitest'
import {
  draftOf,
  fitsEverything,
  movedTo,
  newPolicy,
  setTarget,
  setWarn,
  targetOf,
  warnOf,
} from './policy-draft'

const draft = newPolicy('Standard')

it('sets, changes and takes away a target without touching the others', () => {
  const set = setTarget(draft, 'first_reply', 'urgent', 900)
  expect(targetOf(set, 'first_reply', 'urgent')).toBe(900)
  expect(targetOf(set, 'first_reply', null)).toBe(3600)
  const changed = setTarget(set, 'first_reply', 'urgent', 600)
  expect(changed.targets).toHaveLength(3)
  expect(targetOf(changed, 'first_reply', 'urgent')).toBe(600)
  expect(setTarget(changed, 'first_reply', 'urgent', null)).toEqual(draft)
})

it('warns of a new target as of the metric’s others', () => {
  const set = setTarget(draft, 'first_reply', 'low', 7200)
  expect(set.targets.at(-1)?.warn).toEqual({ percent: 75, before_s: null, urgent: false })
  expect(warnOf(set, 'first_reply').mixed).toBe(false)
})

it('says when warnings differ, and makes them alike on a change', () => {
  const set = setTarget(draft, 'first_reply', 'low', 7200)
  const mixed = { ...set, targets: set.targets.map((one, n) => (n === 0 ? { ...one, warn: null } : one)) }
  expect(warnOf(mixed, 'first_reply').mixed).toBe(true)
  const warn = { percent: null, before_s: 600, urgent: true }
  const alike = setWarn(mixed, 'first_reply', warn)
  expect(warnOf(alike, 'first_reply')).toEqual({ warn, mixed: false })
  expect(warnOf(alike, 'next_reply').warn?.percent).toBe(75)
})

it('keeps what a saved policy says', () => {
  const saved = { ...draft, id: 'po_1', place: 2, revision: 3 }
  expect(draftOf(saved)).toEqual(draft)
})

it('knows who leaves nothing to the policies below', () => {
  expect(fitsEverything(draft)).toBe(true)
  expect(fitsEverything({ ...draft, enabled: false })).toBe(false)
  expect(fitsEverything({ ...draft, conditions: { ...draft.conditions, lanes: ['private'] } })).toBe(false)
})

it.each([
  [0, 2, ['b', 'c', 'a']],
  [2, 0, ['c', 'a', 'b']],
  [1, 2, ['a', 'c', 'b']],
  [0, -1, ['a', 'b', 'c']],
  [2, 3, ['a', 'b', 'c']],
])('moves %i to %i', (from, to, after) => {
  expect(movedTo(['a', 'b', 'c'], from, to)).toEqual(after)
})
