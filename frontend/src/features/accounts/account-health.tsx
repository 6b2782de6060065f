/** The health of one account's ears: when it last heard, how late, by which line, what it could not read. */
import { When } from '@/domain/when'
import { useProblemWords } from '@/shared/api/reason'
import type { BrandAccountView, HealthView } from '@/shared/api/views'
import { useLocale, useWords } from '@/shared/i18n/words'
import { formatDuration } from '@/shared/lib/duration'
import { Button } from '@/shared/ui/button'
import { Notice } from '@/shared/ui/notice'
import { BackfillLine } from './backfill-line'
import './account-health.css'

function Lag({ seconds }: { seconds: number }) {
  const t = useWords('accounts.health')
  const language = useLocale() === 'fr' ? 'fr' : 'en'
  return seconds < 1 ? t('underSecond') : formatDuration(seconds, language, { days: true })
}

export function AccountHealth({
  account,
  health,
  onRejects,
}: {
  account: BrandAccountView
  health: HealthView
  /** Absent for those who may not read them. */
  onRejects: (() => void) | undefined
}) {
  const t = useWords('accounts.health')
  const words = useProblemWords()
  const problem = words(health)
  const handle = `@${account.handle}`
  const listens = account.state === 'working'
  return (
    <>
      {listens && problem !== null && (
        <Notice kind="soon">
          {t('says', { words: problem })} {health.failures > 0 && t('failures', { count: health.failures })}
        </Notice>
      )}
      {listens &&
        health.rounds.map(round => (
          <Notice key={round.kind} kind="soon">
            {t(round.kind, { words: words(round) ?? round.problem })}{' '}
            {t('failures', { count: round.failures })}
          </Notice>
        ))}
      {listens && (
        <dl className="health" aria-label={t('title', { handle })}>
          <div>
            <dt>{t('heard')}</dt>
            <dd>{health.heard_at === null ? t('never') : <When at={health.heard_at} />}</dd>
          </div>
          <div>
            <dt>{t('newest')}</dt>
            <dd>{health.newest_at === null ? t('none') : <When at={health.newest_at} />}</dd>
          </div>
          {health.lag_seconds !== null && (
            <div>
              <dt>{t('lag')}</dt>
              <dd>
                <Lag seconds={health.lag_seconds} />
              </dd>
            </div>
          )}
          <div>
            <dt>{t('live')}</dt>
            <dd>{health.live ? t('liveOn') : t('liveOff')}</dd>
          </div>
          {!health.live && health.due_at !== null && (
            <div>
              <dt>{t('next')}</dt>
              <dd>
                <When at={health.due_at} />
              </dd>
            </div>
          )}
        </dl>
      )}
      {health.backfill && <BackfillLine backfill={health.backfill} handle={handle} />}
      {health.rejects > 0 && (
        <Notice
          kind="soon"
          deed={
            onRejects && (
              <Button size="small" onClick={onRejects}>
                {t('reject')}
              </Button>
            )
          }
        >
          {t('rejects', { count: health.rejects })}
        </Notice>
      )}
    </>
  )
}
