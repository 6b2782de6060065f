/** What other systems call the ticket: the name, the way to it there, and who gave it. */
import { ExternalLink } from 'lucide-react'
import { useAgentName } from '@/domain/agent-name'
import { safeAddress } from '@/domain/post-text'
import { When } from '@/domain/when'
import type { ReferenceView } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'

function Reference({ reference }: { reference: ReferenceView }) {
  const t = useWords('ticket.references')
  const words = useWords('desk')
  const who = useAgentName(reference.agent_id)
  const href = safeAddress(reference.url)
  return (
    <li>
      {href === null ? (
        <bdi className="context-reference">{reference.reference}</bdi>
      ) : (
        <a className="context-reference" href={href} target="_blank" rel="noopener noreferrer">
          <bdi>{reference.reference}</bdi> <ExternalLink aria-hidden="true" />
          <span className="visually-hidden">{words('newTab')}</span>
        </a>
      )}
      <span className="context-quiet">
        {reference.agent_id === null ? t('imported') : who} · <When at={reference.created_at} />
      </span>
    </li>
  )
}

export function TicketReferences({ references }: { references: ReferenceView[] }) {
  const t = useWords('ticket.references')
  if (references.length === 0) return null
  return (
    <section className="context-part">
      <h3>{t('title')}</h3>
      <ul className="context-references">
        {references.map(one => (
          <Reference key={one.reference} reference={one} />
        ))}
      </ul>
    </section>
  )
}
