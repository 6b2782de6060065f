/** Messages, notes and facts in the order they happened; opens at the first unanswered post. */
import { ArrowDown, ChevronUp } from 'lucide-react'
import { type ReactNode, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { MessageView, ReplyView, TicketView } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { Button } from '@/shared/ui/button'
import { ThreadFacts } from './thread-fact'
import { firstUnanswered, type Line, MOST_OTHERS, newestId, threadLines, waits } from './thread-lines'
import { ThreadMessage } from './thread-message'
import { ThreadNote } from './thread-note'
import './thread.css'

function Others({ messages, ticket }: { messages: MessageView[]; ticket: TicketView }) {
  const t = useWords('ticket.post')
  const [open, setOpen] = useState(messages.length <= MOST_OTHERS)
  return (
    <div className="thread-others">
      {messages.length > MOST_OTHERS && (
        <Button size="small" kind="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? t('foldOthers') : t('others', { count: messages.length })}
        </Button>
      )}
      {open &&
        messages.map(message => (
          <ThreadMessage key={message.id} message={message} card={ticket.card} small />
        ))}
    </div>
  )
}

export interface ThreadProps {
  ticket: TicketView
  replies: readonly ReplyView[]
  /** How a reply on its way is drawn: the composer knows. */
  outgoing: (reply: ReplyView) => ReactNode
  onEarlier: () => void
  loadingEarlier: boolean
  /** The newest post that was there at the opening, or came later and was on screen. */
  onSeen: (messageId: string | null) => void
}

export function Thread({ ticket, replies, outgoing, onEarlier, loadingEarlier, onSeen }: ThreadProps) {
  const t = useWords('ticket')
  const box = useRef<HTMLDivElement>(null)
  const end = useRef<HTMLDivElement>(null)
  const [atEnd, setAtEnd] = useState(false)
  const stick = useRef(false)
  const lines = useMemo(() => threadLines(ticket, replies), [ticket, replies])
  const doubts = useMemo(() => new Map(replies.map(one => [one.message_id, one.doubt])), [replies])
  const count = lines.length
  // Which post waited when the ticket was opened: the mark stays where it was while one reads, until that post is answered.
  const [waiting] = useState(() => firstUnanswered(ticket.messages)?.id)
  const newest = newestId(ticket.messages, ticket.card.id)

  // Opens at the first unanswered post, or at the end.
  useLayoutEffect(() => {
    const mark = box.current?.querySelector('[data-first-unanswered]')
    if (mark) mark.scrollIntoView({ block: 'start' })
    else box.current?.scrollTo({ top: box.current.scrollHeight })
  }, [])

  useEffect(() => {
    const watcher = new IntersectionObserver(([entry]) => setAtEnd(entry?.isIntersecting ?? false), {
      root: box.current,
      rootMargin: '0px 0px 40px 0px',
    })
    if (end.current) watcher.observe(end.current)
    return () => watcher.disconnect()
  }, [])

  // What was there when the ticket was opened is known to whoever answers; what comes later must have been on screen.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the opening counts
  useEffect(() => onSeen(newest), [])

  // A banner, a taller composer: who stands at the end stays there when the room changes.
  useEffect(() => {
    const watcher = new ResizeObserver(() => {
      if (stick.current) box.current?.scrollTo({ top: box.current.scrollHeight })
    })
    if (box.current) watcher.observe(box.current)
    return () => watcher.disconnect()
  }, [])

  // Who stands at the end stays at the end; who reads further up is not moved, and is told.
  const [seenCount, setSeenCount] = useState(count)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new line is the reason to move
  useLayoutEffect(() => {
    if (stick.current) box.current?.scrollTo({ top: box.current.scrollHeight })
  }, [count])
  useEffect(() => {
    stick.current = atEnd
    if (!atEnd) return
    setSeenCount(count)
    if (!document.hidden) onSeen(newest)
  }, [atEnd, count, newest, onSeen])

  // Earlier posts grow the thread upwards; what one reads stays in its place.
  const before = useRef<{ first: string | undefined; height: number }>({ first: undefined, height: 0 })
  useLayoutEffect(() => {
    const first = lines[0]?.key
    const height = box.current?.scrollHeight ?? 0
    const { first: was, height: tall } = before.current
    if (box.current && was !== undefined && was !== first) box.current.scrollTop += height - tall
    before.current = { first, height }
  }, [lines])

  const draw = (line: Line) => {
    switch (line.kind) {
      case 'post':
        return (
          <ThreadMessage
            message={line.message}
            card={ticket.card}
            first={line.message.id === waiting && waits(line.message)}
            doubt={doubts.get(line.message.id) ?? null}
          />
        )
      case 'others':
        return <Others messages={line.messages} ticket={ticket} />
      case 'note':
        return <ThreadNote note={line.note} />
      case 'facts':
        return <ThreadFacts facts={line.facts} folded={line.folded} />
      case 'reply':
        return outgoing(line.reply)
    }
  }
  const unseen = count - seenCount
  return (
    <section className="thread" aria-label={t('thread')}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1) */}
      <div className="thread-scroll" ref={box} tabIndex={0} role="log" aria-label={t('thread')}>
        {ticket.earlier && (
          <div className="thread-earlier">
            <Button size="small" icon={<ChevronUp />} busy={loadingEarlier} onClick={onEarlier}>
              {t('earlier')}
            </Button>
          </div>
        )}
        <ol className="thread-lines">
          {lines.map(line => (
            <li key={line.key}>{draw(line)}</li>
          ))}
        </ol>
        <div ref={end} className="thread-end" />
      </div>
      {!atEnd && unseen > 0 && (
        <Button
          size="small"
          className="thread-below"
          icon={<ArrowDown />}
          onClick={() => box.current?.scrollTo({ top: box.current.scrollHeight })}
        >
          {t('newBelow', { count: unseen })}
        </Button>
      )}
    </section>
  )
}
