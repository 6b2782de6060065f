/** Sends a ping at once and shows what the receiver answers. */
import { useMutation } from '@tanstack/react-query'
import { answer, api } from '@/shared/api/client'
import { useExplain } from '@/shared/api/explain'
import type { WebhookView } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { Button } from '@/shared/ui/button'
import { Dialog } from '@/shared/ui/dialog'
import { Notice } from '@/shared/ui/notice'
import { AttemptLine } from './attempt-line'

export function TestDialog({ webhook, onClose }: { webhook: WebhookView; onClose: () => void }) {
  const t = useWords('webhooks.test')
  const ui = useWords('ui')
  const explain = useExplain()
  const test = useMutation({
    mutationFn: () =>
      answer(
        api.POST('/api/v1/webhooks/{webhook_id}/test', { params: { path: { webhook_id: webhook.id } } }),
      ),
  })
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('title', { name: webhook.name })}
      foot={
        <>
          <Button onClick={onClose}>{ui('close')}</Button>
          <Button kind="primary" busy={test.isPending} onClick={() => test.mutate()}>
            {t('go')}
          </Button>
        </>
      }
    >
      <div className="form" aria-live="polite">
        <p className="part-words">{t('words')}</p>
        {test.data && <AttemptLine attempt={test.data} />}
        {test.error && <Notice kind="late">{explain(test.error)}</Notice>}
      </div>
    </Dialog>
  )
}
