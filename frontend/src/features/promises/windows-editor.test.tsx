import { screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { useState } from 'react'
import { expect, it, vi } from 'vitest'
import { show } from '@/shared/testing/show'
import type { TimeWindow } from './week'
import { WindowsEditor } from './windows-editor'

function Monday({ begin, told }: { begin: TimeWindow[]; told: (windows: TimeWindow[]) => void }) {
  const [windows, setWindows] = useState(begin)
  const change = (next: TimeWindow[]) => {
    setWindows(next)
    told(next)
  }
  return <WindowsEditor day="Monday" windows={windows} onChange={change} closed="closed" />
}

it('takes times as people type them, over midnight too', async () => {
  const told = vi.fn()
  show(<Monday begin={[['09:00', '17:00']]} told={told} />)
  const person = userEvent.setup()
  const to = screen.getByLabelText('Monday, window 1: to') as HTMLInputElement
  await person.clear(to)
  await person.type(to, '6h30')
  await person.tab()
  expect(to.value).toBe('06:30')
  expect(screen.getByText('the next day')).toBeTruthy()
  expect(told).toHaveBeenLastCalledWith([['09:00', '06:30']])
})

it('says what a time looks like, and that a window needs a length', async () => {
  show(<Monday begin={[['09:00', '17:00']]} told={vi.fn()} />)
  const person = userEvent.setup()
  const to = screen.getByLabelText('Monday, window 1: to')
  await person.clear(to)
  expect(screen.getByRole('alert').textContent).toContain('Write a time such as 9:00')
  await person.type(to, '9')
  expect(screen.getByRole('alert').textContent).toContain('cannot end when it begins')
})

it('adds and removes windows', async () => {
  const told = vi.fn()
  show(<Monday begin={[]} told={told} />)
  const person = userEvent.setup()
  expect(screen.getByText('closed')).toBeTruthy()
  await person.click(screen.getByRole('button', { name: 'Add a window on Monday' }))
  await person.click(screen.getByRole('button', { name: 'Add a window on Monday' }))
  expect(told).toHaveBeenLastCalledWith([
    ['09:00', '17:00'],
    ['18:00', '21:00'],
  ])
  await person.click(screen.getByRole('button', { name: 'Remove window 1 on Monday' }))
  expect(told).toHaveBeenLastCalledWith([['18:00', '21:00']])
})
