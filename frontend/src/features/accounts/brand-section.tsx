/** A brand and its accounts. */
import { Plus } from 'lucide-react'
import { brandStyle } from '@/domain/brand-name'
import { useAccounts } from '@/domain/desk'
import { useMe } from '@/domain/session'
import type { BrandAccountView, BrandView } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { Button } from '@/shared/ui/button'
import { type AccountDialog, AccountRow } from './account-row'

export function BrandSection({
  brand,
  onConnect,
  onEdit,
  onDialog,
}: {
  brand: BrandView
  onConnect: () => void
  onEdit: () => void
  onDialog: (dialog: AccountDialog, account: BrandAccountView) => void
}) {
  const t = useWords('accounts')
  const lead = useMe().role === 'lead'
  const accounts = useAccounts()
    .filter(account => account.brand_id === brand.id)
    .toSorted(
      (one, other) =>
        Number(one.state === 'disconnected') - Number(other.state === 'disconnected') ||
        one.handle.localeCompare(other.handle),
    )
  return (
    <section className="brand-section branded" style={brandStyle(brand.colour)} aria-label={brand.name}>
      <header>
        <h2>{brand.name}</h2>
        {lead && (
          <div className="form-deeds">
            <Button size="small" aria-label={t('brand.editOf', { name: brand.name })} onClick={onEdit}>
              {t('brand.edit')}
            </Button>
            <Button
              size="small"
              icon={<Plus />}
              kind={accounts.length === 0 ? 'primary' : 'plain'}
              aria-label={t('connect.goTo', { name: brand.name })}
              onClick={onConnect}
            >
              {t('connect.go')}
            </Button>
          </div>
        )}
      </header>
      {accounts.length === 0 ? (
        <p className="part-words">{t('brand.noAccounts', { name: brand.name })}</p>
      ) : (
        <ul className="accounts">
          {accounts.map(account => (
            <AccountRow key={account.id} account={account} onDialog={dialog => onDialog(dialog, account)} />
          ))}
        </ul>
      )}
    </section>
  )
}
