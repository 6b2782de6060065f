/** The prices that a network is counted by, and the way to correct them to what is really paid. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { readMoney, useMoney, useTypedMoney } from '@/domain/money'
import { answer, api } from '@/shared/api/client'
import { useExplain } from '@/shared/api/explain'
import type { PriceView } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { Button } from '@/shared/ui/button'
import { TextField } from '@/shared/ui/field'
import { Table } from '@/shared/ui/table'
import { toast } from '@/shared/ui/toast'
import { useThing } from './things'

function PriceRow({ accountId, network, price }: { accountId: string; network: string; price: PriceView }) {
  const t = useWords('costs.prices')
  const explain = useExplain()
  const thing = useThing()
  const money = useMoney()
  const typedMoney = useTypedMoney()
  const client = useQueryClient()
  const [typed, setTyped] = useState(typedMoney(price.micros))
  const micros = typed.trim() === '' ? price.declared_micros : readMoney(typed)
  const save = useMutation({
    mutationFn: () =>
      answer(
        api.PUT('/api/v1/networks/{network}/prices/{name}', {
          params: { path: { network, name: price.name } },
          body: { micros: micros === price.declared_micros ? null : micros, revision: price.revision },
        }),
      ),
    onSuccess: fresh => {
      setTyped(typedMoney(fresh.micros))
      void client.invalidateQueries({ queryKey: ['costs', accountId] })
      toast(t('kept'), { kind: 'kept' })
    },
    onError: error => toast(explain(error), { kind: 'late' }),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (micros !== null) save.mutate()
  }
  return (
    <tr>
      <td>{thing(price)}</td>
      <td>{money(price.declared_micros)}</td>
      <td>
        <form className="costs-price" onSubmit={submit} noValidate>
          <TextField
            label={t('ownOf', { thing: thing(price) })}
            quietLabel
            inputMode="decimal"
            value={typed}
            error={micros === null ? t('wrong') : null}
            onChange={event => setTyped(event.target.value)}
          />
          {micros !== price.micros && (
            <Button size="small" type="submit" disabled={micros === null} busy={save.isPending}>
              {t('save')}
            </Button>
          )}
        </form>
      </td>
    </tr>
  )
}

export function CostsPrices(some: { accountId: string; network: string; prices: PriceView[] }) {
  const t = useWords('costs.prices')
  return (
    <section className="costs-part" aria-labelledby="costs-prices">
      <h2 id="costs-prices">{t('title')}</h2>
      <p className="part-words">{t('words')}</p>
      <Table label={t('title')} head={[t('thing'), t('declared'), t('own')]}>
        {some.prices.map(price => (
          <PriceRow key={price.name} accountId={some.accountId} network={some.network} price={price} />
        ))}
      </Table>
    </section>
  )
}
