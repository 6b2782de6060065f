/** The ticket's promises: each clock and how it stands, and why. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Check, CircleSlash, Pause, Timer, X } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { Due } from '@/domain/due'
import { useExplain } from '@/shared/api/explain'
import type { ClockLineView } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { Button } from '@/shared/ui/button'
import { Pending } from '@/shared/ui/pending'
import { ClockWhy } from './clock-why'
import { useCause, useClockName } from './clock-words'
import { useLength } from './length'
import { isOpen } from './open-clock'
import { clockQuery, clocksQuery, earlierClocksQuery } from './promises-queries'
import { useInstant } from './use-instant'
import './ticket-promises.css'

const SIGNS = { running: Timer, paused: Pause, met: Check, breached: X, cancelled: CircleSlash }

function Standing({ clock }: { clock: ClockLineView }) {
  const t = useWords('promises.clocks')
  const length = useLength()
  const instant = useInstant()
  const cause = useCause()
  const { state, due_at: due } = clock
  if (isOpen(clock) && state !== 'paused' && due !== null)
    return <Due at={due} warnAt={clock.warn_at ?? clock.warned_at} metric={clock.metric} />
  if (state === 'paused')
    return t('paused', { left: length(Math.max(0, (clock.target_s ?? 0) - clock.consumed_s)) })
  if (state === 'met') return t('met', { length: length(clock.consumed_s) })
  if (state === 'breached')
    return clock.met_at !== null
      ? t('metLate', { length: length(clock.over_s) })
      : t('breached', { when: instant(clock.breached_at ?? due ?? clock.started_at) })
  return t('cancelled', { cause: clock.cause === null ? '' : cause(clock.cause) })
}

function Clock({ clock, onWhy }: { clock: ClockLineView; onWhy: () => void }) {
  const t = useWords('promises.clocks')
  const name = useClockName()(clock)
  const Sign = SIGNS[clock.state]
  return (
    <li className={`clock ${clock.state}`}>
      <Sign role="img" aria-label={t(`state.${clock.state}`)} />
      <span className="clock-name">{name}</span>
      <span className="clock-standing">
        <Standing clock={clock} />
      </span>
      <Button
        size="small"
        kind="quiet"
        className="clock-why"
        aria-label={t('whyOf', { metric: name })}
        onClick={onWhy}
      >
        {t('why')}
      </Button>
    </li>
  )
}

/** Of a long talk these are many: they are asked for when somebody opens them. */
function Earlier({ ticketId, line }: { ticketId: string; line: (clock: ClockLineView) => ReactNode }) {
  const t = useWords('promises.clocks')
  const explain = useExplain()
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    earlierClocksQuery(ticketId),
  )
  if (error) return <p className="ticket-promises-none">{explain(error)}</p>
  if (!data) return <Pending rows={1} />
  return (
    <>
      <ul>{data.pages.flatMap(page => page.items).map(line)}</ul>
      {hasNextPage && (
        <Button size="small" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('further')}
        </Button>
      )}
    </>
  )
}

/** Why an earlier cycle ended as it did; the latest ones bring that with them. */
function WhyEarlier({ ticketId, of, onClose }: { ticketId: string; of: ClockKey; onClose: () => void }) {
  const { data } = useQuery(clockQuery(ticketId, of.metric, of.cycle))
  return data && <ClockWhy clock={data} onClose={onClose} />
}

interface ClockKey {
  metric: string
  cycle: number
}

export function TicketPromises({ ticketId }: { ticketId: string }) {
  const t = useWords('promises.clocks')
  const explain = useExplain()
  const { data, error } = useQuery(clocksQuery(ticketId))
  const [why, setWhy] = useState<ClockKey | null>(null)
  const [unfolded, setUnfolded] = useState(false)
  // Without a target nothing was promised: such a clock only measures.
  const clocks = data?.clocks.filter(one => one.target_s !== null) ?? []
  const asked = clocks.find(one => one.metric === why?.metric && one.cycle === why.cycle)
  const close = () => setWhy(null)
  const line = (clock: ClockLineView) => (
    <Clock
      key={`${clock.metric} ${clock.cycle}`}
      clock={clock}
      onWhy={() => setWhy({ metric: clock.metric, cycle: clock.cycle })}
    />
  )
  return (
    <section className="ticket-promises" aria-label={t('title')}>
      <h3>{t('title')}</h3>
      {error ? (
        <p className="ticket-promises-none">{explain(error)}</p>
      ) : !data ? (
        <Pending rows={1} />
      ) : clocks.length === 0 ? (
        <p className="ticket-promises-none">{t('none')}</p>
      ) : (
        <ul>{clocks.map(line)}</ul>
      )}
      {data && data.earlier > 0 && (
        <details onToggle={event => setUnfolded(event.currentTarget.open)}>
          <summary>{t('earlier', { count: data.earlier })}</summary>
          {unfolded && <Earlier ticketId={ticketId} line={line} />}
        </details>
      )}
      {asked ? (
        <ClockWhy clock={asked} onClose={close} />
      ) : (
        why && <WhyEarlier ticketId={ticketId} of={why} onClose={close} />
      )}
    </section>
  )
}
