/** The secret of a webhook: told when it was made, shown when asked for, and replaced. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { When } from '@/domain/when'
import { answer, api } from '@/shared/api/client'
import { useExplain } from '@/shared/api/explain'
import type { WebhookView } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { Button } from '@/shared/ui/button'
import { CopyButton } from '@/shared/ui/copy-button'
import { Dialog } from '@/shared/ui/dialog'
import { Notice } from '@/shared/ui/notice'
import { webhooksKey } from './webhooks-queries'

export function SecretDialog({
  webhook,
  made,
  onClose,
}: {
  webhook: WebhookView
  /** The secret of a webhook that was made just now. */
  made: string | null
  onClose: () => void
}) {
  const t = useWords('webhooks.secret')
  const ui = useWords('ui')
  const explain = useExplain()
  const client = useQueryClient()
  const [secret, setSecret] = useState(made)
  const [until, setUntil] = useState(webhook.old_secret_until)
  const path = { webhook_id: webhook.id }
  const reveal = useMutation({
    mutationFn: () => answer(api.GET('/api/v1/webhooks/{webhook_id}/secret', { params: { path } })),
    onSuccess: shown => setSecret(shown.secret),
  })
  const rotate = useMutation({
    mutationFn: () =>
      answer(
        api.POST('/api/v1/webhooks/{webhook_id}/secret', { params: { path }, body: { overlap_hours: 24 } }),
      ),
    onSuccess: shown => {
      setSecret(shown.secret)
      setUntil(shown.old_secret_until)
      void client.invalidateQueries({ queryKey: webhooksKey, exact: true })
    },
  })
  const error = reveal.error ?? rotate.error
  return (
    <Dialog
      open
      alert
      onClose={onClose}
      title={made === null ? t('title', { name: webhook.name }) : t('madeTitle', { name: webhook.name })}
      foot={
        <>
          {secret !== null && <CopyButton text={secret} words={{ copy: t('copy'), copied: t('copied') }} />}
          <Button kind="primary" onClick={onClose}>
            {ui('close')}
          </Button>
        </>
      }
    >
      <div className="form">
        <p className="part-words">{t('words')}</p>
        {secret === null ? (
          <div className="form-deeds">
            <Button busy={reveal.isPending} onClick={() => reveal.mutate()}>
              {t('reveal')}
            </Button>
          </div>
        ) : (
          <output className="webhook-secret" aria-label={t('label')}>
            {secret}
          </output>
        )}
        {until !== null && (
          <Notice>
            {t('old')} <When at={until} />
          </Notice>
        )}
        {made === null && (
          <>
            <p className="part-words">{t('rotateWords')}</p>
            <div className="form-deeds">
              <Button kind="danger" busy={rotate.isPending} onClick={() => rotate.mutate()}>
                {t('rotate')}
              </Button>
            </div>
          </>
        )}
        {error && <Notice kind="late">{explain(error)}</Notice>}
      </div>
    </Dialog>
  )
}
