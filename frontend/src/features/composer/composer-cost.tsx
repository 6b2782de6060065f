/** What this reply will cost, before it is sent: of each part, the dearer price as soon as it holds a link. */
import { holdsLink, useMoney } from '@/domain/money'
import type { ReplyCostView } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'

export function ComposerCost({
  cost,
  texts,
}: {
  cost: ReplyCostView | null | undefined
  /** The text, or the parts in which it goes out. */
  texts: readonly string[]
}) {
  const t = useWords('costs')
  const money = useMoney()
  if (!cost) return null
  const linked = cost.with_link_micros > cost.micros ? texts.filter(holdsLink).length : 0
  const sum = money(linked * cost.with_link_micros + (texts.length - linked) * cost.micros)
  return (
    <span className={linked ? 'composer-cost dearer' : 'composer-cost'} role="status">
      {texts.length > 1
        ? t(linked ? 'partsWithLink' : 'parts', { money: sum, count: String(texts.length) })
        : t(linked ? 'replyWithLink' : 'reply', { money: sum })}
    </span>
  )
}
