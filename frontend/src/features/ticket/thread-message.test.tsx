import { screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { expect, it } from 'vitest'
import { aCard, aMessage } from '@/shared/testing/given'
import { show } from '@/shared/testing/show'
import { ThreadMessage } from './thread-message'

const VANISHED = { vanished_at: '2026-03-05T10:00:00Z', vanished_why: 'deleted' as const }

it('keeps what a deleted post said behind its tombstone', async () => {
  show(<ThreadMessage card={aCard()} message={aMessage({ ...VANISHED, text: 'It is down again' })} />)
  expect(screen.queryByText('It is down again')).toBeNull()
  await userEvent.click(screen.getByRole('button', { name: 'Show' }))
  expect(screen.getByText('It is down again')).toBeTruthy()
})

it('has nothing to show of a post that its network wants forgotten', () => {
  show(<ThreadMessage card={aCard()} message={aMessage({ ...VANISHED, text: '', segments: [] })} />)
  expect(screen.getByText('The network asks that nothing of it be kept.')).toBeTruthy()
  expect(screen.queryByRole('button', { name: 'Show' })).toBeNull()
})
