import { expect, it } from 'vitest'
import { aCard } from '@/shared/testing/given'
import { knowNothing, learn } from './known-cards'

const page = (ids: string, preview = 'first') => ({
  items: [...ids].map(id => aCard({ id, preview })),
  next: 'c',
  head: 0,
})
const words = (known: ReturnType<typeof learn>) =>
  [...known.ids].map(id => id + known.cards.get(id)?.preview[0])

it('goes on at the end with one page more, and leaves the rows that were there as they are', () => {
  const first = page('abc')
  const one = learn(knowNothing(), [first])
  const two = learn(one, [first, page('cde', 'second')])
  // "c" moved to the second page while they were read: its first place and its first words count.
  expect(words(two)).toEqual(['af', 'bf', 'cf', 'ds', 'es'])
  expect(two.ids.continues(one.ids)).toBe(true)
  expect(first.items.map(card => two.cards.get(card.id))).toEqual(first.items)
})

it('keeps the order when cards only say something new', () => {
  const [first, second] = [page('ab'), page('bcd')]
  const before = learn(knowNothing(), [first, second])
  const after = learn(before, [first, page('bcd', 'new')])
  expect(after.ids).toBe(before.ids)
  expect(words(after)).toEqual(['af', 'bf', 'cn', 'dn'])
})

it('takes another order, and remembers what left', () => {
  const second = page('cd')
  const before = learn(knowNothing(), [page('ab'), second])
  const after = learn(before, [page('xa', 'new'), second])
  expect(words(after)).toEqual(['xn', 'an', 'cf', 'df'])
  expect(after.cards.get('b')?.preview).toBe('first')
  expect(words(learn(after, [page('ab')]))).toEqual(['af', 'bf'])
})
