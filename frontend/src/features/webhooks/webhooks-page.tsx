/** Where other systems are told what happens: each webhook, how it fares, and how receivers check what they get. */
import { useQuery } from '@tanstack/react-query'
import { Plus, Webhook } from 'lucide-react'
import { useState } from 'react'
import { useMe } from '@/domain/session'
import { useExplain } from '@/shared/api/explain'
import type { WebhookView } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { Button } from '@/shared/ui/button'
import { Empty } from '@/shared/ui/empty'
import { Notice } from '@/shared/ui/notice'
import { Pending } from '@/shared/ui/pending'
import { CheckSignature } from './check-signature'
import { LogDialog } from './log-dialog'
import { RemoveDialog } from './remove-dialog'
import { SecretDialog } from './secret-dialog'
import { TestDialog } from './test-dialog'
import { WebhookCard, type WebhookDeed } from './webhook-card'
import { WebhookDialog } from './webhook-dialog'
import { webhooksQuery } from './webhooks-queries'
import '@/shared/ui/form.css'
import './webhooks.css'

type Open = { what: 'new' } | { what: WebhookDeed; webhook: WebhookView; secret?: string } | null

export function WebhooksPage() {
  const t = useWords('webhooks')
  const explain = useExplain()
  const lead = useMe().role === 'lead'
  const { data: webhooks, error } = useQuery({ ...webhooksQuery, enabled: lead })
  const [open, setOpen] = useState<Open>(null)
  const close = () => setOpen(null)
  const make = (
    <Button kind="primary" icon={<Plus />} onClick={() => setOpen({ what: 'new' })}>
      {t('make')}
    </Button>
  )
  return (
    <div className="page">
      <div className="page-inner">
        <header className="page-head">
          <h1>{t('title')}</h1>
          {webhooks && webhooks.length > 0 && make}
        </header>
        <p className="part-words page-words">{t('words')}</p>
        {!lead && <Notice>{t('leadsOnly')}</Notice>}
        {error && <Notice kind="late">{explain(error)}</Notice>}
        {lead && !webhooks && !error && <Pending rows={3} />}
        {webhooks?.length === 0 && (
          <Empty icon={<Webhook />} title={t('empty')} deed={make}>
            {t('emptyWords')}
          </Empty>
        )}
        {webhooks && webhooks.length > 0 && (
          <ul className="webhooks">
            {webhooks.map(webhook => (
              <WebhookCard key={webhook.id} webhook={webhook} onDeed={what => setOpen({ what, webhook })} />
            ))}
          </ul>
        )}
        {lead && webhooks && <CheckSignature />}
        {open?.what === 'new' && (
          <WebhookDialog
            webhook={null}
            onClose={close}
            onMade={({ webhook, secret }) => setOpen({ what: 'secret', webhook, secret })}
          />
        )}
        {open?.what === 'edit' && <WebhookDialog webhook={open.webhook} onClose={close} />}
        {open?.what === 'secret' && (
          <SecretDialog webhook={open.webhook} made={open.secret ?? null} onClose={close} />
        )}
        {open?.what === 'log' && <LogDialog webhook={open.webhook} onClose={close} />}
        {open?.what === 'test' && <TestDialog webhook={open.webhook} onClose={close} />}
        {open?.what === 'remove' && <RemoveDialog webhook={open.webhook} onClose={close} />}
      </div>
    </div>
  )
}
