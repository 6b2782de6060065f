/** One webhook: where it leads, what it hears, how it fares, and what can be done with it. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { BrandName } from '@/domain/brand-name'
import { When } from '@/domain/when'
import { answer, api } from '@/shared/api/client'
import { useExplain } from '@/shared/api/explain'
import { putRow } from '@/shared/api/put-row'
import type { WebhookView } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { classes } from '@/shared/lib/classes'
import { Button } from '@/shared/ui/button'
import { Checkbox } from '@/shared/ui/field'
import { MenuButton } from '@/shared/ui/menu'
import { Notice } from '@/shared/ui/notice'
import { toast } from '@/shared/ui/toast'
import { webhooksKey } from './webhooks-queries'

export type WebhookDeed = 'edit' | 'secret' | 'log' | 'test' | 'remove'

function State({ webhook }: { webhook: WebhookView }) {
  const t = useWords('webhooks.state')
  if (!webhook.active) return <span className={classes('badge', webhook.off_why && 'late')}>{t('off')}</span>
  if (webhook.failing_since !== null) return <span className="badge soon">{t('failing')}</span>
  return <span className="badge kept">{t('on')}</span>
}

/** The first three, and a sign where there are more. */
function first(types: readonly string[]): string {
  return types.slice(0, 3).join(', ') + (types.length > 3 ? ' …' : '')
}

export function WebhookCard({
  webhook,
  onDeed,
}: {
  webhook: WebhookView
  onDeed: (deed: WebhookDeed) => void
}) {
  const t = useWords('webhooks.card')
  const explain = useExplain()
  const client = useQueryClient()
  const { name } = webhook
  const turn = useMutation({
    mutationFn: (active: boolean) =>
      answer(
        api.PUT('/api/v1/webhooks/{webhook_id}', {
          params: { path: { webhook_id: webhook.id } },
          body: {
            name,
            url: webhook.url,
            types: webhook.types,
            brand_ids: webhook.brand_ids,
            full: webhook.full,
            revision: webhook.revision,
            active,
          },
        }),
      ),
    onSuccess: saved => putRow(client, webhooksKey, saved),
    onError: error => toast(explain(error), { kind: 'late' }),
    onSettled: () => client.invalidateQueries({ queryKey: webhooksKey, exact: true }),
  })
  return (
    <li className={classes('webhook', !webhook.active && 'off')}>
      <div className="webhook-head">
        <div className="webhook-who">
          <h2>
            {name} <State webhook={webhook} />
          </h2>
          <code className="webhook-url">{webhook.url}</code>
        </div>
        <Checkbox
          asSwitch
          label={t('active')}
          aria-label={t('activeOf', { name })}
          checked={webhook.active}
          disabled={turn.isPending}
          onChange={active => turn.mutate(active)}
        />
      </div>
      <p className="webhook-hears">
        {webhook.types === null
          ? t('allTypes')
          : t('types', { count: webhook.types.length, first: first(webhook.types) })}
        {' · '}
        {webhook.brand_ids === null
          ? t('allBrands')
          : webhook.brand_ids.map(id => <BrandName key={id} id={id} />)}
        {' · '}
        {webhook.full ? t('full') : t('thin')}
        {webhook.waiting > 0 && ` · ${t('waiting', { count: webhook.waiting })}`}
      </p>
      {webhook.off_why !== null && webhook.off_at !== null && (
        <Notice kind="soon">
          {t(`why.${webhook.off_why}`)} <When at={webhook.off_at} />
        </Notice>
      )}
      {webhook.active && webhook.failing_since !== null && (
        <Notice kind="soon">
          {t('failing')} <When at={webhook.failing_since} />
        </Notice>
      )}
      <div className="webhook-deeds">
        <Button size="small" aria-label={t('logOf', { name })} onClick={() => onDeed('log')}>
          {t('log')}
        </Button>
        <Button size="small" aria-label={t('testOf', { name })} onClick={() => onDeed('test')}>
          {t('test')}
        </Button>
        <Button size="small" aria-label={t('editOf', { name })} onClick={() => onDeed('edit')}>
          {t('edit')}
        </Button>
        <MenuButton
          label={t('moreOf', { name })}
          button={{ size: 'small', children: t('more'), 'aria-label': t('moreOf', { name }) }}
          sections={[
            {
              entries: [
                { id: 'secret', label: t('secret') },
                { id: 'remove', label: t('remove') },
              ],
            },
          ]}
          onChoose={id => {
            if (id === 'secret' || id === 'remove') onDeed(id)
          }}
        />
      </div>
    </li>
  )
}
