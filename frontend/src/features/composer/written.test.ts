import { expect, it } from 'vitest'
import { aReply } from '@/shared/testing/given'
import {
  afterSending,
  getWritten,
  isEmpty,
  newKey,
  nothingWritten,
  setWritten,
  withReturned,
  writeAs,
} from './written'

const writing = (
  some: Partial<ReturnType<typeof nothingWritten>['texts']>,
  lane: 'public' | 'private' | 'note' = 'public',
) => {
  const nothing = nothingWritten(lane)
  return { ...nothing, texts: { ...nothing.texts, ...some } }
}

it('makes keys that the server takes and never the same twice', () => {
  expect(newKey()).toMatch(/^[0-9a-f]{32}$/)
  expect(new Set(Array.from({ length: 100 }, newKey)).size).toBe(100)
})

it('sends one lane and leaves the words of the others where they are', () => {
  const before = writing({ public: 'We are on it.', private: 'Your number, please?' })
  const after = afterSending(before)
  expect(after.texts).toEqual({ public: '', private: 'Your number, please?', note: '' })
  expect(after.key).not.toBe(before.key)
})

it('is empty by its own lane only', () => {
  expect(isEmpty(writing({ private: 'x' }))).toBe(true)
  expect(isEmpty(writing({ private: 'x' }, 'private'))).toBe(false)
  expect(isEmpty(writing({ note: '  ' }, 'note'))).toBe(true)
})

it('puts a reply taken back into its own lane, before what was written since, under a new key', () => {
  const before = writing({ private: 'and another thing', public: 'open words' })
  const after = withReturned(
    before,
    aReply({ lane: 'private', text: 'Your number, please?', visibility: 'direct' }),
  )
  expect(after.lane).toBe('private')
  expect(after.texts).toEqual({
    public: 'open words',
    private: 'Your number, please?\n\nand another thing',
    note: '',
  })
  expect(after.key).not.toBe(before.key)
})

it('shows nobody what another agent was writing in this page', () => {
  writeAs('ag_ana')
  setWritten('tk_1', nothingWritten('public'))
  writeAs('ag_ana')
  expect(getWritten('tk_1')).toBeDefined()
  writeAs('ag_ben')
  expect(getWritten('tk_1')).toBeUndefined()
})
