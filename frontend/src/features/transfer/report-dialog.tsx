/** The lines an import did not take, and why. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { useExplain } from '@/shared/api/explain'
import type { JobView } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { Button } from '@/shared/ui/button'
import { Dialog } from '@/shared/ui/dialog'
import { Notice } from '@/shared/ui/notice'
import { Pending } from '@/shared/ui/pending'
import { Table } from '@/shared/ui/table'
import { Reason } from './reason'
import { refusalsQuery } from './transfer-queries'

export function ReportDialog({ job, onClose }: { job: JobView; onClose: () => void }) {
  const t = useWords('transfer')
  const explain = useExplain()
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(
    refusalsQuery(job.id),
  )
  return (
    <Dialog open onClose={onClose} title={t('reportTitle', { name: job.name })}>
      {error && <Notice kind="late">{explain(error)}</Notice>}
      {!data && !error && <Pending rows={3} />}
      {data && (
        <Table label={t('report')} head={[t('line'), t('place'), t('reason')]}>
          {data.pages
            .flatMap(page => page.items)
            .map(one => (
              <tr key={one.line}>
                <td>{one.line}</td>
                <td>
                  <code>{one.place || '/'}</code>
                </td>
                <td>
                  <Reason code={one.code} sentence={one.reason} />
                </td>
              </tr>
            ))}
        </Table>
      )}
      {hasNextPage && (
        <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('more')}
        </Button>
      )}
    </Dialog>
  )
}
