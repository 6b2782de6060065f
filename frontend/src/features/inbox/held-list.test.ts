import { describe, expect, it } from 'vitest'
import { type Answered, type Held, hold, settle } from './held-list'
import { Order } from './order'

const nobody: ReadonlySet<string> = new Set()
const answer = (ids: string, more: Partial<Answered> = {}): Answered => ({
  question: 'mine',
  ids: Order.of(ids),
  pages: 1,
  complete: true,
  mine: nobody,
  ...more,
})
const still = { still: true }
const words = (held: Held) => [...held.shown].join('')

describe('while somebody reads', () => {
  it('keeps every row in its place and lets new ones wait', () => {
    const held = hold(settle(answer('abc')), answer('xcabyz'), still)
    expect(words(held)).toBe('abc')
    expect(held.fresh).toEqual(['x', 'y', 'z'])
  })

  it('marks what left', () => {
    const held = hold(settle(answer('abc')), answer('ac'), still)
    expect(words(held)).toBe('abc')
    expect([...held.gone]).toEqual(['b'])
  })

  it('lets go at once of what I myself took away', () => {
    const held = hold(settle(answer('abc')), answer('ac', { mine: new Set(['b']) }), still)
    expect(words(held)).toBe('ac')
    expect(held.gone.size).toBe(0)
  })

  it('does not call gone what may stand further down', () => {
    const held = hold(settle(answer('abc')), answer('xab', { complete: false }), still)
    expect(held.gone.size).toBe(0)
  })

  it('appends what was loaded at the end, though not what came in at the top meanwhile', () => {
    const held = hold(settle(answer('abc')), answer('xabcdef', { pages: 2 }), still)
    expect(words(held)).toBe('abcdef')
    expect(held.fresh).toEqual(['x'])
  })

  it('takes back a row that returns', () => {
    const left = hold(settle(answer('abc')), answer('ac'), still)
    const back = hold(left, answer('bac'), still)
    expect(words(back)).toBe('abc')
    expect(back.gone.size).toBe(0)
    expect(back.fresh).toEqual([])
  })
})

describe('a page more', () => {
  const open = { complete: false }
  const next = (ids: Order, more: string, pages: number) => ({ ...open, ids: ids.with(more), pages })

  it('shares everything with the list that was there', () => {
    const first = settle(answer('abc', open))
    const second = hold(first, answer('', next(first.answer.ids, 'de', 2)), still)
    expect(words(second)).toBe('abcde')
    expect(second.shown.continues(first.shown)).toBe(true)
    expect(second.gone).toBe(first.gone)
  })

  it('follows the rows that are shown, while what came before it waits and what left stays', () => {
    const before = hold(settle(answer('abc', open)), answer('xac', open), still)
    const after = hold(before, answer('', next(before.answer.ids, 'de', 2)), still)
    expect(words(before)).toBe('abc')
    expect(words(after)).toBe('abcde')
    expect(after.shown.continues(before.shown)).toBe(true)
    expect(after.fresh).toEqual(['x'])
    const whole = hold(after, answer('', { ids: after.answer.ids.with('f'), pages: 3 }), still)
    expect(words(whole)).toBe('abcdef')
    expect([...whole.gone]).toEqual(['b'])
  })

  it('gives a row that stands in it as well no second place', () => {
    const before = hold(settle(answer('abc', open)), answer('ac', open), still)
    expect(words(hold(before, answer('', next(before.answer.ids, 'bd', 2)), still))).toBe('abcd')
  })
})

it('takes the server’s order when nobody reads', () => {
  const held = hold(settle(answer('abc')), answer('cxa'), { still: false })
  expect(words(held)).toBe('cxa')
  expect(held.fresh).toEqual([])
})

it('starts anew with another question', () => {
  expect(words(hold(settle(answer('abc')), answer('xy', { question: 'late' }), still))).toBe('xy')
})
