/** What this reply will cost, before it is sent: the dearer price as soon as the text holds a link. */
import { holdsLink, useMoney } from '@/domain/money'
import type { ReplyCostView } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'

export function ComposerCost({ cost, text }: { cost: ReplyCostView | null | undefined; text: string }) {
  const t = useWords('costs')
  const money = useMoney()
  if (!cost) return null
  const dearer = cost.with_link_micros > cost.micros && holdsLink(text)
  return (
    <span className={dearer ? 'composer-cost dearer' : 'composer-cost'} role="status">
      {dearer
        ? t('replyWithLink', { money: money(cost.with_link_micros) })
        : t('reply', { money: money(cost.micros) })}
    </span>
  )
}
