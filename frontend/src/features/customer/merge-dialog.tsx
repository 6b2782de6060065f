/** Two customers are one person: find the other one, and make them one. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { NetworkMark } from '@/domain/network-mark'
import { ticketKeys } from '@/domain/ticket-cache'
import { answer, api } from '@/shared/api/client'
import { useExplain } from '@/shared/api/explain'
import type { CustomerView } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { useSettled } from '@/shared/lib/settled'
import { Avatar } from '@/shared/ui/avatar'
import { Button } from '@/shared/ui/button'
import { Dialog } from '@/shared/ui/dialog'
import { TextField } from '@/shared/ui/field'
import { Notice } from '@/shared/ui/notice'
import { toast } from '@/shared/ui/toast'
import { customerQuery, othersQuery } from './customer-queries'
import '@/shared/ui/form.css'

export function MergeDialog({
  customer,
  name,
  onClose,
}: {
  customer: CustomerView
  name: string
  onClose: () => void
}) {
  const t = useWords('customer')
  const ui = useWords('ui')
  const explain = useExplain()
  const client = useQueryClient()
  const group = useId()
  const [typed, setTyped] = useState('')
  const [chosen, setChosen] = useState<string | null>(null)
  const words = useSettled(typed.trim(), 250)
  const { data: found } = useQuery({ ...othersQuery(words, customer.id), placeholderData: keepPreviousData })
  const merge = useMutation({
    mutationFn: (otherId: string) =>
      answer(
        api.POST('/api/v1/customers/{customer_id}/merge', {
          params: { path: { customer_id: customer.id } },
          body: { other_id: otherId },
        }),
      ),
    onSuccess: merged => {
      client.setQueryData(customerQuery(customer.id).queryKey, merged)
      void client.invalidateQueries({ queryKey: ticketKeys.customerTickets(customer.id) })
      void client.invalidateQueries({ queryKey: ticketKeys.lists })
      toast(t('merged'), { kind: 'kept' })
      onClose()
    },
  })
  const people = words === '' ? [] : (found ?? [])
  const other = people.find(one => one.id === chosen)
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('mergeTitle', { name })}
      foot={
        <>
          <Button onClick={onClose}>{ui('cancel')}</Button>
          <Button
            kind="danger"
            busy={merge.isPending}
            disabled={!other}
            onClick={() => {
              if (other) merge.mutate(other.id)
            }}
          >
            {t('mergeGo')}
          </Button>
        </>
      }
    >
      <div className="form">
        <p className="part-words">{t('mergeWords', { name })}</p>
        <TextField
          type="search"
          label={t('mergeSearch')}
          autoFocus
          value={typed}
          onChange={event => setTyped(event.target.value)}
        />
        <fieldset className="merge-people">
          <legend className="visually-hidden">{t('mergeChoose')}</legend>
          {people.map(one => (
            <label key={one.id}>
              <input
                type="radio"
                name={group}
                checked={one.id === chosen}
                onChange={() => setChosen(one.id)}
              />
              <Avatar
                name={one.name || one.handle}
                url={one.avatar_url}
                size={24}
                corner={<NetworkMark name={one.network} />}
              />
              <span>
                <bdi>{one.name || one.handle}</bdi> <small>@{one.handle}</small>
              </span>
            </label>
          ))}
        </fieldset>
        <p className="field-hint" role="status">
          {words === '' ? t('mergeType') : found?.length === 0 ? t('mergeNone') : ''}
        </p>
        {merge.isError && <Notice kind="late">{explain(merge.error)}</Notice>}
      </div>
    </Dialog>
  )
}
