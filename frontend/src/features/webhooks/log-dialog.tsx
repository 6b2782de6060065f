/** The deliveries of a webhook, the newest first, with their attempts; and how to send them again. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Inbox } from 'lucide-react'
import { type FormEvent, useId, useState } from 'react'
import { When } from '@/domain/when'
import { answer, api } from '@/shared/api/client'
import { useExplain } from '@/shared/api/explain'
import { useFaults } from '@/shared/api/faults'
import type { DeliveryView, WebhookView } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { classes } from '@/shared/lib/classes'
import { Button } from '@/shared/ui/button'
import { Dialog } from '@/shared/ui/dialog'
import { Empty } from '@/shared/ui/empty'
import { Select, TextField } from '@/shared/ui/field'
import { Notice } from '@/shared/ui/notice'
import { Pending } from '@/shared/ui/pending'
import { toast } from '@/shared/ui/toast'
import { AttemptLine, useEnd } from './attempt-line'
import { attemptsQuery, type DeliveryState, deliveriesQuery, webhooksKey } from './webhooks-queries'

const STATES = ['all', 'waiting', 'delivered', 'failed'] as const
const COLOURS = { waiting: 'soon', delivered: 'kept', failed: 'late' } as const

function Attempts({ webhookId, deliveryId }: { webhookId: string; deliveryId: string }) {
  const explain = useExplain()
  const { data, error } = useQuery(attemptsQuery(webhookId, deliveryId))
  if (error) return <Notice kind="late">{explain(error)}</Notice>
  if (!data) return <Pending rows={1} />
  return data.attempts.map(one => <AttemptLine key={one.at} attempt={one} />)
}

function Delivery({ webhook, delivery }: { webhook: WebhookView; delivery: DeliveryView }) {
  const t = useWords('webhooks.log')
  const explain = useExplain()
  const end = useEnd()
  const client = useQueryClient()
  const [shown, setShown] = useState(false)
  const replay = useMutation({
    mutationFn: () =>
      answer(
        api.POST('/api/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/replay', {
          params: { path: { webhook_id: webhook.id, delivery_id: delivery.id } },
        }),
      ),
    onSuccess: () => toast(t('replayed', { seq: String(delivery.seq) }), { kind: 'kept' }),
    onError: error => toast(explain(error), { kind: 'late' }),
    onSettled: () => client.invalidateQueries({ queryKey: [...webhooksKey, webhook.id] }),
  })
  return (
    <li>
      <div className="delivery-head">
        <span className={classes('badge', COLOURS[delivery.state])}>{t(`state.${delivery.state}`)}</span>
        <span className="delivery-what">
          #{delivery.seq} <code>{delivery.type}</code>
        </span>
        <When at={delivery.created_at} />
        <Button
          size="small"
          busy={replay.isPending}
          aria-label={t('replayOf', { seq: String(delivery.seq) })}
          onClick={() => replay.mutate()}
        >
          {t('replay')}
        </Button>
      </div>
      {delivery.last && (
        <p className="field-hint">
          {end(delivery.last)}
          {delivery.state === 'waiting' && delivery.due_at !== null && (
            <>
              {' · '}
              {t('next')} <When at={delivery.due_at} />
            </>
          )}
        </p>
      )}
      {delivery.last && (
        <details onToggle={event => setShown(event.currentTarget.open)}>
          <summary>{t('attempts', { count: delivery.tries })}</summary>
          {shown && <Attempts webhookId={webhook.id} deliveryId={delivery.id} />}
        </details>
      )}
    </li>
  )
}

function ReplayForm({ webhook }: { webhook: WebhookView }) {
  const t = useWords('webhooks.log')
  const id = useId()
  const client = useQueryClient()
  const [after, setAfter] = useState('')
  const replay = useMutation({
    mutationFn: () =>
      answer(
        api.POST('/api/v1/webhooks/{webhook_id}/replay', {
          params: { path: { webhook_id: webhook.id } },
          body: { after: Number(after) },
        }),
      ),
    onSuccess: () => {
      toast(t('replayedAfter', { seq: after }), { kind: 'kept' })
      setAfter('')
    },
    onSettled: () => client.invalidateQueries({ queryKey: webhooksKey }),
  })
  const faults = useFaults(replay.error, ['after'])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!replay.isPending) replay.mutate()
  }
  return (
    <form id={id} className="webhook-replay" onSubmit={submit}>
      <TextField
        label={t('after')}
        hint={t('afterHint')}
        required
        inputMode="numeric"
        pattern="[0-9]{1,15}"
        value={after}
        error={faults.at('after') ?? faults.rest}
        onChange={event => setAfter(event.target.value)}
      />
      <Button type="submit" busy={replay.isPending}>
        {t('replayAll')}
      </Button>
    </form>
  )
}

export function LogDialog({ webhook, onClose }: { webhook: WebhookView; onClose: () => void }) {
  const t = useWords('webhooks.log')
  const explain = useExplain()
  const [state, setState] = useState<DeliveryState | 'all'>('all')
  const { data, error, refetch, isFetching, hasNextPage, fetchNextPage, isFetchingNextPage } =
    useInfiniteQuery(deliveriesQuery(webhook.id, state))
  const items = data?.pages.flatMap(page => page.items)
  return (
    <Dialog open onClose={onClose} width="large" title={t('title', { name: webhook.name })}>
      <div className="form">
        <p className="part-words">{t('words')}</p>
        <div className="webhook-log-head">
          <Select
            label={t('show')}
            value={state}
            options={STATES.map(one => ({ value: one, label: t(`state.${one}`) }))}
            onChange={setState}
          />
          <Button busy={isFetching && !isFetchingNextPage} onClick={() => void refetch()}>
            {t('again')}
          </Button>
        </div>
        {error && <Notice kind="late">{explain(error)}</Notice>}
        {!items && !error && <Pending />}
        {items?.length === 0 && (
          <Empty icon={<Inbox />} title={t('empty')}>
            {t('emptyWords')}
          </Empty>
        )}
        {items && items.length > 0 && (
          <ul className="deliveries">
            {items.map(one => (
              <Delivery key={one.id} webhook={webhook} delivery={one} />
            ))}
          </ul>
        )}
        {hasNextPage && (
          <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t('older')}
          </Button>
        )}
        <ReplayForm webhook={webhook} />
      </div>
    </Dialog>
  )
}
