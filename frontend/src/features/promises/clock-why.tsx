/** Why a clock stands where it stands: who promised it, every step of its life, every stretch that was counted. */
import type { ClockView } from '@/shared/api/views'
import { useFormats, useWords } from '@/shared/i18n/words'
import { Dialog } from '@/shared/ui/dialog'
import { useCause, useClockName, useReasons, useTraitName } from './clock-words'
import { useLength } from './length'
import { isOpen } from './open-clock'

/** Exact to the second: who asks why wants to add it up. */
function useExact(): (at: string) => string {
  const format = useFormats()
  return at => format.dateTime(new Date(at), { dateStyle: 'medium', timeStyle: 'medium' })
}

const apart = (one: string, other: string) => (Date.parse(one) - Date.parse(other)) / 1000

function Facts({ clock }: { clock: ClockView }) {
  const t = useWords('promises.why')
  const length = useLength()
  const exact = useExact()
  const reasons = useReasons()
  const traitName = useTraitName()
  const cause = useCause()
  const { policy, calendar } = clock
  const causes = [...new Set([...clock.causes, ...clock.flags])]
  const noticed =
    clock.breached_at !== null && clock.detected_at !== null
      ? apart(clock.detected_at, clock.breached_at)
      : null
  return (
    <dl className="why-facts">
      <dt>{t('policy')}</dt>
      <dd>
        {policy.id === null ? t('noPolicy') : (policy.name ?? policy.id)}
        <small>{t('because', { reasons: reasons(clock) })}</small>
      </dd>
      {policy.passed_over.length > 0 && (
        <>
          <dt>{t('passedOver')}</dt>
          <dd>
            {policy.passed_over.map(one => (
              <div key={one.policy_id}>
                {t('passedOverLine', { name: one.name ?? one.policy_id, trait: traitName(one.trait) })}
              </div>
            ))}
          </dd>
        </>
      )}
      {clock.target_s !== null && (
        <>
          <dt>{t('target')}</dt>
          <dd>{t('targetIn', { length: length(clock.target_s) })}</dd>
        </>
      )}
      <dt>{t('calendar')}</dt>
      <dd>{calendar.always ? t('always') : calendar.tz}</dd>
      <dt>{t('started')}</dt>
      <dd>
        {exact(clock.started_at)}
        {clock.received_at !== null && apart(clock.received_at, clock.started_at) >= 1 && (
          <small>
            {t('received', {
              when: exact(clock.received_at),
              length: length(apart(clock.received_at, clock.started_at)),
            })}
          </small>
        )}
      </dd>
      {clock.due_at !== null && (
        <>
          <dt>{t('due')}</dt>
          <dd>{exact(clock.due_at)}</dd>
        </>
      )}
      <dt>{isOpen(clock) ? t('used') : t('usedAll')}</dt>
      <dd>{length(clock.consumed_s)}</dd>
      {clock.over_s > 0 && (
        <>
          <dt>{t('over')}</dt>
          <dd className="late">{length(clock.over_s)}</dd>
        </>
      )}
      {clock.submitted_at !== null && (
        <>
          <dt>{t('submitted')}</dt>
          <dd>{exact(clock.submitted_at)}</dd>
        </>
      )}
      {clock.met_at !== null && (
        <>
          <dt>{t('met')}</dt>
          <dd>{exact(clock.met_at)}</dd>
        </>
      )}
      {clock.breached_at !== null && (
        <>
          <dt>{t('breached')}</dt>
          <dd className="late">
            {exact(clock.breached_at)}
            {noticed !== null && (
              <small>{noticed < 1 ? t('noticedAtOnce') : t('noticed', { length: length(noticed) })}</small>
            )}
          </dd>
        </>
      )}
      {causes.length > 0 && (
        <>
          <dt>{t('causes')}</dt>
          <dd>
            {causes.map(one => (
              <div key={one}>{cause(one)}</div>
            ))}
          </dd>
        </>
      )}
    </dl>
  )
}

function Steps({ clock }: { clock: ClockView }) {
  const t = useWords('promises.why')
  const exact = useExact()
  const cause = useCause()
  const word = (what: string) => {
    const known = `step.${what}` as 'step.started'
    return t.has(known) ? t(known) : what.replaceAll('_', ' ')
  }
  return (
    <section>
      <h3>{t('history')}</h3>
      <ol className="why-steps">
        {clock.history.map(step => (
          <li key={`${step.at} ${step.what} ${step.due_at} ${step.target_s}`} className={step.what}>
            <span>{word(step.what)}</span>
            <time dateTime={step.at}>{exact(step.at)}</time>
            <small>
              {[
                step.cause === null ? '' : cause(step.cause),
                step.due_at === null || step.what === 'breached'
                  ? ''
                  : t('stepDue', { when: exact(step.due_at) }),
              ]
                .filter(Boolean)
                .join(' · ')}
            </small>
          </li>
        ))}
      </ol>
    </section>
  )
}

function Intervals({ clock }: { clock: ClockView }) {
  const t = useWords('promises.why')
  const exact = useExact()
  const length = useLength()
  if (clock.intervals.length === 0) return null
  return (
    <details>
      <summary>{t('intervals')}</summary>
      {clock.intervals_left_out > 0 && (
        <p className="field-hint">{t('leftOut', { count: clock.intervals_left_out })}</p>
      )}
      <ol className="why-intervals">
        {clock.intervals.map(one => (
          <li key={one.since}>
            {t('interval', { since: exact(one.since), to: exact(one.to), length: length(one.seconds) })}
          </li>
        ))}
      </ol>
    </details>
  )
}

export function ClockWhy({ clock, onClose }: { clock: ClockView; onClose: () => void }) {
  const t = useWords('promises.clocks')
  const name = useClockName()(clock)
  return (
    <Dialog open onClose={onClose} title={t('whyOf', { metric: name })}>
      <div className="why">
        <Facts clock={clock} />
        <Steps clock={clock} />
        <Intervals clock={clock} />
      </div>
    </Dialog>
  )
}
