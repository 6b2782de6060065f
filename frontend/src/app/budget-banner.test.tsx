import { expect, it } from 'vitest'
import type { BudgetView } from '@/shared/api/views'
import { anAccount, aSession } from '@/shared/testing/given'
import { show, testClient } from '@/shared/testing/show'
import { BudgetBanner } from './budget-banner'

const spent: BudgetView = {
  account_id: 'ac_1',
  brand_id: 'br_1',
  limit_micros: 25_000_000,
  warn_percent: 80,
  used_micros: 25_010_000,
  level: 'spent',
  revision: 7,
}

it('says in both languages that an account stands still, to agents too', () => {
  for (const [language, words] of [
    ['en', '@acme_help@social.example has spent its budget of'],
    ['fr', '@acme_help@social.example a dépensé son budget de'],
  ] as const) {
    const client = testClient()
    client.setQueryData(['session'], aSession({ role: 'agent' }))
    client.setQueryData(['accounts'], [anAccount()])
    client.setQueryData(['budgets'], [{ ...spent, account_id: 'ac_2', level: 'fine' }, spent])
    const { container, unmount } = show(<BudgetBanner />, { client, language })
    expect(container.querySelectorAll('p').length).toBe(1)
    expect(container.textContent).toContain(words)
    unmount()
  }
})
