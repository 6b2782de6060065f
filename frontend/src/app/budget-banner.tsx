/** Says on every page which accounts near the end of their month's budget, or have reached it and stand still. */
import { Link } from '@tanstack/react-router'
import { Coins } from 'lucide-react'
import { useTightBudgets } from '@/domain/budgets'
import { useAccount } from '@/domain/desk'
import { useMoney } from '@/domain/money'
import { useMe } from '@/domain/session'
import type { BudgetView } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'

function Line({ budget }: { budget: BudgetView }) {
  const t = useWords('costs.banner')
  const money = useMoney()
  const lead = useMe().role === 'lead'
  const account = useAccount(budget.account_id)
  const level = budget.level === 'spent' ? 'spent' : 'warned'
  return (
    <div className="connection-banner">
      <Coins aria-hidden="true" />
      <p>
        {t(level, {
          handle: `@${account?.handle ?? ''}`,
          used: money(budget.used_micros),
          limit: money(budget.limit_micros),
        })}
      </p>
      {lead && (
        <Link
          to="/accounts/$accountId/costs"
          params={{ accountId: budget.account_id }}
          className="button plain small"
        >
          {t('look')}
        </Link>
      )}
    </div>
  )
}

export function BudgetBanner() {
  const budgets = useTightBudgets()
  return (
    <div role="status">
      {budgets.map(one => (
        <Line key={one.account_id} budget={one} />
      ))}
    </div>
  )
}
