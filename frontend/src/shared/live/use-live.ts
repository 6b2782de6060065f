/** The one live line of this page: started with the session, its state and who else is here for everybody to show. */
import { useEffect, useSyncExternalStore } from 'react'
import { whenSignedOut } from '@/shared/api/client'
import { type Line, type LineOptions, type LineState, type Numbered, openLine, type Presence } from './socket'

type Here = Presence['agents']

let line: Line | undefined
let state: LineState = 'connecting'
let presence: ReadonlyMap<string, Here> = new Map()
const listeners = new Set<() => void>()
const nobody: Here = []

function tell() {
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

/** The address of the stream for a position in the log. */
export function streamAddress(after: number): string {
  return `${location.origin.replace(/^http/, 'ws')}/api/v1/stream?after=${after}`
}

/** Start the line; the answer stops it. There is one per page. */
export function startLive<E extends Numbered>(
  options: Pick<LineOptions<E>, 'after' | 'onEvents' | 'onResync' | 'findHead'> & {
    onState?: (state: LineState) => void
  },
): () => void {
  const mine = openLine<E>({
    address: streamAddress,
    ...options,
    onPresence: ({ ticket_id, agents }) => {
      presence = new Map(presence).set(ticket_id, agents)
      tell()
    },
    onState: next => {
      state = next
      // Who is here is only known while somebody tells us.
      if (next === 'away') presence = new Map()
      options.onState?.(next)
      tell()
    },
  })
  line = mine
  state = mine.state()
  tell()
  const hurry = () => mine.hurry()
  const onVisible = () => {
    if (!document.hidden) mine.hurry()
  }
  const lose = () => mine.lose()
  // Only the cookie may be gone, while the line that it opened still stands.
  const deaf = whenSignedOut(() => mine.signOut())
  window.addEventListener('online', hurry)
  window.addEventListener('offline', lose)
  document.addEventListener('visibilitychange', onVisible)
  return () => {
    deaf()
    window.removeEventListener('online', hurry)
    window.removeEventListener('offline', lose)
    document.removeEventListener('visibilitychange', onVisible)
    mine.stop()
    if (line === mine) line = undefined
  }
}

export function useLineState(): LineState {
  return useSyncExternalStore(subscribe, () => state)
}

/** Do not wait for the pause: try to connect now. */
export function hurryLine(): void {
  line?.hurry()
}

/** Who is looking at a ticket or typing in it, as the server last said (it forgets after 15 s). */
export function usePresence(ticketId: string): Here {
  return useSyncExternalStore(subscribe, () => presence.get(ticketId) ?? nobody)
}

const REPEAT_MS = 8000

/** Tell colleagues that I look at a ticket, or type in it, for as long as the component is shown. */
export function useBeingHere(ticketId: string, doing: 'viewing' | 'typing', lineState: LineState): void {
  useEffect(() => {
    const say = () => {
      if (!document.hidden) line?.say({ kind: 'presence', ticket_id: ticketId, doing })
    }
    if (lineState === 'live' || lineState === 'catching up') say()
    const timer = setInterval(say, REPEAT_MS)
    return () => clearInterval(timer)
  }, [ticketId, doing, lineState])
  useEffect(() => () => line?.say({ kind: 'presence', ticket_id: ticketId, doing: 'left' }), [ticketId])
}
