import { expect, it } from 'vitest'
import { Order } from './order'

it('gives each ticket its first place, and none to others', () => {
  const order = Order.of('abcab')
  expect([...order]).toEqual(['a', 'b', 'c'])
  expect([order.placeOf('c'), order.placeOf('x'), order.at(1), order.at(3)]).toEqual([2, -1, 'b', undefined])
})

it('goes on without changing what was there, and without copying it', () => {
  const short = Order.of('ab')
  const long = short.with('bcd')
  expect([[...short].join(''), [...long].join('')]).toEqual(['ab', 'abcd'])
  expect([short.placeOf('c'), short.at(2), long.placeOf('c')]).toEqual([-1, undefined, 2])
  expect(long.continues(short)).toBe(true)
  expect(short.continues(long)).toBe(false)
  expect(long.with('ad')).toBe(long)
})

it('can go on in two ways', () => {
  const short = Order.of('ab')
  const [one, other] = [short.with('cd'), short.with('dx')]
  expect([[...one].join(''), [...other].join(''), [...short].join('')]).toEqual(['abcd', 'abdx', 'ab'])
  expect(other.continues(short)).toBe(false)
})
