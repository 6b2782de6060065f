/** The account's own address, for its network to send requests to. */
import { useQuery } from '@tanstack/react-query'
import { answer, api } from '@/shared/api/client'
import { useWords } from '@/shared/i18n/words'
import { CopyButton } from '@/shared/ui/copy-button'

export function AccountIncoming({ accountId }: { accountId: string }) {
  const t = useWords('accounts.incoming')
  const { data } = useQuery({
    queryKey: ['accounts', accountId, 'incoming'],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/v1/accounts/{account_id}/incoming', {
          params: { path: { account_id: accountId } },
          signal,
        }),
      ),
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (!data) return null
  return (
    <p className="account-incoming">
      <span>{t('words')}</span> <code>{data.url}</code>{' '}
      <CopyButton text={data.url} words={{ copy: t('copy'), copied: t('copied') }} size="small" />
    </p>
  )
}
