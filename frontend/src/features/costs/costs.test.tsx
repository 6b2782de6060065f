import { screen, waitFor, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { BudgetView } from '@/shared/api/views'
import { show } from '@/shared/testing/show'
import { BudgetForm } from './budget-form'
import { CostsDays } from './costs-days'
import { monthAfter } from './costs-queries'

const spent: BudgetView = {
  account_id: 'ac_1',
  brand_id: 'br_1',
  limit_micros: 25_000_000,
  warn_percent: 80,
  used_micros: 25_010_000,
  level: 'spent',
  revision: 7,
}

const asked: unknown[] = []
const before = globalThis.fetch
beforeEach(() => {
  asked.length = 0
  globalThis.fetch = async input => {
    const request = input as Request
    asked.push([request.method, new URL(request.url).pathname, await request.json()])
    return Response.json(null)
  }
})
afterEach(() => {
  globalThis.fetch = before
})

it('shows a month by day and thing, the sum of a day once, and things without words by name', () => {
  const one = { day: '2026-03-04', kind: 'read' as const, label: 'cost.nowhere.at_all' }
  show(
    <CostsDays
      spending={[
        { ...one, name: 'mention.read', uses: 1200, micros: 1_200_000 },
        { ...one, name: 'post.create', kind: 'write', uses: 1, micros: 15_000 },
      ]}
    />,
  )
  const rows = screen.getAllByRole('row').slice(1)
  expect(
    rows.map(row =>
      within(row)
        .getAllByRole('cell')
        .map(cell => cell.textContent),
    ),
  ).toEqual([
    [
      expect.stringMatching(/4.*\$1\.2[12]/),
      'mention.read reading',
      '1,200',
      expect.stringContaining('1.20'),
    ],
    ['', 'post.create posting', '1', expect.stringContaining('0.015')],
  ])
})

it('keeps a budget, and none, and refuses what is no amount', async () => {
  const user = userEvent.setup()
  show(<BudgetForm accountId="ac_1" budget={spent} />)
  expect(screen.getByRole('alert').textContent).toMatch(/have stopped/)
  const limit = screen.getByLabelText('US dollars a month')
  await user.clear(limit)
  await user.type(limit, 'ten')
  await user.click(screen.getByRole('button', { name: 'Save the budget' }))
  expect(limit.getAttribute('aria-invalid')).toBe('true')
  await user.clear(limit)
  await user.type(limit, '40,5{Enter}')
  await waitFor(() =>
    expect(asked).toEqual([
      ['PUT', '/api/v1/accounts/ac_1/budget', { limit_micros: 40_500_000, warn_percent: 80, revision: 7 }],
    ]),
  )
  await user.clear(limit)
  await user.type(limit, '{Enter}')
  await waitFor(() => expect(asked[1]).toMatchObject({ 2: { limit_micros: null } }))
})

it('goes from month to month over the year’s end', () => {
  expect([monthAfter('2026-12-01', 1), monthAfter('2026-01-01', -1)]).toEqual(['2027-01-01', '2025-12-01'])
})
