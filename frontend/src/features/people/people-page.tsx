/** Agents, teams, roles. */
import { useAgents } from '@/domain/desk'
import { useWords } from '@/shared/i18n/words'

export function PeoplePage() {
  const t = useWords('people')
  const agents = useAgents()
  return (
    <div className="page">
      <div className="page-inner">
        <header className="page-head">
          <h1>{t('title')}</h1>
        </header>
        <ul>
          {agents.map(agent => (
            <li key={agent.id}>{agent.name}</li>
          ))}
        </ul>
      </div>
    </div>
  )
}
