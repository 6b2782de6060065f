/** One inside remark. */
import { StickyNote } from 'lucide-react'
import { useAgentName } from '@/domain/agent-name'
import { useAgent } from '@/domain/desk'
import { When } from '@/domain/when'
import type { NoteView } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { Avatar } from '@/shared/ui/avatar'

export function ThreadNote({ note }: { note: NoteView }) {
  const t = useWords('ticket.note')
  const name = useAgentName(note.agent_id)
  const agent = useAgent(note.agent_id)
  return (
    <article className="thread-note" aria-label={t('by', { name })}>
      <Avatar name={agent?.name ?? name} size={32} />
      <div className="post-main">
        <header className="post-head">
          <span className="post-name">{name}</span>
          <span className="note-word">
            <StickyNote aria-hidden="true" />
            {t('inside')}
          </span>
          <span className="post-when">
            <When at={note.created_at} />
          </span>
        </header>
        <p className="note-text" dir="auto">
          {note.text}
        </p>
      </div>
    </article>
  )
}
