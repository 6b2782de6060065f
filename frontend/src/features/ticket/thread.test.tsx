import { screen } from '@testing-library/react'
import { expect, it, vi } from 'vitest'
import { aMessage, aTicket } from '@/shared/testing/given'
import { show } from '@/shared/testing/show'
import { Thread } from './thread'

it('marks the first post that waited at the opening, for as long as it waits', () => {
  const thread = (answered_at: string | null) => (
    <Thread
      ticket={aTicket({
        messages: [
          aMessage({ id: 'ms_1', answered_at }),
          aMessage({ id: 'ms_2', posted_at: '2026-03-05T11:00:00Z' }),
        ],
      })}
      replies={[]}
      outgoing={() => null}
      onEarlier={vi.fn()}
      loadingEarlier={false}
      onSeen={vi.fn()}
    />
  )
  const { rerender } = show(thread(null))
  expect(screen.getAllByText('First unanswered post')).toHaveLength(1)
  // Answered: the mark goes, and does not wander to another post under whoever reads.
  rerender(thread('2026-03-05T12:00:00Z'))
  expect(screen.queryByText('First unanswered post')).toBeNull()
})
