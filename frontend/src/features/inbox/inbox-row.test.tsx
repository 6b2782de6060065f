import { expect, it } from 'vitest'
import { withoutAddress } from './inbox-row'

it.each([
  ['@acme it is down again', 'it is down again'],
  ['@acme@social.example @bob.x: look', 'look'],
  ['it is down @acme', 'it is down @acme'],
  ['@acme', '@acme'],
  ['@acme الخدمة لا تعمل', 'الخدمة لا تعمل'],
])('%s shows %s', (preview, words) => {
  expect(withoutAddress(preview)).toBe(words)
})
