import { expect, it } from 'vitest'
import { show } from '@/shared/testing/show'
import { Preview } from './preview'

it.each([
  ['@acme it is down again', 'it is down again'],
  ['@acme@social.example @bob.x: look', 'look'],
  ['it is down @acme', 'it is down @acme'],
  ['@acme', '@acme'],
  ['@acme الخدمة لا تعمل', 'الخدمة لا تعمل'],
  ['\u26a0\ufe0f careful', '\u26a0\ufe0f careful'],
])('%s shows %s', (preview, words) => {
  const { container } = show(<Preview>{preview}</Preview>)
  expect(container.textContent).toBe(words)
  expect(container.querySelector('.preview-sign')).toBeNull()
})

it.each([
  ['\u26a0\ufe0e spoiler', 'Content warning', ' spoiler'],
  ['\u{1f5bc}\ufe0e A leaking pipe', 'Picture', ' A leaking pipe'],
  ['\u{1f5bc}\ufe0e ', 'Picture', ''],
  ['\u{1f39e}\ufe0e ', 'Video', ''],
])('%s says what it is: %s', (preview, sign, words) => {
  const { container } = show(<Preview>{preview}</Preview>)
  expect(container.querySelector('.preview-sign svg')).not.toBeNull()
  expect(container.querySelector('.preview-sign')?.textContent).toBe(sign)
  expect(container.textContent).toBe(sign + words)
})
