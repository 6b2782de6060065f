/** The keys of other systems: what each may, when it was last used, and how to end it. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { KeyRound, Plus } from 'lucide-react'
import { useState } from 'react'
import { BrandName } from '@/domain/brand-name'
import { keysQuery } from '@/domain/desk'
import { When } from '@/domain/when'
import { answer, api } from '@/shared/api/client'
import { useExplain } from '@/shared/api/explain'
import type { KeyView, MadeKeyView } from '@/shared/api/views'
import { useFormats, useWords } from '@/shared/i18n/words'
import { useMinute } from '@/shared/lib/now'
import { Button } from '@/shared/ui/button'
import { Confirm } from '@/shared/ui/confirm'
import { Empty } from '@/shared/ui/empty'
import { Notice } from '@/shared/ui/notice'
import { Pending } from '@/shared/ui/pending'
import { Table } from '@/shared/ui/table'
import { KeySecretDialog } from './key-secret-dialog'
import { MakeKeyDialog } from './make-key-dialog'

function RevokeDialog({ one, onClose }: { one: KeyView; onClose: () => void }) {
  const t = useWords('people.keys')
  const client = useQueryClient()
  const revoke = useMutation({
    mutationFn: () =>
      answer(api.POST('/api/v1/keys/{key_id}/revoke', { params: { path: { key_id: one.id } } })),
    onSuccess: revoked => {
      client.setQueryData(keysQuery.queryKey, list =>
        list?.map(known => (known.id === revoked.id ? revoked : known)),
      )
      onClose()
    },
  })
  return (
    <Confirm
      title={t('revokeTitle', { name: one.name })}
      deed={t('revokeGo')}
      onDo={() => revoke.mutate()}
      onClose={onClose}
      busy={revoke.isPending}
      error={revoke.error}
    >
      {t('revokeWords')}
    </Confirm>
  )
}

function KeyRow({ one, onRevoke }: { one: KeyView; onRevoke: () => void }) {
  const t = useWords('people.keys')
  const format = useFormats()
  const now = useMinute()
  const expired = one.expires_at !== null && Date.parse(one.expires_at) <= now
  const over = one.revoked_at !== null || expired
  return (
    <tr className={over ? 'agent-off' : undefined}>
      <td>
        <span className="key-name">
          {one.name}{' '}
          {one.revoked_at !== null ? (
            <span className="badge">{t('revoked')}</span>
          ) : (
            expired && <span className="badge">{t('expired')}</span>
          )}
          <code className="key-begins">{one.begins_with}…</code>
        </span>
      </td>
      <td>{format.list(one.scopes.map(scope => t(`scope.${scope}`)))}</td>
      <td>
        {one.brand_ids === null
          ? t('allBrands')
          : one.brand_ids.map(id => (
              <div key={id}>
                <BrandName id={id} />
              </div>
            ))}
      </td>
      <td>{one.last_used_at === null ? t('never') : <When at={one.last_used_at} />}</td>
      <td>{one.expires_at === null ? t('noEnd') : <When at={one.expires_at} />}</td>
      <td className="cell-deeds">
        {one.revoked_at === null && (
          <Button
            size="small"
            kind="danger"
            aria-label={t('revokeOf', { name: one.name })}
            onClick={onRevoke}
          >
            {t('revoke')}
          </Button>
        )}
      </td>
    </tr>
  )
}

export function KeysTab() {
  const t = useWords('people.keys')
  const ui = useWords('ui')
  const explain = useExplain()
  const { data: keys, error, refetch } = useQuery(keysQuery)
  const [making, setMaking] = useState(false)
  const [made, setMade] = useState<MadeKeyView | null>(null)
  const [revoking, setRevoking] = useState<KeyView | null>(null)
  if (error)
    return (
      <Notice
        kind="late"
        deed={
          <Button size="small" onClick={() => void refetch()}>
            {ui('retry')}
          </Button>
        }
      >
        {explain(error)}
      </Notice>
    )
  if (!keys) return <Pending rows={3} />
  const make = (
    <Button kind="primary" icon={<Plus />} onClick={() => setMaking(true)}>
      {t('make')}
    </Button>
  )
  return (
    <>
      {keys.length === 0 ? (
        <Empty icon={<KeyRound />} title={t('empty')} deed={make}>
          {t('emptyWords')}
        </Empty>
      ) : (
        <div className="key-list">
          <div className="people-head">
            <p className="part-words">{t('words')}</p>
            {make}
          </div>
          <Table
            label={t('title')}
            head={[
              t('name'),
              t('may'),
              t('brands'),
              t('used'),
              t('ends'),
              <span key="deeds" className="visually-hidden">
                {t('deeds')}
              </span>,
            ]}
          >
            {keys.map(one => (
              <KeyRow key={one.id} one={one} onRevoke={() => setRevoking(one)} />
            ))}
          </Table>
        </div>
      )}
      {making && (
        <MakeKeyDialog
          onClose={() => setMaking(false)}
          onMade={told => {
            setMaking(false)
            setMade(told)
          }}
        />
      )}
      {made && <KeySecretDialog made={made} onClose={() => setMade(null)} />}
      {revoking && <RevokeDialog one={revoking} onClose={() => setRevoking(null)} />}
    </>
  )
}
