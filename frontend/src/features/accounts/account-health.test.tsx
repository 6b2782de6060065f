import { screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { expect, it, vi } from 'vitest'
import type { HealthView } from '@/shared/api/views'
import { anAccount } from '@/shared/testing/given'
import { show } from '@/shared/testing/show'
import { AccountHealth } from './account-health'
import { standing } from './account-state'
import { readable } from './rejects-dialog'

function aHealth(some: Partial<HealthView> = {}): HealthView {
  return {
    account_id: 'ac_1',
    heard_at: '2026-03-04T10:00:00Z',
    asked_at: '2026-03-04T10:00:00Z',
    due_at: '2026-03-04T10:01:00Z',
    newest_at: '2026-03-04T09:00:00Z',
    lag_seconds: 0.4,
    failures: 0,
    problem: null,
    problem_code: null,
    problem_values: {},
    live: true,
    rejects: 0,
    backfill: null,
    rounds: [],
    ...some,
  }
}

it('shows how far an import is, to the eye and to a screen reader', () => {
  const backfill = {
    state: 'running' as const,
    since: '2026-02-02T12:00:00Z',
    reached: '2026-02-20T12:00:00Z',
    taken: 41,
    share: 0.4,
    problem: null,
    problem_code: null,
    problem_values: {},
  }
  show(<AccountHealth account={anAccount()} health={aHealth({ backfill })} onRejects={undefined} />)
  const bar = screen.getByRole('progressbar', { name: 'Import of @acme_help@social.example' })
  expect(bar.getAttribute('value')).toBe('0.4')
  expect(screen.getByText(/41 mentions, reached/)).toBeTruthy()
})

it('says a failure in the network’s own words and leads to what could not be read', async () => {
  const onRejects = vi.fn()
  const health = aHealth({
    failures: 3,
    problem: 'The server is down for maintenance.',
    rejects: 2,
    live: false,
  })
  show(<AccountHealth account={anAccount()} health={health} onRejects={onRejects} />)
  expect(
    screen.getByText(/The network says: The server is down for maintenance\. 3 failures in a row/),
  ).toBeTruthy()
  await userEvent.click(screen.getByRole('button', { name: 'Show' }))
  expect(onRejects).toHaveBeenCalled()
})

it('says what is done daily and fails, and that the account is read all the same', () => {
  const rounds = [{ kind: 'look' as const, failures: 4, problem: 'The server moved.' }]
  const health = aHealth({ rounds })
  show(<AccountHealth account={anAccount()} health={health} onRejects={undefined} />)
  expect(screen.getByText(/could not be read again.*The server moved\. 4 failures in a row/)).toBeTruthy()
  expect(standing(anAccount(), health)).toBe('working')
})

it('names the worst first', () => {
  expect(standing(anAccount(), undefined)).toBe('working')
  expect(standing(anAccount(), aHealth({ failures: 1 }))).toBe('silent')
  expect(standing(anAccount({ state: 'broken' }), aHealth({ failures: 1 }))).toBe('broken')
})

it('breaks JSON into lines and leaves the rest as it came', () => {
  expect(readable('{"a":1}')).toBe('{\n  "a": 1\n}')
  expect(readable('<html>')).toBe('<html>')
})
