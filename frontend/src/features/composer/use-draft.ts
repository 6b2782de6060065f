/** Saves the draft while one types; restores it in another tab. */
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useMe } from '@/domain/session'
import { ticketKeys } from '@/domain/ticket-cache'
import { answer, api } from '@/shared/api/client'
import { createAgain } from '@/shared/live/again'
import {
  fromDraft,
  getWritten,
  isEmpty,
  nothingWritten,
  setWritten,
  useWritten,
  type WritingLane,
  type Written,
  writeAs,
} from './written'

const SAVE_MS = 800
const RETRY_MS = 5000

export type Saving = 'nothing' | 'saving' | 'saved' | 'failed'

export function draftQuery(ticketId: string) {
  return queryOptions({
    queryKey: ticketKeys.draft(ticketId),
    queryFn: async () => {
      const params = { path: { ticket_id: ticketId } }
      const draft = await answer(api.GET('/api/v1/tickets/{ticket_id}/draft', { params }))
      if (!draft || draft.picture_ids.length === 0) return draft && { draft, pictures: [] }
      const unsent = await answer(api.GET('/api/v1/tickets/{ticket_id}/pictures', { params }))
      return { draft, pictures: unsent.filter(one => draft.picture_ids.includes(one.id)) }
    },
    // What is on this page is newer than any later answer.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
}

/** `keepalive`: the request outlives its page. */
function save(ticketId: string, written: Written, keepalive = false): Promise<unknown> {
  const params = { path: { ticket_id: ticketId } }
  if (isEmpty(written)) return answer(api.DELETE('/api/v1/tickets/{ticket_id}/draft', { params, keepalive }))
  const { lane, texts, warning, visibility, pictures, key } = written
  return answer(
    api.PUT('/api/v1/tickets/{ticket_id}/draft', {
      params,
      keepalive,
      body: {
        lane,
        text: texts[lane],
        content_warning: warning,
        visibility,
        parent_id: null,
        picture_ids: pictures.map(one => one.id),
        key,
      },
    }),
  )
}

export function useDraft(ticketId: string, firstLane: WritingLane) {
  const client = useQueryClient()
  writeAs(useMe().id)
  const written = useWritten(ticketId)
  const {
    data: found,
    isFetched,
    isError,
  } = useQuery({ ...draftQuery(ticketId), enabled: written === undefined })
  const [saving, setSaving] = useState<Saving>('nothing')

  // What nobody touched here is not saved: another tab may have written since.
  const saved = useRef(getWritten(ticketId))
  useEffect(() => {
    if (getWritten(ticketId) !== undefined || !(isFetched || isError)) return
    saved.current = found ? fromDraft(found.draft, found.pictures) : nothingWritten(firstLane)
    setWritten(ticketId, saved.current)
    if (found) setSaving('saved')
  }, [ticketId, found, isFetched, isError, firstLane])

  const retry = useRef<ReturnType<typeof setTimeout>>(undefined)
  const [again] = useState(() =>
    createAgain(SAVE_MS, async () => {
      const now = getWritten(ticketId)
      if (!now || now === saved.current) return
      clearTimeout(retry.current)
      setSaving('saving')
      try {
        await save(ticketId, now)
        saved.current = now
        setSaving(isEmpty(now) ? 'nothing' : 'saved')
      } catch {
        setSaving('failed')
        retry.current = setTimeout(() => again(), RETRY_MS)
      }
    }),
  )
  const typing = useRef<ReturnType<typeof setTimeout>>(undefined)
  // Leaving the ticket saves what the pause had not saved yet.
  useEffect(
    () => () => {
      clearTimeout(typing.current)
      clearTimeout(retry.current)
      again()
    },
    [again],
  )

  // So does leaving the page, or looking away from it, which may be the last that is heard of it.
  useEffect(() => {
    const leave = () => {
      const now = getWritten(ticketId)
      if (!now || now === saved.current) return
      clearTimeout(typing.current)
      saved.current = now
      save(ticketId, now, true).then(
        () => setSaving(isEmpty(now) ? 'nothing' : 'saved'),
        () => {
          if (saved.current === now) saved.current = undefined
          again()
        },
      )
    }
    const hide = () => {
      if (document.hidden) leave()
    }
    window.addEventListener('pagehide', leave)
    document.addEventListener('visibilitychange', hide)
    return () => {
      window.removeEventListener('pagehide', leave)
      document.removeEventListener('visibilitychange', hide)
    }
  }, [ticketId, again])

  const change = useCallback(
    (next: Partial<Written>) => {
      const before = getWritten(ticketId)
      if (!before) return
      setWritten(ticketId, { ...before, ...next })
      clearTimeout(typing.current)
      typing.current = setTimeout(again, SAVE_MS)
    },
    [ticketId, again],
  )
  /** It was sent: the server has forgotten the draft, and so does this page. */
  const forget = useCallback(
    (next: Written) => {
      clearTimeout(typing.current)
      saved.current = next
      setWritten(ticketId, next)
      client.removeQueries({ queryKey: ticketKeys.draft(ticketId) })
      setSaving('nothing')
    },
    [ticketId, client],
  )
  return { written, change, forget, saving }
}
