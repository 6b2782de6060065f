/** Splits a text that is too long into numbered parts; the rules are written down in app/networks/split.py and are the same. */
import { type Counting, linksOf } from './count'

export const MOST_PARTS = 20
const TOTALS = [9, MOST_PARTS]

const CLOSING = String.raw`["'”’»)\]」』）]*`
const KINDS = [
  /\p{White_Space}+/gu,
  new RegExp(String.raw`[.!?…]${CLOSING}\p{White_Space}+|[。！？．｡]${CLOSING}\p{White_Space}*`, 'gu'),
  /\p{White_Space}*\n\p{White_Space}*/gu,
]
const HANDLE = /(?<![\p{L}\p{M}\p{N}_/])[@#][\p{L}\p{M}\p{N}_]+(?:[.@-]+[\p{L}\p{M}\p{N}_]+)*/gu
const EDGES = /^\p{White_Space}+|\p{White_Space}+$/gu
const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

type Break = readonly [offset: number, kind: number]
type Fits = (text: string) => boolean

/** The pieces of a text, which together are the text; null when there would be more than MOST_PARTS. */
export function split(text: string, limits: Counting, fits: Fits): string[] | null {
  if (fits(trimmed(text))) return [text]
  const breaks = breaksOf(text, limits)
  for (const total of TOTALS) {
    const pieces = cut(text, breaks, total, fits)
    if (pieces) return pieces
  }
  return null
}

/** The parts as they read: each piece without white space around it, and its number when there are several. */
export function numbered(pieces: readonly string[]): string[] {
  if (pieces.length === 1) return pieces.map(trimmed)
  return pieces.map((piece, i) => withNumber(piece, i + 1, pieces.length))
}

const trimmed = (text: string) => text.replace(EDGES, '')
const withNumber = (piece: string, place: number, total: number) => `${trimmed(piece)} ${place}/${total}`

function breaksOf(text: string, limits: Counting): Break[] {
  const kinds = new Map<number, number>([[0, 0]])
  for (const { index, segment } of segmenter.segment(text)) kinds.set(index + segment.length, 0)
  for (const [i, pattern] of KINDS.entries())
    for (const match of text.matchAll(pattern)) {
      const end = match.index + match[0].length
      if (kinds.has(end)) kinds.set(end, i + 1)
    }
  const handles = [...text.matchAll(HANDLE)].map(
    match => [match.index, match.index + match[0].length] as const,
  )
  for (const [start, end] of [...linksOf(text, limits), ...handles])
    for (let inside = start + 1; inside < end; inside++) kinds.delete(inside)
  return [...kinds]
}

/** The pieces when they are at most `total`. */
function cut(text: string, breaks: readonly Break[], total: number, fits: Fits): string[] | null {
  const offset = (at: number) => breaks[at]?.[0] ?? 0
  const end = breaks.length - 1
  const pieces: string[] = []
  for (let at = 0; at < end; ) {
    if (pieces.length === total) return null
    const place = pieces.length + 1
    const piece = (to: number) => text.slice(offset(at), offset(to))
    const longest = last(to => fits(withNumber(piece(to), place, total)), at, end)
    if (longest === at) return null
    const to = longest === end ? end : best(breaks, at, longest)
    pieces.push(piece(to))
    at = to
  }
  return pieces
}

/** The last place after `low` and up to `high` for which it holds, as if it held up to there; `low` when for none. */
function last(holds: (at: number) => boolean, low: number, high: number): number {
  let [from, to] = [low, high]
  while (from < to) {
    const middle = Math.floor((from + to + 1) / 2)
    if (holds(middle)) from = middle
    else to = middle - 1
  }
  return from
}

function best(breaks: readonly Break[], at: number, longest: number): number {
  for (const kind of [3, 2, 1])
    for (let end = longest; end > at && (end - at) * 2 >= longest - at; end--)
      if ((breaks[end]?.[1] ?? 0) >= kind) return end
  return longest
}
