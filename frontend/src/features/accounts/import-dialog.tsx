/** Imports what was said to an account before. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api } from '@/shared/api/client'
import { useExplain } from '@/shared/api/explain'
import type { BrandAccountView } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { Button } from '@/shared/ui/button'
import { Dialog } from '@/shared/ui/dialog'
import { Select } from '@/shared/ui/field'
import { Notice } from '@/shared/ui/notice'
import { IMPORT_DAYS } from './connect-form'
import { healthQuery } from './health-queries'

export function ImportDialog({ account, onClose }: { account: BrandAccountView; onClose: () => void }) {
  const t = useWords('accounts.backfill')
  const connect = useWords('accounts.connect')
  const ui = useWords('ui')
  const explain = useExplain()
  const client = useQueryClient()
  const [days, setDays] = useState('7')
  const begin = useMutation({
    mutationFn: () =>
      answer(
        api.POST('/api/v1/accounts/{account_id}/backfill', {
          params: { path: { account_id: account.id } },
          body: { days: Number(days) },
        }),
      ),
    onSuccess: health => {
      client.setQueryData(healthQuery.queryKey, list =>
        list?.map(one => (one.account_id === health.account_id ? health : one)),
      )
      onClose()
    },
  })
  return (
    <Dialog
      open
      onClose={onClose}
      width="small"
      title={t('title', { handle: `@${account.handle}` })}
      foot={
        <>
          <Button onClick={onClose}>{ui('cancel')}</Button>
          <Button kind="primary" busy={begin.isPending} onClick={() => begin.mutate()}>
            {t('go')}
          </Button>
        </>
      }
    >
      <div className="form">
        <Select
          label={t('days')}
          hint={connect('importHint')}
          options={IMPORT_DAYS.filter(one => one > 0).map(one => ({
            value: String(one),
            label: connect('days', { days: one }),
          }))}
          value={days}
          onChange={setDays}
        />
        {begin.isError && <Notice kind="late">{explain(begin.error)}</Notice>}
      </div>
    </Dialog>
  )
}
