/** Compare and send: shows what is new before the agent decides; nothing was sent. */
import { AgentName } from '@/domain/agent-name'
import { PostText } from '@/domain/post-text'
import { When } from '@/domain/when'
import { useWords } from '@/shared/i18n/words'
import { Button } from '@/shared/ui/button'
import { Dialog } from '@/shared/ui/dialog'
import type { Conflict } from './use-send'

export function ConflictDialog({
  conflict,
  busy,
  onKeep,
  onAnyway,
}: {
  conflict: Conflict
  busy: boolean
  onKeep: () => void
  onAnyway: () => void
}) {
  const t = useWords('composer.conflict')
  return (
    <Dialog
      open
      alert
      onClose={onKeep}
      title={t('title')}
      foot={
        <>
          <Button kind="primary" onClick={onKeep}>
            {t('keep')}
          </Button>
          <Button kind="danger" busy={busy} onClick={onAnyway}>
            {t('anyway')}
          </Button>
        </>
      }
    >
      <p>{t('words')}</p>
      <ul className="conflict-news">
        {conflict.newer.map(message => (
          <li key={message.id}>
            <p className="conflict-who">
              <strong>{message.author.name || message.author.handle}</strong> <When at={message.posted_at} />
            </p>
            {message.content_warning && <p>{message.content_warning}</p>}
            <PostText segments={message.segments} language={message.language} />
          </li>
        ))}
        {conflict.others.map(reply => (
          <li key={reply.id}>
            <p className="conflict-who">
              <strong>
                {t('others')}: <AgentName id={reply.agent_id} />
              </strong>{' '}
              <When at={reply.created_at} />
            </p>
            <p dir="auto" className="note-text">
              {reply.text}
            </p>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
