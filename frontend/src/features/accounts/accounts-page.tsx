/** The brands, their accounts on the networks, and whether these hear. */
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { AtSign, Plus } from 'lucide-react'
import { useState } from 'react'
import { brandsQuery } from '@/domain/desk'
import { useMe } from '@/domain/session'
import type { BrandAccountView, BrandView } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { Button } from '@/shared/ui/button'
import { Empty } from '@/shared/ui/empty'
import { Pending } from '@/shared/ui/pending'
import type { AccountDialog } from './account-row'
import { BrandDialog } from './brand-dialog'
import { BrandSection } from './brand-section'
import { ConnectDialog } from './connect-dialog'
import { DisconnectDialog } from './disconnect-dialog'
import { ImportDialog } from './import-dialog'
import { RejectsDialog } from './rejects-dialog'
import { Returned } from './returned'
import '@/shared/ui/form.css'
import './accounts.css'

type Open =
  | { what: 'brand'; brand: BrandView | null }
  | { what: AccountDialog; account: BrandAccountView }
  | null

export function AccountsPage() {
  const t = useWords('accounts')
  const lead = useMe().role === 'lead'
  const search = useSearch({ from: '/inside/accounts' })
  const navigate = useNavigate()
  const { data: brands } = useQuery(brandsQuery)
  const [open, setOpen] = useState<Open>(null)
  const close = () => setOpen(null)
  /** The address says whether an account is being connected, and for which brand; "" is the only one. */
  const connect = (brandId: string) => void navigate({ to: '/accounts', search: { connect: brandId } })
  const clean = () => void navigate({ to: '/accounts', search: {}, replace: true })
  const connected = (account: BrandAccountView) => {
    setOpen(null)
    void navigate({ to: '/accounts', search: { connected: account.id }, replace: true })
  }
  const create = (
    <Button
      icon={<Plus />}
      kind={brands?.length === 0 ? 'primary' : 'plain'}
      onClick={() => setOpen({ what: 'brand', brand: null })}
    >
      {t('brand.create')}
    </Button>
  )
  return (
    <div className="page">
      <div className="page-inner">
        <header className="page-head">
          <h1>{t('title')}</h1>
          {lead && brands && brands.length > 0 && create}
        </header>
        <Returned
          connected={search.connected}
          problem={search.problem}
          onPutAway={clean}
          onAgain={() => connect('')}
        />
        {!brands && <Pending rows={4} />}
        {brands?.length === 0 && (
          <Empty icon={<AtSign />} title={t('empty')} deed={lead ? create : undefined}>
            {lead ? t('emptyWords') : t('notMine')}
          </Empty>
        )}
        {brands?.map(brand => (
          <BrandSection
            key={brand.id}
            brand={brand}
            onConnect={() => connect(brand.id)}
            onEdit={() => setOpen({ what: 'brand', brand })}
            onDialog={(what, account) => setOpen({ what, account })}
          />
        ))}
        {open?.what === 'brand' && (
          <BrandDialog brand={open.brand} onClose={close} onCreated={brand => connect(brand.id)} />
        )}
        {lead && search.connect !== undefined && brands && brands.length > 0 && (
          <ConnectDialog brandId={search.connect} onClose={clean} onConnected={connected} />
        )}
        {open?.what === 'reconnect' && (
          <ConnectDialog
            brandId={open.account.brand_id}
            again={open.account}
            onClose={close}
            onConnected={connected}
          />
        )}
        {open?.what === 'import' && <ImportDialog account={open.account} onClose={close} />}
        {open?.what === 'rejects' && <RejectsDialog account={open.account} onClose={close} />}
        {open?.what === 'disconnect' && <DisconnectDialog account={open.account} onClose={close} />}
      </div>
    </div>
  )
}
