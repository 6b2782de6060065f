/** One post as the network showed it, with a way back to it. */
import { ExternalLink, EyeOff, History, Lock } from 'lucide-react'
import { useState } from 'react'
import { useAgentName } from '@/domain/agent-name'
import { useAdapterWords } from '@/domain/answer-words'
import { Branded } from '@/domain/brand-name'
import { useAccount, useNetwork } from '@/domain/desk'
import { shortTime } from '@/domain/due'
import { PostText, safeAddress } from '@/domain/post-text'
import { useExactly, When } from '@/domain/when'
import type { MessageView, TicketCard } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { classes } from '@/shared/lib/classes'
import { Avatar } from '@/shared/ui/avatar'
import { Button } from '@/shared/ui/button'
import { Notice } from '@/shared/ui/notice'
import { ThreadMedia } from './thread-media'
import './thread-message.css'

const LATE_MS = 5 * 60_000

function ByUs({ message, card }: { message: MessageView; card: TicketCard }) {
  const t = useWords('ticket.post')
  const account = useAccount(card.account_id)
  const name = useAgentName(message.agent_id)
  const handle = `@${account?.handle ?? message.author.handle}`
  if (message.agent_id !== null) return <>{t('as', { agent: name, handle })}</>
  return <>{message.sent_by ? t('outsideBy', { application: message.sent_by }) : t('outside')}</>
}

function Versions({ message }: { message: MessageView }) {
  const t = useWords('ticket.post')
  const exactly = useExactly()
  const [open, setOpen] = useState(false)
  if (message.edited_at === null) return null
  return (
    <div className="post-versions">
      <Button
        size="small"
        kind="quiet"
        icon={<History />}
        aria-expanded={open}
        disabled={message.versions.length === 0}
        onClick={() => setOpen(!open)}
      >
        {t('edited')} <When at={message.edited_at} />
      </Button>
      {open && (
        <ol className="post-history">
          {message.versions.map(version => (
            <li key={version.until}>
              <span>{t('before', { when: exactly(version.until) })}</span>
              {version.content_warning && <p className="post-warning-words">{version.content_warning}</p>}
              <p dir="auto">{version.text}</p>
            </li>
          ))}
        </ol>
      )}
    </div>
  )
}

function Body({ message }: { message: MessageView }) {
  const t = useWords('ticket.post')
  const [open, setOpen] = useState(false)
  const warned = message.content_warning !== null && message.content_warning !== ''
  return (
    <>
      {warned && (
        <div className="post-warning">
          <p dir="auto">
            <span className="visually-hidden">{t('warning')}: </span>
            {message.content_warning}
          </p>
          <Button size="small" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? t('hide') : t('show')}
          </Button>
        </div>
      )}
      {(!warned || open) && (
        <>
          <PostText segments={message.segments} language={message.language} />
          {message.media.length > 0 && <ThreadMedia media={message.media} />}
        </>
      )}
    </>
  )
}

function Tombstone({ message }: { message: MessageView }) {
  const t = useWords('ticket.post')
  const exactly = useExactly()
  const [open, setOpen] = useState(false)
  const when = exactly(message.vanished_at ?? message.posted_at)
  const forgotten = message.segments.length === 0 && message.media.length === 0
  return (
    <div className="post-tombstone">
      <p>
        <EyeOff aria-hidden="true" />
        {message.vanished_why === 'deleted' ? t('deleted', { when }) : t('hidden', { when })}
      </p>
      {forgotten ? (
        <p className="post-small">{t('forgotten')}</p>
      ) : (
        <Button size="small" kind="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? t('hide') : t('show')}
        </Button>
      )}
      {open && !forgotten && (
        <div className="post-evidence">
          <p className="post-small">{t('deletedWords')}</p>
          <Body message={message} />
        </div>
      )}
    </div>
  )
}

export function ThreadMessage({
  message,
  card,
  small = false,
  first = false,
  doubt = null,
}: {
  message: MessageView
  card: TicketCard
  small?: boolean
  /** The first post that waits: where the thread opens. */
  first?: boolean
  /** A key of the adapter: the post is out, and yet not seen there as it should be. */
  doubt?: string | null
}) {
  const t = useWords('ticket.post')
  const words = useWords('desk')
  const ticket = useWords('ticket')
  const adapter = useAdapterWords()
  const brought = useNetwork(card.network)?.can.includes('brought')
  const { author, kind, lane, visibility } = message
  const original = safeAddress(message.url)
  const lateBy = Date.parse(message.received_at) - Date.parse(message.posted_at)
  const face = (
    <Avatar
      name={author.name || author.handle}
      url={author.avatar_url}
      size={small ? 20 : 32}
      square={kind === 'brand'}
    />
  )
  const post = (
    <article
      className={classes('post', kind, lane, small && 'small', message.vanished_at !== null && 'vanished')}
      data-message={message.id}
      aria-label={t('by', { name: author.name || author.handle })}
    >
      {face}
      <div className="post-main">
        <header className="post-head">
          <span className="post-name">
            <bdi>{author.name || author.handle}</bdi>
          </span>
          {message.agent_id === null && (
            <span className="post-handle">
              <bdi>@{author.handle}</bdi>
            </span>
          )}
          {kind === 'customer' && brought && message.sent_by !== null && (
            <span className="post-by">{t('via', { place: message.sent_by })}</span>
          )}
          {kind === 'brand' && (
            <span className="post-by">
              <ByUs message={message} card={card} />
            </span>
          )}
          <span className="post-when">
            {original !== null ? (
              <a
                href={original}
                target="_blank"
                rel="noopener noreferrer"
                data-tip={t('original')}
                className="post-original"
              >
                <When at={message.posted_at} />
                <ExternalLink aria-hidden="true" />
                <span className="visually-hidden">
                  {t('original')} {words('newTab')}
                </span>
              </a>
            ) : (
              <When at={message.posted_at} />
            )}
          </span>
        </header>
        {lane === 'private' && (
          <p className="post-private">
            <Lock aria-hidden="true" />
            {t('private')}
          </p>
        )}
        {message.vanished_at !== null ? <Tombstone message={message} /> : <Body message={message} />}
        {doubt !== null && <Notice kind="soon">{adapter(doubt)}</Notice>}
        <footer className="post-foot">
          <Versions message={message} />
          {message.vanished_at === null &&
            message.answerable !== null &&
            message.answerable.how !== 'yes' && <span>{adapter(message.answerable.why)}</span>}
          {lane === 'public' && visibility !== 'public' && (
            <span data-tip={t('visibility', { visibility: words(`visibility.${visibility}`) })}>
              {words(`visibility.${visibility}`)}
            </span>
          )}
          {message.backfilled && <span>{t('backfilled')}</span>}
          {!message.backfilled && lateBy > LATE_MS && (
            <span>{t('late', { time: shortTime(Math.round(lateBy / 1000)) })}</span>
          )}
        </footer>
      </div>
    </article>
  )
  return (
    <>
      {first && (
        <p className="thread-here" data-first-unanswered="">
          <span>{ticket('unanswered')}</span>
        </p>
      )}
      {kind === 'brand' ? <Branded id={card.brand_id}>{post}</Branded> : post}
    </>
  )
}
