/** Who else is here, and whether they are typing. */
import { Eye, Pencil } from 'lucide-react'
import { useAgents } from '@/domain/desk'
import { useMe } from '@/domain/session'
import { useFormats, useWords } from '@/shared/i18n/words'
import { usePresence } from '@/shared/live/use-live'

export function WhoElse({ ticketId }: { ticketId: string }) {
  const t = useWords('ticket.whoElse')
  const me = useMe()
  const agents = useAgents()
  const format = useFormats()
  const here = usePresence(ticketId).filter(one => one.agent_id !== me.id)
  const names = (doing: 'viewing' | 'typing') =>
    here
      .filter(one => one.doing === doing)
      .flatMap(one => agents.find(agent => agent.id === one.agent_id)?.name ?? [])
  const typing = names('typing')
  const viewing = names('viewing')
  return (
    <div className="who-else" role="status">
      {here.length > 0 && (
        <p className="who-line">
          {typing.length > 0 && (
            <span className="who-typing">
              <Pencil aria-hidden="true" />
              {t('typing', { count: typing.length, names: format.list(typing) })}
            </span>
          )}
          {viewing.length > 0 && (
            <span>
              <Eye aria-hidden="true" />
              {t('viewing', { count: viewing.length, names: format.list(viewing) })}
            </span>
          )}
        </p>
      )}
    </div>
  )
}
