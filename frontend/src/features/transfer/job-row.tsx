/** One import or export: how far it is, what came of it, and what can be done with it. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { AgentName } from '@/domain/agent-name'
import { When } from '@/domain/when'
import { answer, api } from '@/shared/api/client'
import type { JobView } from '@/shared/api/views'
import { useFormats, useWords } from '@/shared/i18n/words'
import { useMinute } from '@/shared/lib/now'
import { Button } from '@/shared/ui/button'
import { Reason } from './reason'
import { isUnderWay, jobsKey } from './transfer-queries'

export function JobRow({ job, onReport }: { job: JobView; onReport: () => void }) {
  const t = useWords('transfer')
  const format = useFormats()
  const now = useMinute()
  const client = useQueryClient()
  const cancel = useMutation({
    mutationFn: () =>
      answer(api.POST('/api/v1/jobs/{job_id}/cancel', { params: { path: { job_id: job.id } } })),
    onSettled: () => client.invalidateQueries({ queryKey: jobsKey }),
  })
  const kept = job.kind === 'export' && job.expires_at !== null && Date.parse(job.expires_at) > now
  const share = job.size > 0 ? job.position / job.size : 0
  return (
    <tr>
      <td>
        {job.name}
        <div className="job-kind">{t(`kind.${job.kind}`)}</div>
      </td>
      <td>
        {t(`state.${job.state}`)}
        {job.kind === 'import' && (job.state === 'running' || job.state === 'queued') && (
          <progress
            aria-label={t('progressOf', { name: job.name })}
            className="job-progress"
            value={share}
            max={1}
          />
        )}
        {job.problem !== null && (
          <div className="job-problem">
            <Reason code={job.problem_code} sentence={job.problem} />
          </div>
        )}
      </td>
      <td>
        {t('lines', { count: job.lines })}
        {job.kind === 'import' && (
          <div className="job-kind">
            {format.list([
              t('fresh', { count: job.fresh }),
              t('already', { count: job.already }),
              t('refused', { count: job.refused }),
            ])}
          </div>
        )}
      </td>
      <td>
        <When at={job.created_at} />
        <div className="job-kind">
          <AgentName id={job.agent_id} />
        </div>
      </td>
      <td className="cell-deeds">
        {job.refused > 0 && (
          <Button size="small" aria-label={t('reportOf', { name: job.name })} onClick={onReport}>
            {t('report')}
          </Button>
        )}
        {kept && (
          <a className="button plain small" href={`/api/v1/jobs/${job.id}/file`} download={job.name}>
            <span className="button-word">{t('download')}</span>
          </a>
        )}
        {isUnderWay(job) && (
          <Button
            size="small"
            kind="danger"
            busy={cancel.isPending}
            aria-label={t('cancelOf', { name: job.name })}
            onClick={() => cancel.mutate()}
          >
            {t('cancel')}
          </Button>
        )}
      </td>
    </tr>
  )
}
