/** An agent, small: "You", a colleague's name, or that nobody is meant. */
import { useWords } from '@/shared/i18n/words'
import { Avatar } from '@/shared/ui/avatar'
import { useAgent } from './desk'
import { useMe } from './session'
import './agent-name.css'

/** The name to show for an agent's id; null is nobody. */
export function useAgentName(id: string | null): string {
  const t = useWords('desk')
  const me = useMe()
  const agent = useAgent(id)
  if (id === null) return t('nobody')
  if (id === me.id) return t('you')
  if (agent?.kind === 'key') return t('key', { name: agent.name })
  return agent?.name ?? t('someone')
}

export function AgentName({ id, face = true }: { id: string | null; face?: boolean }) {
  const name = useAgentName(id)
  const agent = useAgent(id)
  return (
    <span className="agent-name">
      {face && id !== null && <Avatar name={agent?.name ?? name} size={16} />}
      <span>{name}</span>
    </span>
  )
}
