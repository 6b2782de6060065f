/** An agent, small: "You", a colleague's name, or that nobody is meant. */
import type { AgentView } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { Avatar } from '@/shared/ui/avatar'
import { useAgent } from './desk'
import { useMe } from './session'
import './agent-name.css'

interface Named {
  id: string | null
  agent: AgentView | undefined
  /** My own id. */
  me: string
}

function useNameOf({ id, agent, me }: Named): string {
  const t = useWords('desk')
  if (id === null) return t('nobody')
  if (id === me) return t('you')
  if (agent?.kind === 'key') return t('key', { name: agent.name })
  return agent?.name ?? t('someone')
}

/** The name to show for an agent's id; null is nobody. */
export function useAgentName(id: string | null): string {
  const me = useMe()
  return useNameOf({ id, agent: useAgent(id), me: me.id })
}

/** For whoever knows already who it is. */
export function AgentTag({ face = true, ...named }: Named & { face?: boolean }) {
  const name = useNameOf(named)
  return (
    <span className="agent-name">
      {face && named.id !== null && <Avatar name={named.agent?.name ?? name} size={16} />}
      <span>{name}</span>
    </span>
  )
}

export function AgentName({ id, face = true }: { id: string | null; face?: boolean }) {
  const me = useMe()
  return <AgentTag id={id} agent={useAgent(id)} me={me.id} face={face} />
}
