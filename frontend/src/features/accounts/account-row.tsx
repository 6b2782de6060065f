/** One account: who it is, how it is, and what can be done with it. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Ellipsis, ExternalLink, RefreshCw } from 'lucide-react'
import { accountsQuery, useNetwork } from '@/domain/desk'
import { NetworkMark } from '@/domain/network-mark'
import { useNetworkLabel, useNetworkWord } from '@/domain/network-words'
import { safeAddress } from '@/domain/post-text'
import { useMe } from '@/domain/session'
import { answer, api } from '@/shared/api/client'
import { useExplain } from '@/shared/api/explain'
import { putRow } from '@/shared/api/put-row'
import { useProblemWords } from '@/shared/api/reason'
import type { BrandAccountView } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { classes } from '@/shared/lib/classes'
import { Avatar } from '@/shared/ui/avatar'
import { Button } from '@/shared/ui/button'
import { MenuButton } from '@/shared/ui/menu'
import { Notice } from '@/shared/ui/notice'
import { toast } from '@/shared/ui/toast'
import { AccountHealth } from './account-health'
import { AccountIncoming } from './account-incoming'
import { KINDS, standing } from './account-state'
import { healthQuery, useHealth } from './health-queries'

export type AccountDialog = 'import' | 'rejects' | 'reconnect' | 'disconnect'

function useAccountDeeds(account: BrandAccountView) {
  const t = useWords('accounts.account')
  const explain = useExplain()
  const client = useQueryClient()
  const path = { params: { path: { account_id: account.id } } }
  const failed = (error: unknown) => toast(explain(error), { kind: 'late' })
  const look = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/accounts/{account_id}/poll', path)),
    onSuccess: health => {
      client.setQueryData(healthQuery.queryKey, list =>
        list?.map(one => (one.account_id === health.account_id ? health : one)),
      )
      toast(t('looked'), { kind: 'kept' })
      // The look itself happens in a moment.
      setTimeout(() => void client.invalidateQueries({ queryKey: healthQuery.queryKey }), 1500)
    },
    onError: failed,
  })
  const refresh = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/accounts/{account_id}/refresh', path)),
    onSuccess: fresh => {
      putRow(client, accountsQuery.queryKey, fresh)
      toast(t('refreshed'), { kind: 'kept' })
    },
    onError: failed,
  })
  return { look, refresh }
}

export function AccountRow({
  account,
  onDialog,
}: {
  account: BrandAccountView
  onDialog: (dialog: AccountDialog) => void
}) {
  const t = useWords('accounts')
  const words = useWords('desk')
  const lead = useMe().role === 'lead'
  const navigate = useNavigate()
  const health = useHealth(account.id)
  const network = useNetwork(account.network)
  const label = useNetworkLabel()(account.network)
  const word = useNetworkWord()
  const problem = useProblemWords()
  const { look, refresh } = useAccountDeeds(account)
  const handle = `@${account.handle}`
  const brought = network?.can.includes('brought') ?? false
  const stands = standing(account, health)
  const href = safeAddress(account.url)
  const entries = [
    ...(account.state === 'disconnected'
      ? []
      : [
          { id: 'refresh', label: t('account.refresh') },
          { id: 'import', label: t('account.import'), disabled: account.state !== 'working' },
        ]),
    { id: 'rejects', label: t('account.rejects') },
    ...(network?.priced ? [{ id: 'costs', label: t('account.costs') }] : []),
    { id: 'reconnect', label: t('account.reconnect') },
    ...(account.state === 'disconnected'
      ? []
      : [{ id: 'disconnect', label: t('account.disconnect'), danger: true }]),
  ]
  const choose = (id: string) => {
    if (id === 'refresh') refresh.mutate()
    else if (id === 'costs')
      void navigate({ to: '/accounts/$accountId/costs', params: { accountId: account.id } })
    else if (id === 'import' || id === 'rejects' || id === 'reconnect' || id === 'disconnect') onDialog(id)
  }
  return (
    <li className={classes('account', account.state === 'disconnected' && 'off')}>
      <div className="account-head">
        <Avatar
          name={account.name || account.handle}
          url={account.avatar_url}
          size={40}
          square
          corner={<NetworkMark name={account.network} />}
        />
        <div className="account-who">
          <span className="account-name">
            <bdi>{account.name || account.handle}</bdi>{' '}
            <span className={classes('badge', KINDS[stands])}>{t(`state.${stands}`)}</span>
          </span>
          <span className="account-handle">
            {brought ? (
              label
            ) : href === null ? (
              handle
            ) : (
              <a href={href} target="_blank" rel="noopener noreferrer">
                {handle} <ExternalLink aria-hidden="true" />
                <span className="visually-hidden">{words('newTab')}</span>
              </a>
            )}
          </span>
        </div>
        {lead && !brought && (
          <div className="account-deeds">
            {account.state === 'working' && (
              <Button size="small" icon={<RefreshCw />} busy={look.isPending} onClick={() => look.mutate()}>
                {t('account.lookNow')}
              </Button>
            )}
            {account.state !== 'working' && (
              <Button size="small" kind="primary" onClick={() => onDialog('reconnect')}>
                {t('account.reconnect')}
              </Button>
            )}
            <MenuButton
              label={t('account.more', { handle })}
              sections={[{ entries }]}
              onChoose={choose}
              button={{
                kind: 'quiet',
                size: 'small',
                className: 'icon-button',
                'aria-label': t('account.more', { handle }),
                icon: <Ellipsis />,
              }}
            />
          </div>
        )}
      </div>
      {brought && <p className="account-brought">{t('account.brought')}</p>}
      {account.state === 'broken' && (
        <Notice kind="late">{t('health.says', { words: problem(account) ?? t('state.broken') })}</Notice>
      )}
      {account.state !== 'disconnected' &&
        account.warnings.map(key => (
          <Notice key={key} kind="soon">
            {word(key) ?? key}
          </Notice>
        ))}
      {lead && account.state !== 'disconnected' && network?.can.includes('incoming') && (
        <AccountIncoming accountId={account.id} />
      )}
      {health && (
        <AccountHealth
          account={account}
          health={health}
          onRejects={lead ? () => onDialog('rejects') : undefined}
        />
      )}
    </li>
  )
}
