/** Takes an account off, after asking. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { accountsQuery } from '@/domain/desk'
import { answer, api } from '@/shared/api/client'
import type { BrandAccountView } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { Confirm } from '@/shared/ui/confirm'
import { healthQuery } from './health-queries'

export function DisconnectDialog({ account, onClose }: { account: BrandAccountView; onClose: () => void }) {
  const t = useWords('accounts.account')
  const client = useQueryClient()
  const handle = `@${account.handle}`
  const disconnect = useMutation({
    mutationFn: () =>
      answer(api.DELETE('/api/v1/accounts/{account_id}', { params: { path: { account_id: account.id } } })),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: accountsQuery.queryKey })
      void client.invalidateQueries({ queryKey: healthQuery.queryKey })
      onClose()
    },
  })
  return (
    <Confirm
      title={t('disconnectTitle', { handle })}
      deed={t('disconnectGo')}
      onDo={() => disconnect.mutate()}
      onClose={onClose}
      busy={disconnect.isPending}
      error={disconnect.error}
    >
      {t('disconnectWords', { handle })}
    </Confirm>
  )
}
