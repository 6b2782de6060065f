/** A reply on its way: queued with Undo, sending, unsure, failed with Retry. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { AlertTriangle, Check, Clock, Loader, Lock, RotateCcw, Undo2 } from 'lucide-react'
import { useAgentName } from '@/domain/agent-name'
import { Branded } from '@/domain/brand-name'
import { useAccount } from '@/domain/desk'
import { useMe } from '@/domain/session'
import { ticketKeys } from '@/domain/ticket-cache'
import { repliesQuery, upsertReply } from '@/domain/ticket-queries'
import { whenWords } from '@/domain/when'
import { answer, api } from '@/shared/api/client'
import { useExplain } from '@/shared/api/explain'
import { useProblemWords } from '@/shared/api/reason'
import type { ReplyView, TicketCard } from '@/shared/api/views'
import { useFlavour, useWords } from '@/shared/i18n/words'
import { classes } from '@/shared/lib/classes'
import { KEYS } from '@/shared/lib/key-map'
import { isBusyElsewhere, useKeys } from '@/shared/lib/keys'
import { useSecond } from '@/shared/lib/now'
import { Avatar } from '@/shared/ui/avatar'
import { Button } from '@/shared/ui/button'
import { toast } from '@/shared/ui/toast'
import { getWritten, isEmpty, nothingWritten, setWritten, takenBack, withReturned } from './written'
import './outgoing.css'

/** Further away than this, a queued reply waits for the network rather than for an undo. */
const UNDO_MS = 60_000

/** Whether a reply before it on the ticket is in doubt: the server lets nothing leave after that until somebody decides. */
function useInDoubtBefore(reply: ReplyView) {
  const { data } = useQuery({
    ...repliesQuery(reply.ticket_id),
    enabled: false,
    select: all => all.some(one => one.state === 'unsure' && one.id < reply.id),
  })
  return data ?? false
}

function StateWords({ reply }: { reply: ReplyView }) {
  const t = useWords('composer.outgoing')
  const locale = useFlavour()
  const now = useSecond()
  const inDoubtBefore = useInDoubtBefore(reply)
  const problem = useProblemWords()(reply)
  switch (reply.state) {
    case 'queued': {
      if (reply.due_at === null) return t('waitsForPart', { part: String(reply.part - 1) })
      const due = Date.parse(reply.due_at)
      // `now` is the beginning of this second, so the floor is what is surely left.
      const seconds = Math.floor((due - now) / 1000)
      if (reply.tries > 0 && seconds > 0) return t('delayed', { when: whenWords(due, now, locale) })
      if (seconds > 0 && due - now < UNDO_MS) return t('queued', { seconds })
      return inDoubtBefore ? t('waitsForDoubt') : t('leaving')
    }
    case 'sending':
      return t('sending')
    case 'unsure':
      return `${t('unsure')}${reply.due_at === null ? ` ${t('unsureAsk')}` : ''}`
    case 'failed':
      return problem ? t('failed', { problem }) : t('failedPlain')
    case 'sent':
    case 'cancelled':
      return t('sent')
  }
}

const SIGNS = {
  queued: Clock,
  sending: Loader,
  unsure: AlertTriangle,
  failed: AlertTriangle,
  sent: Check,
  cancelled: Check,
}

export function Outgoing({ reply, card }: { reply: ReplyView; card: TicketCard }) {
  const t = useWords('composer.outgoing')
  const composer = useWords('composer')
  const words = useWords('desk')
  const client = useQueryClient()
  const explain = useExplain()
  const account = useAccount(card.account_id)
  const name = useAgentName(reply.agent_id)
  const oops = (error: unknown) => toast(explain(error), { kind: 'late' })
  const path = { params: { path: { reply_id: reply.id } } }

  const takeBack = useMutation({
    mutationFn: async () => {
      const before = client.getQueryData<ReplyView[]>(ticketKeys.replies(card.id)) ?? []
      const view = await answer(api.POST('/api/v1/replies/{reply_id}/cancel', path))
      upsertReply(client, view)
      if (view.group_id === null) return reply
      const after = await client.fetchQuery({ ...repliesQuery(card.id), staleTime: 0 })
      return takenBack(before, after, reply)
    },
    onSuccess: back => {
      setWritten(card.id, withReturned(getWritten(card.id) ?? nothingWritten(reply.lane), back))
      toast(composer('undone'))
    },
    onError: oops,
  })
  const retry = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/replies/{reply_id}/retry', path)),
    onSuccess: view => upsertReply(client, view),
    onError: oops,
  })
  const settle = useMutation({
    mutationFn: (published: boolean) =>
      answer(api.POST('/api/v1/replies/{reply_id}/settle', { ...path, body: { published } })),
    onSuccess: view => upsertReply(client, view),
    onError: oops,
  })
  const me = useMe()
  // Right after sending, what is written is empty, and so is the field's own undoing.
  const undo = (event: KeyboardEvent) => {
    const elsewhere = isBusyElsewhere(event.target) && !(event.target as Element).matches('.composer-text')
    const written = getWritten(card.id)
    if (elsewhere || takeBack.isPending || (written && !isEmpty(written))) return false
    return takeBack.mutate()
  }
  useKeys({ [KEYS.undo]: undo }, reply.state === 'queued' && reply.agent_id === me.id)
  const Sign = SIGNS[reply.state]
  const asks = reply.state === 'unsure' && reply.due_at === null
  return (
    <Branded id={card.brand_id}>
      <article
        className={classes('outgoing', reply.state, reply.lane)}
        data-reply={reply.id}
        data-state={reply.state}
      >
        <Avatar name={account?.name ?? ''} url={account?.avatar_url ?? null} size={32} square />
        <div className="post-main">
          <header className="post-head">
            <span className="post-name">{account?.name ?? account?.handle}</span>
            <span className="post-by">{t('by', { name, handle: `@${account?.handle ?? ''}` })}</span>
            {reply.parts > 1 && (
              <span className="post-by">
                {t('part', { part: String(reply.part), parts: String(reply.parts) })}
              </span>
            )}
            {reply.lane === 'private' && (
              <span className="post-private">
                <Lock aria-hidden="true" />
                {words('lane.private')}
              </span>
            )}
          </header>
          {reply.content_warning && <p className="post-warning-words">{reply.content_warning}</p>}
          <p className="outgoing-text" dir="auto">
            {reply.text.trim()}
          </p>
          {reply.pictures.length > 0 && (
            <ul className="outgoing-pictures">
              {reply.pictures.map(picture => (
                <li key={picture.id}>
                  <img src={`/api/v1/pictures/${picture.id}/file`} alt={picture.alt} />
                </li>
              ))}
            </ul>
          )}
          <footer className="outgoing-foot">
            <span
              className="outgoing-state"
              role={reply.state === 'failed' || reply.state === 'unsure' ? 'alert' : 'status'}
            >
              <Sign aria-hidden="true" />
              <span>
                <StateWords reply={reply} />
                {reply.then !== null &&
                  reply.state === 'queued' &&
                  `, ${reply.then === 'resolve' ? t('thenResolve') : t('thenWait')}`}
              </span>
            </span>
            {reply.state === 'queued' && (
              <Button
                size="small"
                icon={<Undo2 />}
                combo={KEYS.undo}
                data-tip={t('undo')}
                busy={takeBack.isPending}
                onClick={() => takeBack.mutate()}
              >
                {t('undo')}
              </Button>
            )}
            {reply.state === 'failed' && (
              <>
                <Button
                  size="small"
                  icon={<RotateCcw />}
                  busy={retry.isPending}
                  onClick={() => retry.mutate()}
                >
                  {t('retry')}
                </Button>
                <Button size="small" busy={takeBack.isPending} onClick={() => takeBack.mutate()}>
                  {t('edit')}
                </Button>
              </>
            )}
            {asks && (
              <>
                <Button size="small" onClick={() => settle.mutate(true)}>
                  {t('isOut')}
                </Button>
                <Button size="small" onClick={() => settle.mutate(false)}>
                  {t('isNotOut')}
                </Button>
              </>
            )}
          </footer>
        </div>
      </article>
    </Branded>
  )
}
