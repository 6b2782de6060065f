/** One line to the server that heals itself: connects, resumes from the last seq, backs off with jitter, notices silence. */

/** Something that happened, numbered. */
export interface Numbered {
  seq: number
}

export interface Presence {
  ticket_id: string
  agents: { agent_id: string; doing: 'viewing' | 'typing' }[]
}

export type Frame<E extends Numbered> =
  /** What follows each other in the log, in order; numbers that are not for this console are left out. */
  | { kind: 'events'; events: E[] }
  | { kind: 'heartbeat'; seq: number }
  | ({ kind: 'presence' } & Presence)
  | { kind: 'resync'; head: number }

/** `catching up`: the line stands, but what was missed is still coming. `signed out` and `stopped` are final. */
export type LineState = 'connecting' | 'catching up' | 'live' | 'away' | 'signed out' | 'stopped'

export interface LineOptions<E extends Numbered> {
  /** The address for a position in the log. */
  address: (after: number) => string
  after: number
  /** Called once per frame, with what is new in it: at least one event, in order. */
  onEvents: (events: E[]) => void
  onPresence: (presence: Presence) => void
  /** The server cannot replay what was missed: forget everything, ask again, go on from `head`. */
  onResync: (head: number) => void
  onState: (state: LineState) => void
  /** Where the log ends now, asked by HTTP when the server closed because our position is too old to replay. */
  findHead: () => Promise<number>
  WebSocket?: new (address: string) => WebSocket
  random?: () => number
}

export interface Line {
  /** The last seq that is surely known. */
  position(): number
  state(): LineState
  /** Say something upstream; dropped while the line is down, because only presence goes up. */
  say(words: object): void
  /** Try again now instead of when the pause is over. */
  hurry(): void
  /** The machine says that its network is gone: do not wait for the silence to prove it. */
  lose(): void
  /** We are signed out, as an answer said: there is no way back but signing in. */
  signOut(): void
  stop(): void
}

export const CLOSE = { restart: 1012, signedOut: 4401, tooSlow: 4408, tooOld: 4409 } as const

/** The server sends a heartbeat every 15 s; after this long without a word the line is dead, whatever the socket says. */
export const SILENCE_MS = 40_000
const OPENING_MS = 15_000
const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 30_000

/** How long to wait before attempt n (0 is the first): doubling, and anywhere in its upper half, so that consoles do not return as a herd. */
export function pauseBefore(attempt: number, random: () => number): number {
  const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt)
  return longest / 2 + (random() * longest) / 2
}

/** Open the line and keep it open until stopped or signed out. */
export function openLine<E extends Numbered>(options: LineOptions<E>): Line {
  const { random = Math.random } = options
  const Socket = options.WebSocket ?? WebSocket
  let position = options.after
  let state: LineState = 'connecting'
  let attempt = 0
  let socket: WebSocket | undefined
  let pause: ReturnType<typeof setTimeout> | undefined
  let silence: ReturnType<typeof setTimeout> | undefined

  const become = (next: LineState) => {
    if (next === state) return
    state = next
    options.onState(next)
  }

  const drop = () => {
    clearTimeout(silence)
    const old = socket
    socket = undefined
    if (old) {
      old.onopen = old.onmessage = old.onclose = old.onerror = null
      old.close()
    }
  }

  const over = () => state === 'signed out' || state === 'stopped'

  const later = () => {
    drop()
    if (over()) return
    become('away')
    clearTimeout(pause)
    pause = setTimeout(connect, pauseBefore(attempt++, random))
  }

  const listen = (ms: number) => {
    clearTimeout(silence)
    silence = setTimeout(later, ms)
  }

  const take = (frame: Frame<E>) => {
    switch (frame.kind) {
      case 'events': {
        // What came before is never told twice, whatever the server repeats.
        const fresh = frame.events.filter(({ seq }) => {
          if (seq <= position) return false
          position = seq
          return true
        })
        if (fresh.length > 0) options.onEvents(fresh)
        return
      }
      case 'heartbeat':
        // The only word about events that were not for us: nothing up to here is missing.
        position = Math.max(position, frame.seq)
        attempt = 0
        become('live')
        return
      case 'resync':
        position = frame.head
        options.onResync(frame.head)
        return
      case 'presence':
        options.onPresence(frame)
    }
  }

  const signOut = () => {
    if (over()) return
    clearTimeout(pause)
    drop()
    become('signed out')
  }

  const closed = (code: number) => {
    if (code === CLOSE.signedOut) {
      signOut()
    } else if (code === CLOSE.tooOld) {
      later()
      clearTimeout(pause)
      options.findHead().then(
        head => {
          take({ kind: 'resync', head })
          if (state === 'away') connect()
        },
        () => later(),
      )
    } else {
      // A server that lets a slow console go, or restarts, wants it back soon.
      if (code === CLOSE.tooSlow || code === CLOSE.restart) attempt = 0
      later()
    }
  }

  function connect() {
    clearTimeout(pause)
    drop()
    if (state !== 'away') become('connecting')
    const mine = new Socket(options.address(position))
    socket = mine
    listen(OPENING_MS)
    mine.onopen = () => {
      listen(SILENCE_MS)
      become('catching up')
    }
    mine.onmessage = ({ data }: MessageEvent<string>) => {
      listen(SILENCE_MS)
      take(JSON.parse(data) as Frame<E>)
    }
    mine.onclose = ({ code }: CloseEvent) => closed(code)
  }

  connect()
  return {
    position: () => position,
    state: () => state,
    say: words => {
      if (socket?.readyState === 1) socket.send(JSON.stringify(words))
    },
    hurry: () => {
      if (over() || state === 'live' || state === 'catching up') return
      attempt = 0
      connect()
    },
    lose: () => {
      if (!over() && state !== 'away') later()
    },
    signOut,
    stop: () => {
      clearTimeout(pause)
      drop()
      become('stopped')
    },
  }
}
