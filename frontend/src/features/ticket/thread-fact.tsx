/** Lines of history: "Ana resolved it". */
import { useState } from 'react'
import { useAgents } from '@/domain/desk'
import { useMe } from '@/domain/session'
import { useExactly, When } from '@/domain/when'
import type { DeskEvent, FactView } from '@/shared/api/views'
import { useFormats, useWords } from '@/shared/i18n/words'
import { Button } from '@/shared/ui/button'

type Fact = DeskEvent['fact']

/** One fact as a sentence. */
export function useFactWords(): (line: FactView) => string {
  const t = useWords('ticket.fact')
  const words = useWords('desk')
  const format = useFormats()
  const exactly = useExactly()
  const agents = useAgents()
  const me = useMe()

  const nameOf = (id: string | null): string => {
    // By name, mine too: a sentence about "you" would need another verb.
    if (id === null) return words('house')
    if (id === me.id) return me.name
    const agent = agents.find(one => one.id === id)
    if (agent?.kind === 'key') return words('key', { name: agent.name })
    return agent?.name ?? words('someone')
  }
  const metric = (name: string) => {
    const known = `metric.${name}` as 'metric.first_reply'
    return words.has(known) ? words(known) : name
  }

  return ({ type, agent_id, fact: raw }) => {
    // The history keeps facts as they were written; their type says which of the catalogue's shapes they have.
    const fact = { ...raw, type } as unknown as Fact
    const who = nameOf(agent_id)
    switch (fact.type) {
      case 'ticket.opened':
        if (fact.follows_id !== null) return t('follows')
        return agent_id === null ? t('opened') : t('openedBy', { who })
      case 'ticket.assigned': {
        const agent = nameOf(fact.agent_id)
        if (fact.why === 'handed_over')
          return fact.agent_id === null ? t('handedNobody') : t('handed_over', { agent })
        if (fact.agent_id === null) return t('assignedBack', { who, agent: nameOf(fact.before_id) })
        if (fact.why === 'by_hand')
          return fact.agent_id === agent_id ? t('assignedSelf', { who }) : t('assigned', { who, agent })
        // A strategy is one file on the server; one that is not known here still says whose it is.
        const why = fact.why as 'taken'
        return t.has(why) ? t(why, { agent }) : t('assigned', { who, agent })
      }
      case 'ticket.moved':
        if (fact.why === 'customer_wrote') return t('customerWrote')
        if (fact.why === 'woke_up') return t('wokeUp')
        if (fact.why === 'with_reply')
          return fact.to === 'resolved' ? t('withReplyResolved') : t('withReplyWaiting')
        if (fact.why === 'answered_outside') return t('answeredOutsideMoved')
        return t(`moved.${fact.to}`, { who, when: fact.until ? exactly(fact.until) : '' })
      case 'ticket.imported':
        return t('imported', { who, posts: fact.messages, notes: fact.notes })
      case 'ticket.dismissed':
        return t('dismissed', { who, reason: words(`dismissed.${fact.reason}`) })
      case 'ticket.prioritised':
        return t('prioritised', { who, priority: words(`priority.${fact.to}`) })
      case 'ticket.labelled':
        return fact.added.length > 0
          ? t('labelled', { who, labels: format.list(fact.added) })
          : t('unlabelled', { who, labels: format.list(fact.removed) })
      case 'ticket.referred':
        return fact.added.length > 0
          ? t('referred', { who, references: format.list(fact.added) })
          : t('unreferred', { who, references: format.list(fact.removed) })
      case 'reply.cancelled':
        return t('replyCancelled', { who })
      case 'timer.met':
        return t(fact.breached_at === null ? 'timerMet' : 'timerMetLate', { metric: metric(fact.metric) })
      case 'timer.warned':
        return t('timerWarned', { metric: metric(fact.metric) })
      case 'timer.breached':
        return t('timerBreached', { metric: metric(fact.metric) })
      case 'promise.changed':
        return fact.policy === null ? t('promiseNone') : t('promiseChanged', { policy: fact.policy })
      default:
        return t('other', { type })
    }
  }
}

export function ThreadFacts({ facts, folded }: { facts: FactView[]; folded: number }) {
  const t = useWords('ticket')
  const say = useFactWords()
  const [open, setOpen] = useState(false)
  const shown = open ? facts : facts.slice(folded)
  return (
    <div className="thread-facts">
      {folded > 0 && (
        <Button size="small" kind="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? t('foldFacts') : t('facts', { count: folded })}
        </Button>
      )}
      <ul className="facts">
        {shown.map(fact => (
          <li key={fact.seq} data-fact={fact.type}>
            {say(fact)} · <When at={fact.at} />
          </li>
        ))}
      </ul>
    </div>
  )
}
