/** The brands' accounts on the networks, and whether they work. */
import { useAccounts } from '@/domain/desk'
import { NetworkMark } from '@/domain/network-mark'
import { useWords } from '@/shared/i18n/words'

export function AccountsPage() {
  const t = useWords('accounts')
  const accounts = useAccounts()
  return (
    <div className="page">
      <div className="page-inner">
        <header className="page-head">
          <h1>{t('title')}</h1>
        </header>
        <ul>
          {accounts.map(account => (
            <li key={account.id}>
              <NetworkMark name={account.network} labelled /> @{account.handle}
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}
