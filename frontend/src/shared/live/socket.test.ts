import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { CLOSE, type Frame, type Line, type LineState, openLine, pauseBefore, SILENCE_MS } from './socket'

interface Fact {
  seq: number
}

/** The other end of the line, held by the test. */
class Wire {
  static all: Wire[] = []
  readyState = 0
  sent: string[] = []
  onopen: (() => void) | null = null
  onmessage: ((event: { data: string }) => void) | null = null
  onclose: ((event: { code: number }) => void) | null = null
  onerror: (() => void) | null = null
  address: string
  constructor(address: string) {
    this.address = address
    Wire.all.push(this)
  }
  send(words: string) {
    this.sent.push(words)
  }
  close() {
    this.readyState = 3
  }
  open() {
    this.readyState = 1
    this.onopen?.()
  }
  tell(frame: Frame<Fact>) {
    this.onmessage?.({ data: JSON.stringify(frame) })
  }
  event(...seqs: number[]) {
    this.tell({ kind: 'events', events: seqs.map(seq => ({ seq })) })
  }
  die(code = 1006) {
    this.readyState = 3
    this.onclose?.({ code })
  }
}

let line: Line | undefined
let seen: number[]
let frames: number
let states: LineState[]
let resyncs: number[]

function begin(after = 0): Line {
  const opened = openLine<Fact>({
    address: n => `after=${n}`,
    after,
    onEvents: events => {
      frames++
      seen.push(...events.map(event => event.seq))
    },
    onPresence: () => undefined,
    onResync: head => resyncs.push(head),
    onState: state => states.push(state),
    findHead: () => Promise.resolve(77),
    WebSocket: Wire as unknown as new (address: string) => WebSocket,
    random: () => 1,
  })
  line = opened
  return opened
}
const the = () => {
  if (!line) throw new Error('no line was opened')
  return line
}
const wire = () => {
  const last = Wire.all.at(-1)
  if (!last) throw new Error('no connection was opened')
  return last
}

beforeEach(() => {
  vi.useFakeTimers()
  Wire.all = []
  seen = []
  frames = 0
  states = []
  resyncs = []
})
afterEach(() => {
  line?.stop()
  line = undefined
  vi.useRealTimers()
})

it('is live once a heartbeat says that nothing is missing', () => {
  begin(7)
  expect(wire().address).toBe('after=7')
  wire().open()
  expect(the().state()).toBe('catching up')
  wire().event(8)
  wire().tell({ kind: 'heartbeat', seq: 12 })
  expect(the().state()).toBe('live')
  expect(seen).toEqual([8])
  expect(the().position()).toBe(12)
})

it('resumes from the last event or heartbeat, whichever is later, and takes nothing twice', () => {
  begin()
  wire().open()
  wire().event(1)
  wire().event(4)
  wire().tell({ kind: 'heartbeat', seq: 6 })
  wire().die()
  expect(the().state()).toBe('away')
  vi.advanceTimersByTime(500)
  expect(wire().address).toBe('after=6')
  wire().open()
  for (const seq of [4, 6, 7, 7, 9]) wire().event(seq)
  expect(seen).toEqual([1, 4, 7, 9])
})

it('hands on a frame at once, without what is known of it, and nothing when that is all of it', () => {
  begin(4)
  wire().open()
  wire().event(3, 4, 5, 7, 7, 6)
  wire().event(5, 7)
  expect(seen).toEqual([5, 7])
  expect(frames).toBe(1)
  expect(the().position()).toBe(7)
})

it('never goes back, even when an old heartbeat comes', () => {
  begin(20)
  wire().open()
  wire().tell({ kind: 'heartbeat', seq: 3 })
  expect(the().position()).toBe(20)
})

it('backs off longer and longer, and starts over after a good connection', () => {
  begin()
  const waits: number[] = []
  for (let i = 0; i < 9; i++) {
    wire().die()
    const before = Wire.all.length
    let waited = 0
    while (Wire.all.length === before) {
      vi.advanceTimersByTime(250)
      waited += 250
    }
    waits.push(waited)
  }
  expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000])
  wire().open()
  wire().tell({ kind: 'heartbeat', seq: 1 })
  wire().die()
  const before = Wire.all.length
  vi.advanceTimersByTime(500)
  expect(Wire.all.length).toBe(before + 1)
})

it('spreads the returning consoles over the upper half of the pause', () => {
  expect(pauseBefore(3, () => 0)).toBe(2000)
  expect(pauseBefore(3, () => 1)).toBe(4000)
})

it('notices a line that is silent', () => {
  begin()
  wire().open()
  wire().tell({ kind: 'heartbeat', seq: 1 })
  vi.advanceTimersByTime(SILENCE_MS - 1)
  expect(the().state()).toBe('live')
  vi.advanceTimersByTime(1)
  expect(the().state()).toBe('away')
  expect(Wire.all[0]?.readyState).toBe(3)
})

it('does not wait for ever for a connection that never opens', () => {
  begin()
  vi.advanceTimersByTime(15_000)
  expect(the().state()).toBe('away')
})

it('ignores the words of a connection it gave up', () => {
  begin()
  const old = wire()
  old.open()
  const late = old.onmessage
  old.die()
  vi.advanceTimersByTime(500)
  expect(old.onmessage).toBeNull()
  expect(late).not.toBeNull()
})

describe('close codes', () => {
  it('4401: signed out, and no way back', () => {
    begin()
    wire().open()
    wire().die(CLOSE.signedOut)
    vi.advanceTimersByTime(120_000)
    expect(states.at(-1)).toBe('signed out')
    expect(Wire.all).toHaveLength(1)
  })

  it('an answer says that we are signed out: the line that stood ends, and one that waited does not come back', () => {
    for (const standing of [true, false]) {
      Wire.all = []
      const mine = begin()
      wire().open()
      if (!standing) wire().die()
      mine.signOut()
      vi.advanceTimersByTime(120_000)
      expect(states.at(-1)).toBe('signed out')
      expect(Wire.all).toHaveLength(1)
      expect(wire().readyState).toBe(3)
    }
  })

  it.each([CLOSE.restart, CLOSE.tooSlow])('%d: back soon', code => {
    begin()
    for (let i = 0; i < 5; i++) {
      wire().die()
      vi.advanceTimersByTime(30_000)
    }
    const before = Wire.all.length
    wire().die(code)
    vi.advanceTimersByTime(500)
    expect(Wire.all.length).toBe(before + 1)
  })

  it('4409: everything is asked again, and the line goes on from the head', async () => {
    begin(3)
    wire().open()
    wire().die(CLOSE.tooOld)
    await vi.advanceTimersByTimeAsync(0)
    expect(resyncs).toEqual([77])
    expect(wire().address).toBe('after=77')
    expect(Wire.all).toHaveLength(2)
  })
})

it('resync: goes on from the head', () => {
  begin(3)
  wire().open()
  wire().tell({ kind: 'resync', head: 900 })
  wire().event(899)
  wire().event(901)
  expect(resyncs).toEqual([900])
  expect(seen).toEqual([901])
})

it('hurries when asked, and says things only while the line stands', () => {
  begin()
  the().say({ kind: 'presence' })
  wire().die()
  the().hurry()
  expect(Wire.all).toHaveLength(2)
  wire().open()
  the().say({ kind: 'presence' })
  expect(wire().sent).toHaveLength(1)
  the().hurry()
  expect(Wire.all).toHaveLength(2)
})

it('believes the machine that its network is gone, and comes back by itself', () => {
  begin()
  wire().open()
  wire().tell({ kind: 'heartbeat', seq: 4 })
  the().lose()
  expect(the().state()).toBe('away')
  expect(Wire.all[0]?.readyState).toBe(3)
  vi.advanceTimersByTime(500)
  expect(wire().address).toBe('after=4')
})

it('stops for good', () => {
  begin()
  wire().open()
  the().stop()
  vi.advanceTimersByTime(120_000)
  expect(Wire.all).toHaveLength(1)
  expect(states.at(-1)).toBe('stopped')
})
