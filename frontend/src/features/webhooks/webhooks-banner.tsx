/** Tells leads on every page that a webhook was turned off by itself, until one of them turns it on or removes it. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMe } from '@/domain/session'
import { useFormats, useWords } from '@/shared/i18n/words'
import { Notice } from '@/shared/ui/notice'
import { webhooksQuery } from './webhooks-queries'

export function WebhooksBanner() {
  const t = useWords('webhooks.banner')
  const format = useFormats()
  const lead = useMe().role === 'lead'
  const { data } = useQuery({ ...webhooksQuery, enabled: lead })
  const off = data?.filter(one => one.off_why !== null) ?? []
  if (off.length === 0) return null
  return (
    <Notice
      kind="soon"
      deed={
        <Link to="/webhooks" className="button plain small">
          {t('look')}
        </Link>
      }
    >
      {t('off', { count: off.length, names: format.list(off.map(one => one.name)) })}
    </Notice>
  )
}
