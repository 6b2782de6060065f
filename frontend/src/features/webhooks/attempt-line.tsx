/** What came of one request: when, how long it took, the status or what went wrong, and the first of the answer. */
import { When } from '@/domain/when'
import type { AttemptView } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { classes } from '@/shared/lib/classes'

/** A request's end as a few words. */
export function useEnd() {
  const t = useWords('webhooks.problem')
  return ({ problem, status }: AttemptView) =>
    problem === null ? t('none', { status: String(status) }) : t(problem, { status: String(status) })
}

export function AttemptLine({ attempt }: { attempt: AttemptView }) {
  const t = useWords('webhooks.log')
  const end = useEnd()
  return (
    <div className="attempt">
      <p>
        <span className={classes('badge', attempt.problem === null ? 'kept' : 'late')}>{end(attempt)}</span>{' '}
        {t('took', { milliseconds: String(attempt.latency_ms) })} <When at={attempt.at} />
      </p>
      {attempt.answer !== '' && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1)
        <pre tabIndex={0} dir="ltr">
          {attempt.answer}
        </pre>
      )}
    </div>
  )
}
