/** What an account may cost in a month, and at which share of it people are warned. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { budgetsQuery } from '@/domain/budgets'
import { readMoney, useMoney, useTypedMoney } from '@/domain/money'
import { answer, api } from '@/shared/api/client'
import { useExplain } from '@/shared/api/explain'
import type { BudgetView } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { Button } from '@/shared/ui/button'
import { TextField } from '@/shared/ui/field'
import { Notice } from '@/shared/ui/notice'
import { toast } from '@/shared/ui/toast'

export function BudgetForm({ accountId, budget }: { accountId: string; budget: BudgetView | null }) {
  const t = useWords('costs.budget')
  const explain = useExplain()
  const money = useMoney()
  const typedMoney = useTypedMoney()
  const client = useQueryClient()
  const [limit, setLimit] = useState(budget ? typedMoney(budget.limit_micros) : '')
  const [warn, setWarn] = useState(String(budget?.warn_percent ?? 80))
  const [tried, setTried] = useState(false)
  const micros = limit.trim() === '' ? null : readMoney(limit)
  const percent = /^\d{1,3}$/.test(warn.trim()) ? Number(warn) : 0
  const wrongLimit = limit.trim() !== '' && micros === null
  const wrongPercent = percent < 1 || percent > 100
  const save = useMutation({
    mutationFn: () =>
      answer(
        api.PUT('/api/v1/accounts/{account_id}/budget', {
          params: { path: { account_id: accountId } },
          body: { limit_micros: micros, warn_percent: percent, revision: budget?.revision ?? 0 },
        }),
      ),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['costs', accountId] })
      void client.invalidateQueries({ queryKey: budgetsQuery.queryKey })
      toast(t('kept'), { kind: 'kept' })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (!wrongLimit && !wrongPercent) save.mutate()
  }
  return (
    <section className="costs-part" aria-labelledby="costs-budget">
      <h2 id="costs-budget">{t('title')}</h2>
      <p className="part-words">{t('words')}</p>
      {budget && (
        <Notice kind={{ fine: 'plain', warned: 'soon', spent: 'late' }[budget.level] as 'plain'}>
          {t(budget.level, { used: money(budget.used_micros), limit: money(budget.limit_micros) })}
        </Notice>
      )}
      <form className="form costs-budget" onSubmit={submit} noValidate>
        <TextField
          label={t('limit')}
          hint={t('limitHint')}
          inputMode="decimal"
          value={limit}
          error={tried && wrongLimit ? t('limitWrong') : null}
          onChange={event => setLimit(event.target.value)}
        />
        <TextField
          label={t('warn')}
          inputMode="numeric"
          value={warn}
          error={tried && wrongPercent ? t('warnWrong') : null}
          onChange={event => setWarn(event.target.value)}
        />
        {save.isError && <Notice kind="late">{explain(save.error)}</Notice>}
        <div>
          <Button kind="primary" type="submit" busy={save.isPending}>
            {t('save')}
          </Button>
        </div>
      </form>
    </section>
  )
}
