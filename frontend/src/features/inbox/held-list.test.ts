import { describe, expect, it } from 'vitest'
import { type Answered, type Held, hold, settle } from './held-list'

const answer = (ids: string, more: Partial<Answered> = {}): Answered => ({
  question: 'mine',
  ids: [...ids],
  complete: true,
  grew: false,
  ...more,
})
const still = { still: true }
const words = (held: Held) => held.shown.join('')

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
    const held = hold(settle(answer('abc')), answer('ac'), { still: true, mine: new Set(['b']) })
    expect(words(held)).toBe('ac')
    expect(held.gone.size).toBe(0)
  })

  it('does not call gone what may stand further down', () => {
    const held = hold(settle(answer('abc')), answer('xab', { complete: false }), still)
    expect(held.gone.size).toBe(0)
  })

  it('appends what was loaded at the end, though not what came in at the top meanwhile', () => {
    const held = hold(settle(answer('abc')), answer('xabcdef', { grew: true }), still)
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

it('takes the server’s order when nobody reads', () => {
  const held = hold(settle(answer('abc')), answer('cxa'), { still: false })
  expect(words(held)).toBe('cxa')
  expect(held.fresh).toEqual([])
})

it('starts anew with another question', () => {
  expect(words(hold(settle(answer('abc')), answer('xy', { question: 'late' }), still))).toBe('xy')
})
