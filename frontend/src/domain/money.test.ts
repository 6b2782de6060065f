import { expect, it } from 'vitest'
import { holdsLink, money, readMoney, typedMoney } from './money'

it('writes small amounts so that they say something', () => {
  expect(money(15_000, 'en-US')).toBe('$0.015')
  expect(money(200_000, 'en-US')).toBe('$0.20')
  expect(money(12_340_000, 'fr')).toMatch(/^12,34/)
  expect(money(0, 'en-US')).toBe('$0.00')
})

it('reads what is typed with a dot or a comma, and nothing else', () => {
  expect([readMoney('25'), readMoney(' 0,015 '), readMoney('0.2')]).toEqual([25_000_000, 15_000, 200_000])
  expect([readMoney(''), readMoney('-1'), readMoney('1e9'), readMoney('ten')]).toEqual([
    null,
    null,
    null,
    null,
  ])
  const english = [15_000, 25_000_000, 0, 1_234_500_000].map(one => typedMoney(one, 'en-GB'))
  expect(english).toEqual(['0.015', '25', '0', '1234.5'])
  const french = [15_000, 1_234_500_000].map(one => typedMoney(one, 'fr'))
  expect(french).toEqual(['0,015', '1234,5'])
  expect(french.map(readMoney)).toEqual([15_000, 1_234_500_000])
})

it('finds links with and without a scheme', () => {
  expect(['see https://acme.example/a', 'acme.com'].map(holdsLink)).toEqual([true, true])
  expect(['We look into it. Thanks', '@acme.example hello', 'at 10.30'].map(holdsLink)).toEqual([
    false,
    false,
    false,
  ])
})
