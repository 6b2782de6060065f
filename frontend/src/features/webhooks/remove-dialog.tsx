/** Removes a webhook, after asking. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { answer, api } from '@/shared/api/client'
import { dropRow } from '@/shared/api/put-row'
import type { WebhookView } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { Confirm } from '@/shared/ui/confirm'
import { webhooksKey } from './webhooks-queries'

export function RemoveDialog({ webhook, onClose }: { webhook: WebhookView; onClose: () => void }) {
  const t = useWords('webhooks.remove')
  const client = useQueryClient()
  const remove = useMutation({
    mutationFn: () =>
      answer(api.DELETE('/api/v1/webhooks/{webhook_id}', { params: { path: { webhook_id: webhook.id } } })),
    onSuccess: () => {
      dropRow(client, webhooksKey, webhook.id)
      onClose()
    },
  })
  return (
    <Confirm
      title={t('title', { name: webhook.name })}
      deed={t('go')}
      onDo={() => remove.mutate()}
      onClose={onClose}
      busy={remove.isPending}
      error={remove.error}
    >
      {t('words')}
    </Confirm>
  )
}
