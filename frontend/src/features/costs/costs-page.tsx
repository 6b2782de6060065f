/** What an account costs: its month by day and kind, its budget, and the prices it is counted by. For leads. */
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { ArrowLeft, ChevronLeft, ChevronRight, Coins } from 'lucide-react'
import { useState } from 'react'
import { useAccount } from '@/domain/desk'
import { useMoney } from '@/domain/money'
import { useExplain } from '@/shared/api/explain'
import { useFormats, useWords } from '@/shared/i18n/words'
import { usePageTitle } from '@/shared/lib/page-title'
import { IconButton } from '@/shared/ui/button'
import { Empty } from '@/shared/ui/empty'
import { Notice } from '@/shared/ui/notice'
import { Pending } from '@/shared/ui/pending'
import { BudgetForm } from './budget-form'
import { CostsDays } from './costs-days'
import { CostsPrices } from './costs-prices'
import { costsQuery, monthAfter } from './costs-queries'
import '@/shared/ui/form.css'
import './costs.css'

export function CostsPage() {
  const t = useWords('costs')
  const explain = useExplain()
  const format = useFormats()
  const money = useMoney()
  const { accountId } = useParams({ from: '/inside/accounts/$accountId/costs' })
  const account = useAccount(accountId)
  const [month, setMonth] = useState<string | null>(null)
  const { data: costs, error } = useQuery(costsQuery(accountId, month))
  const handle = `@${account?.handle ?? ''}`
  usePageTitle(t('title', { handle }))
  const total = costs?.spending.reduce((sum, one) => sum + one.micros, 0) ?? 0
  const go = (months: number) => costs && setMonth(monthAfter(costs.month, months))
  return (
    <div className="page">
      <div className="page-inner">
        <header className="page-head">
          <h1>{t('title', { handle })}</h1>
          <Link to="/accounts" className="button plain">
            <ArrowLeft aria-hidden="true" /> {t('back')}
          </Link>
        </header>
        {error && <Notice kind="late">{explain(error)}</Notice>}
        {!costs && !error && <Pending rows={4} />}
        {costs && costs.prices.length === 0 && costs.spending.length === 0 && (
          <Empty icon={<Coins />} title={t('free')}>
            {t('freeWords')}
          </Empty>
        )}
        {costs && costs.prices.length > 0 && (
          <>
            <section className="costs-part">
              <div className="costs-month">
                <IconButton label={t('earlier')} icon={<ChevronLeft />} onClick={() => go(-1)} />
                <h2>
                  {format.dateTime(new Date(`${costs.month}T00:00:00Z`), {
                    year: 'numeric',
                    month: 'long',
                    timeZone: 'UTC',
                  })}
                </h2>
                <IconButton
                  label={t('later')}
                  icon={<ChevronRight />}
                  disabled={costs.month >= new Date().toISOString().slice(0, 8).concat('01')}
                  onClick={() => go(1)}
                />
                <p className="costs-total" role="status">
                  {t('total', { money: money(total) })}
                </p>
              </div>
              <CostsDays spending={costs.spending} />
            </section>
            <BudgetForm key={`${costs.budget?.limit_micros}`} accountId={accountId} budget={costs.budget} />
            {account && <CostsPrices accountId={accountId} network={account.network} prices={costs.prices} />}
          </>
        )}
      </div>
    </div>
  )
}
