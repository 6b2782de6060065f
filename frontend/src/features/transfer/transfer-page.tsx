/** Brings in what another system knew, and writes everything down for another one; for leads. */
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { useState } from 'react'
import { useMe } from '@/domain/session'
import { answer, api } from '@/shared/api/client'
import { useExplain } from '@/shared/api/explain'
import type { JobView } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { Button } from '@/shared/ui/button'
import { Notice } from '@/shared/ui/notice'
import { Pending } from '@/shared/ui/pending'
import { Table } from '@/shared/ui/table'
import { ImportForm } from './import-form'
import { JobRow } from './job-row'
import { ReportDialog } from './report-dialog'
import { jobsKey, jobsQuery } from './transfer-queries'
import '@/shared/ui/form.css'
import './transfer.css'

function Jobs() {
  const t = useWords('transfer')
  const explain = useExplain()
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(jobsQuery)
  const [shown, setShown] = useState<JobView | null>(null)
  if (error) return <Notice kind="late">{explain(error)}</Notice>
  if (!data) return <Pending rows={3} />
  const jobs = data.pages.flatMap(page => page.items)
  if (jobs.length === 0) return <p className="part-words">{t('none')}</p>
  const deeds = (
    <span key="deeds" className="visually-hidden">
      {t('deeds')}
    </span>
  )
  return (
    <>
      <Table label={t('jobs')} head={[t('name'), t('stands'), t('came'), t('asked'), deeds]}>
        {jobs.map(job => (
          <JobRow key={job.id} job={job} onReport={() => setShown(job)} />
        ))}
      </Table>
      {hasNextPage && (
        <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('more')}
        </Button>
      )}
      {shown && <ReportDialog job={shown} onClose={() => setShown(null)} />}
    </>
  )
}

function Export() {
  const t = useWords('transfer')
  const explain = useExplain()
  const client = useQueryClient()
  const begin = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/jobs/exports', { body: {} })),
    onSettled: () => client.invalidateQueries({ queryKey: jobsKey }),
  })
  return (
    <>
      {begin.error && <Notice kind="late">{explain(begin.error)}</Notice>}
      <Button icon={<Download />} busy={begin.isPending} onClick={() => begin.mutate()}>
        {t('export')}
      </Button>
    </>
  )
}

export function TransferPage() {
  const t = useWords('transfer')
  const lead = useMe().role === 'lead'
  return (
    <div className="page">
      <div className="page-inner">
        <header className="page-head">
          <h1>{t('title')}</h1>
        </header>
        {!lead && <Notice>{t('leadsOnly')}</Notice>}
        {lead && (
          <>
            <section className="transfer-part">
              <h2>{t('importTitle')}</h2>
              <p className="part-words">{t('importWords')}</p>
              <ImportForm />
            </section>
            <section className="transfer-part">
              <h2>{t('exportTitle')}</h2>
              <p className="part-words">{t('exportWords')}</p>
              <Export />
            </section>
            <section className="transfer-part transfer-jobs">
              <h2>{t('jobs')}</h2>
              <Jobs />
            </section>
          </>
        )}
      </div>
    </div>
  )
}
