/** The account's own address, for its network to send requests to. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api } from '@/shared/api/client'
import { useWords } from '@/shared/i18n/words'
import { Button } from '@/shared/ui/button'

export function AccountIncoming({ accountId }: { accountId: string }) {
  const t = useWords('accounts.incoming')
  const [copied, setCopied] = useState(false)
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
  const copy = async () => {
    await navigator.clipboard.writeText(data.url)
    setCopied(true)
  }
  return (
    <p className="account-incoming">
      <span>{t('words')}</span> <code>{data.url}</code>{' '}
      {/* Without https the browser offers no clipboard; the text can be selected. */}
      {'clipboard' in navigator && (
        <Button size="small" onClick={() => void copy()}>
          {copied ? t('copied') : t('copy')}
        </Button>
      )}
    </p>
  )
}
