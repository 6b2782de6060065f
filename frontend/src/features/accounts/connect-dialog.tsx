/** Connects an account: which brand, which network, what that network asks for, how much to import. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { accountsQuery, networksQuery, useBrands } from '@/domain/desk'
import { useNetworkLabel } from '@/domain/network-words'
import { answer, api } from '@/shared/api/client'
import { useFaults } from '@/shared/api/faults'
import { putRow } from '@/shared/api/put-row'
import type { BrandAccountView } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { Select } from '@/shared/ui/field'
import { FormDialog } from '@/shared/ui/form-dialog'
import { Notice } from '@/shared/ui/notice'
import { Pending } from '@/shared/ui/pending'
import { ConnectFields, type Typed } from './connect-fields'
import { firstTyped, goesAway, IMPORT_DAYS, toSend } from './connect-form'

export function ConnectDialog({
  brandId,
  again = null,
  onClose,
  onConnected,
  goTo = url => location.assign(url),
}: {
  brandId: string | null
  /** The account to connect again. */
  again?: BrandAccountView | null
  onClose: () => void
  onConnected: (account: BrandAccountView) => void
  goTo?: (url: string) => void
}) {
  const t = useWords('accounts.connect')
  const client = useQueryClient()
  const brands = useBrands()
  const { data: all } = useQuery(networksQuery)
  // What other systems bring comes with a key; there is nothing to connect.
  const networks = all?.filter(one => !one.can.includes('brought'))
  const label = useNetworkLabel()
  const [chosenBrand, setBrand] = useState(brandId)
  const [chosenNetwork, setNetwork] = useState(again?.network ?? null)
  const [days, setDays] = useState(again ? '0' : '7')
  const [typedNow, setTyped] = useState<Typed | null>(null)

  const brand = brands.find(one => one.id === chosenBrand) ?? brands[0]
  const network = networks?.find(one => one.name === chosenNetwork) ?? networks?.[0]
  const typed = typedNow ?? firstTyped(network, again)

  const connect = useMutation({
    mutationFn: async () => {
      if (!brand || !network) throw new Error('there is no brand or no network to connect')
      return answer(
        api.POST('/api/v1/accounts/connect', {
          body: {
            brand_id: brand.id,
            network: network.name,
            fields: toSend(network, typed),
            import_days: network.can.includes('backfill') ? Number(days) : 0,
          },
        }),
      )
    },
    onSuccess: ({ account, authorize_url }) => {
      if (authorize_url) goTo(authorize_url)
      else if (account) {
        putRow(client, accountsQuery.queryKey, account)
        onConnected(account)
      }
    },
  })
  const asked = network?.connect_fields.map(field => field.name) ?? []
  const faults = useFaults(
    connect.error,
    asked.map(one => `fields.${one}`),
  )
  const leaving = connect.data?.authorize_url != null
  const away = network !== undefined && goesAway(network, typed)
  return (
    <FormDialog
      onClose={onClose}
      title={again ? t('titleAgain', { handle: `@${again.handle}` }) : t('title')}
      deed={leaving ? t('leaving') : away ? t('submitAway') : t('submit')}
      onSubmit={() => connect.mutate()}
      busy={connect.isPending || leaving || !network}
      problem={faults.rest}
    >
      {!networks || !network ? (
        <Pending rows={2} />
      ) : (
        <>
          {brands.length > 1 && !again && (
            <Select
              label={t('brand')}
              options={brands.map(one => ({ value: one.id, label: one.name }))}
              value={brand?.id ?? ''}
              onChange={setBrand}
            />
          )}
          {networks.length > 1 && !again && (
            <Select
              label={t('network')}
              options={networks.map(one => ({ value: one.name, label: label(one.name) }))}
              value={network.name}
              onChange={next => {
                setNetwork(next)
                setTyped({})
              }}
            />
          )}
          <ConnectFields
            fields={network.connect_fields}
            typed={typed}
            onChange={setTyped}
            byOwnPage={network.can.includes('oauth')}
            error={name => faults.at(`fields.${name}`)}
          />
          {network.can.includes('backfill') && (
            <Select
              label={t('import')}
              hint={t('importHint')}
              options={IMPORT_DAYS.map(one => ({
                value: String(one),
                label: one === 0 ? t('nothing') : t('days', { days: one }),
              }))}
              value={days}
              onChange={setDays}
            />
          )}
          {away && <Notice>{t('away')}</Notice>}
        </>
      )}
    </FormDialog>
  )
}
