import { fireEvent, render } from '@testing-library/react'
import { expect, it } from 'vitest'
import { Avatar, initials } from './avatar'

it.each([
  ['Ana Lima', 'AL'],
  ['acme_help', 'AH'],
  ['ana', 'A'],
  ['🦊 Fox 🦊', 'F'],
  ['山田 太郎', '山太'],
  ['🦊', '·'],
  ['', '·'],
])('%s is %s', (name, letters) => {
  expect(initials(name)).toBe(letters)
})

it('falls back to initials when the picture cannot be loaded, and tells no referrer', () => {
  const { container } = render(<Avatar name="Ana Lima" url="https://pictures.example/ana.png" />)
  const picture = container.querySelector('img')
  expect(picture?.referrerPolicy).toBe('no-referrer')
  if (picture) fireEvent.error(picture)
  expect(container.querySelector('img')).toBeNull()
  expect(container.textContent).toBe('AL')
})
