import { expect, it } from 'vitest'
import { readInboxSearch, readInboxView } from './inbox-address'

it('reads what it knows, once or several times', () => {
  expect(
    readInboxSearch({
      brand: 'br_1',
      assignee: ['ag_1', 'ag_2', 'ag_1'],
      label: 2026,
      q: ' broken ',
      order: 'newest',
    }),
  ).toEqual({ brand: ['br_1'], assignee: ['ag_1', 'ag_2'], label: ['2026'], q: ' broken ', order: 'newest' })
})

it('leaves out what it does not understand', () => {
  expect(
    readInboxSearch({ priority: ['urgent', 'sky-high'], q: '  ', order: 'random', brand: [{}], other: 1 }),
  ).toEqual({
    priority: ['urgent'],
  })
})

it('falls back to all open', () => {
  expect(readInboxView('late')).toBe('late')
  expect(readInboxView('everything')).toBe('all_open')
})
