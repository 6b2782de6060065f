/** What could not be read from an account, as it came, newest first. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { CircleCheck } from 'lucide-react'
import { When } from '@/domain/when'
import { useExplain } from '@/shared/api/explain'
import type { BrandAccountView } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { Button } from '@/shared/ui/button'
import { Dialog } from '@/shared/ui/dialog'
import { Empty } from '@/shared/ui/empty'
import { Notice } from '@/shared/ui/notice'
import { Pending } from '@/shared/ui/pending'
import { rejectsQuery } from './health-queries'
import './rejects-dialog.css'

/** JSON with line breaks where it is JSON. */
export function readable(raw: string): string {
  try {
    return JSON.stringify(JSON.parse(raw), null, 2)
  } catch {
    // Set aside precisely because it is something else: shown as it came.
    return raw
  }
}

export function RejectsDialog({ account, onClose }: { account: BrandAccountView; onClose: () => void }) {
  const t = useWords('accounts.rejects')
  const explain = useExplain()
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    rejectsQuery(account.id),
  )
  const items = data?.pages.flatMap(page => page.items)
  return (
    <Dialog open onClose={onClose} width="large" title={t('title', { handle: `@${account.handle}` })}>
      {error && <Notice kind="late">{explain(error)}</Notice>}
      {!items && !error && <Pending />}
      {items?.length === 0 && (
        <Empty icon={<CircleCheck />} title={t('empty')}>
          {t('emptyWords')}
        </Empty>
      )}
      {items && items.length > 0 && (
        <>
          <p className="part-words">{t('words')}</p>
          <ul className="rejects">
            {items.map(one => (
              <li key={one.id}>
                <p>
                  {one.reason} <When at={one.created_at} />
                </p>
                {one.remote_id !== null && <p className="field-hint">{t('remote', { id: one.remote_id })}</p>}
                <details>
                  <summary>{t('raw')}</summary>
                  {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1) */}
                  <pre tabIndex={0} dir="ltr">
                    {readable(one.raw)}
                  </pre>
                </details>
              </li>
            ))}
          </ul>
        </>
      )}
      {hasNextPage && (
        <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('older')}
        </Button>
      )}
    </Dialog>
  )
}
