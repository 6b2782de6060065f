import { expect, it } from 'vitest'
import { recycle, type Shown } from './recycle'

const words = (shown: readonly Shown[]) => shown.map(({ slot, key }) => `${slot}${key}`).join(' ')

it('leaves every row that stays in its element, and gives the others’ to those that come', () => {
  const before = recycle([], [...'abcd'], true)
  expect(words(before)).toBe('0a 1b 2c 3d')
  const after = recycle(before, [...'cdefg'], false)
  expect(words(after)).toBe('0e 1f 2c 3d 4g')
})

it('puts the elements in the order of their rows when asked', () => {
  const before = recycle(recycle([], [...'abcd'], true), [...'cdef'], false)
  expect(words(recycle(before, [...'cdef'], true))).toBe('2c 3d 0e 1f')
})

it('lets go of elements that no row needs, and names no two alike', () => {
  const few = recycle(recycle([], [...'abcd'], true), [...'d'], false)
  expect(words(few)).toBe('3d')
  const many = recycle(few, [...'dxyz'], false)
  expect(new Set(many.map(one => one.slot)).size).toBe(4)
})
