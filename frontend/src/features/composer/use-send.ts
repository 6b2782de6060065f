/** POST with the idempotency key made when the draft began; a conversation that went on comes back as a conflict. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ticketKeys } from '@/domain/ticket-cache'
import { repliesQuery, upsertReply } from '@/domain/ticket-queries'
import { answer, api } from '@/shared/api/client'
import { useExplain } from '@/shared/api/explain'
import { Problem } from '@/shared/api/problem'
import type { LaneOptions, MessageView, ReplyView } from '@/shared/api/views'
import { keys } from '@/shared/lib/keys'
import { toast } from '@/shared/ui/toast'
import { signed } from './composed'
import { newKey, type Written } from './written'

export type Then = 'resolve' | 'wait' | null

interface Sending {
  then: Then
  /** In numbered parts, since it is too long. */
  split: boolean
  confirmed: boolean
  seen: string | null
}

export interface Conflict {
  newer: MessageView[]
  others: ReplyView[]
  then: Then
  split: boolean
  /** What was on the server then: confirming sends in the knowledge of it. */
  seen: string | null
}

/** What the refusal brings: the posts and replies that are new. */
export function readConflict(error: unknown, then: Then, split = false): Conflict | null {
  if (!(error instanceof Problem) || error.code !== 'already_answered') return null
  const { newer, others } = error.details
  const list = <T>(value: unknown) => (Array.isArray(value) ? (value as T[]) : [])
  const messages = list<MessageView>(newer)
  const seen = messages.reduce<string | null>(
    (last, one) => (last === null || one.id > last ? one.id : last),
    null,
  )
  return { newer: messages, others: list<ReplyView>(others), then, split, seen }
}

export function useSend({
  ticketId,
  written,
  options,
  seen,
  signature,
  onSent,
  onRefused,
  change,
}: {
  ticketId: string
  written: Written | undefined
  options: LaneOptions | undefined
  seen: string | null
  /** Put at the end of what is said in public. */
  signature: string
  onSent: (then: Then) => void
  /** It did not go out: whoever wrote it goes on with it. */
  onRefused: (then: Then) => void
  change: (next: Partial<Written>) => void
}) {
  const client = useQueryClient()
  const explain = useExplain()
  const [conflict, setConflict] = useState<Conflict | null>(null)

  const failed = (error: unknown) => {
    // This very text may be out already under the key, with another one since: the next try is a new reply.
    if (error instanceof Problem && error.code === 'key_reused') {
      change({ key: newKey() })
      void client.invalidateQueries({ queryKey: repliesQuery(ticketId).queryKey })
    }
    toast(explain(error), { kind: 'late' })
  }

  const reply = useMutation({
    mutationFn: ({ then, split, confirmed, seen }: Sending) => {
      if (!written || written.lane === 'note') throw new Error('a note is not sent as a reply')
      const { lane, texts, warning, visibility, pictures, key } = written
      return answer(
        api.POST('/api/v1/tickets/{ticket_id}/replies', {
          params: { path: { ticket_id: ticketId }, header: { 'idempotency-key': key } },
          body: {
            text: lane === 'public' ? signed(texts[lane], signature) : texts[lane],
            lane,
            parent_id: options?.parent_id ?? null,
            visibility: lane === 'public' ? visibility : null,
            content_warning: warning,
            picture_ids: pictures.map(one => one.id),
            seen,
            confirmed,
            then,
            split,
          },
        }),
      )
    },
    onSuccess: (view, { then }) => {
      setConflict(null)
      upsertReply(client, view)
      // The answer is the first part; the others come by the line, or so.
      if (view.parts > 1) void client.invalidateQueries({ queryKey: ticketKeys.replies(ticketId) })
      onSent(then)
    },
    onError: (error, { then, split }) => {
      onRefused(then)
      const found = readConflict(error, then, split)
      if (!found) return failed(error)
      setConflict(found)
      void client.invalidateQueries({ queryKey: ticketKeys.thread(ticketId), exact: true })
      void client.invalidateQueries({ queryKey: ticketKeys.replies(ticketId) })
    },
  })
  const note = useMutation({
    mutationFn: () => {
      if (!written) throw new Error('nothing is written')
      return answer(
        api.POST('/api/v1/tickets/{ticket_id}/notes', {
          params: { path: { ticket_id: ticketId }, header: { 'idempotency-key': written.key } },
          body: { text: written.texts.note },
        }),
      )
    },
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ticketKeys.thread(ticketId), exact: true })
      // A note has no draft to drop on the server's side of sending it.
      void answer(
        api.DELETE('/api/v1/tickets/{ticket_id}/draft', { params: { path: { ticket_id: ticketId } } }),
      ).catch(failed)
      onSent(null)
    },
    onError: failed,
  })

  return {
    busy: reply.isPending || note.isPending,
    send: (then: Then = null, split = false) => {
      if (written?.lane === 'note') note.mutate()
      else if (then === null) reply.mutate({ then, split, confirmed: false, seen })
      // The ticket is done with it: a key that follows at once is for the next one.
      else keys.hold(reply.mutateAsync({ then, split, confirmed: false, seen }))
    },
    conflict,
    confirm: () => {
      if (!conflict) return
      const { then, split } = conflict
      reply.mutate({ then, split, confirmed: true, seen: conflict.seen ?? seen })
    },
    keepWriting: () => setConflict(null),
  }
}
