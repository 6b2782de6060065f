/** What is being written, ticket by ticket and lane by lane, for as long as the page lives; the server keeps the draft. */
import { useSyncExternalStore } from 'react'
import type { DraftView, PictureView, ReplyView, Visibility } from '@/shared/api/views'

export type WritingLane = DraftView['lane']

export interface Written {
  lane: WritingLane
  /** A text belongs to the lane it was written in: changing the lane never carries private words into the open. */
  texts: Readonly<Record<WritingLane, string>>
  warning: string | null
  visibility: Visibility | null
  pictures: readonly PictureView[]
  /** The idempotency key, made when the draft began: the same text sent twice is one reply. */
  key: string
}

const all = new Map<string, Written>()
const listeners = new Set<() => void>()
let writer: string | null = null

/** Who writes here from now on: what another agent left behind in this page is theirs, and waits for them at the server. */
export function writeAs(agentId: string): void {
  if (writer !== null && writer !== agentId) all.clear()
  writer = agentId
}

/** A key for the header Idempotency-Key. */
export function newKey(): string {
  // crypto.randomUUID exists only on https and localhost; a desk inside a company may be on neither.
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map(byte => byte.toString(16).padStart(2, '0'))
    .join('')
}

export function nothingWritten(lane: WritingLane): Written {
  return {
    lane,
    texts: { public: '', private: '', note: '' },
    warning: null,
    visibility: null,
    pictures: [],
    key: newKey(),
  }
}

export function getWritten(ticketId: string): Written | undefined {
  return all.get(ticketId)
}

export function setWritten(ticketId: string, written: Written): void {
  all.set(ticketId, written)
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

export function useWritten(ticketId: string): Written | undefined {
  return useSyncExternalStore(subscribe, () => all.get(ticketId))
}

/** What a draft from the server means here. */
export function fromDraft(draft: DraftView, pictures: readonly PictureView[]): Written {
  const written = nothingWritten(draft.lane)
  return {
    ...written,
    texts: { ...written.texts, [draft.lane]: draft.text },
    warning: draft.content_warning,
    visibility: draft.visibility,
    pictures,
    key: draft.key,
  }
}

export function isEmpty({ lane, texts, pictures }: Written): boolean {
  return texts[lane].trim() === '' && (lane === 'note' || pictures.length === 0)
}

/** After sending: the sent lane is empty and begins a new key; what stands in the other lanes stays. */
export function afterSending(written: Written): Written {
  return { ...nothingWritten(written.lane), texts: { ...written.texts, [written.lane]: '' } }
}

/** All parts of a text that were taken back just now with one of them, as one text again. */
export function takenBack(
  before: readonly ReplyView[],
  after: readonly ReplyView[],
  reply: ReplyView,
): ReplyView {
  const gone = new Set(before.filter(one => one.state === 'cancelled').map(one => one.id))
  const parts = after
    .filter(one => one.group_id === reply.group_id && one.state === 'cancelled' && !gone.has(one.id))
    .sort((a, b) => a.part - b.part)
  const pictures = [...before, reply].filter((one, i, all) => all.findIndex(x => x.id === one.id) === i)
  return {
    ...reply,
    text: parts.map(one => one.text).join(''),
    pictures: pictures.filter(one => parts.some(part => part.id === one.id)).flatMap(one => one.pictures),
  }
}

/** A reply taken back: its words stand in its lane again, before anything written since. */
export function withReturned(
  written: Written,
  reply: {
    lane: 'public' | 'private'
    text: string
    content_warning: string | null
    visibility: Visibility
    pictures: readonly PictureView[]
  },
): Written {
  const since = written.texts[reply.lane].trim()
  return {
    ...written,
    lane: reply.lane,
    texts: { ...written.texts, [reply.lane]: since ? `${reply.text}\n\n${since}` : reply.text },
    warning: reply.content_warning ?? written.warning,
    visibility: reply.visibility,
    pictures: [...reply.pictures, ...written.pictures],
    key: newKey(),
  }
}
