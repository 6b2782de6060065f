/** How networks that weigh letters count; the rules are written down in app/networks/weighted.py and are the same. */
import { OWN_SCRIPT_TOPS, TOPS } from './tops'

const OUTSIDE = String.raw`!'#%&()*+,\\/:;<=>?@\[\]\^\{\|\}~$\t-\r \x85\xA0\u1680\u180E\u2000-\u200A\u2028\u2029\u202F\u205F\u3000\uFFFE\uFEFF\uFFFF\u202A-\u202E\u061C\u200E\u200F\u2066-\u2069`
const NOT_BEFORE = String.raw`A-Za-z0-9@＠$#＃\uFFFE\uFEFF\uFFFF`
const ACCENTED = String.raw`\xC0-\xD6\xD8-\xF6\xF8-\u024F\u0253\u0254\u0256\u0257\u0259\u025B\u0263\u0268\u026F\u0272\u0289\u028B\u02BB\u0300-\u036F\u1E00-\u1EFF`
const PATH = String.raw`[A-Za-z0-9\u0400-\u04FF${ACCENTED}!*';:=+,.$\/%#\[\]\u2013_~@\|&\-]`
const PATH_END = String.raw`[A-Za-z0-9\u0400-\u04FF${ACCENTED}+=_#\/\-]`
const PAIR = String.raw`\((?:${PATH}+|${PATH}*\(${PATH}+\)${PATH}*)\)`

const RUN = new RegExp(`[^${OUTSIDE}]+`, 'gu')
const BEGIN = new RegExp(String.raw`(?<![${NOT_BEFORE}])[^${OUTSIDE}._\-]`, 'gu')
const SCHEME = new RegExp(String.raw`(?<![${NOT_BEFORE}])[Hh][Tt][Tt][Pp][Ss]?:\/\/`, 'uy')
const LABEL = /^[^_-](?:.*[^_-])?$/su
const LATIN = new RegExp(String.raw`[A-Za-z0-9${ACCENTED}.\-]+`, 'gu')
const TOP = /[A-Za-z0-9-]+/uy
const NOT_AFTER_TOP = /[0-9A-Za-z@+-]/uy
const PORT = /(?::[0-9]+)?/uy
const TAIL = new RegExp(String.raw`(?:\/(?:(?:${PATH}|${PAIR})*(?:${PATH_END}|${PAIR}))?)?`, 'uy')
const QUERY = /(?:\?[A-Za-z0-9!?*'@();:&=+$/%#[\]_.,~|-]*[A-Za-z0-9_&=#/-])?/uy
const LONGEST = 4096
const LONGEST_TOP = Math.max(...[...OWN_SCRIPT_TOPS].map(top => top.length))

const PART = String.raw`(?:\p{Emoji_Modifier_Base}\p{Emoji_Modifier}|[©®]\uFE0F|\p{Emoji_Presentation}|(?![©®])\p{Extended_Pictographic}\uFE0F?)(?:[\u{E0020}-\u{E007E}]+\u{E007F})?`
const EMOJI = new RegExp(
  String.raw`[0-9#*]\uFE0F?\u20E3|[\u{1F1E6}-\u{1F1FF}]{1,2}|${PART}(?:\u200D${PART})*`,
  'gu',
)
const HEAVY = /[^\0-\u10FF\u2000-\u200D\u2010-\u201F\u2032-\u2037]/u

type Span = readonly [start: number, end: number]

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}

const endOf = (pattern: RegExp, text: string, at: number) =>
  at + (matchAt(pattern, text, at)?.[0].length ?? 0)

/** What the letters of a text weigh, its links taken as they are written. */
export function weigh(text: string): number {
  let weight = 0
  const others = text.replace(EMOJI, () => {
    weight += 2
    return ''
  })
  for (const letter of others) weight += HEAVY.test(letter) ? 2 : 1
  return weight
}

/** Where the links of a text begin and end, in order. */
export function weighedLinks(text: string): Span[] {
  const found: Span[] = []
  for (let after = 0; ; ) {
    const run = matchAt(RUN, text, after)
    if (!run) return found
    const runEnd = run.index + run[0].length
    after = runEnd
    const begin = beginOf(text, run.index, runEnd)
    const scheme = begin === run.index ? schemeBefore(text, run.index) : null
    if (begin === null || (scheme === null && begin > 0 && '-_./'.includes(text.charAt(begin - 1)))) continue
    const end = nameEnd(text, begin, runEnd, true)
    if (end === null) continue
    const port = endOf(PORT, text, end)
    const path = endOf(TAIL, text, port)
    const query = endOf(QUERY, text, path)
    after = query
    if (query - begin > LONGEST) continue
    if (scheme !== null) {
      found.push([scheme, query])
      continue
    }
    const parts = latinParts(text, begin, end)
    const last = parts.pop()
    if (last) found.push(...parts, path > port ? [last[0], query] : last)
  }
}

function beginOf(text: string, start: number, end: number): number | null {
  const label = text.indexOf('.', start)
  if (label <= start || label >= end) return null
  const match = matchAt(BEGIN, text, start)
  return match && match.index < label ? match.index : null
}

function schemeBefore(text: string, name: number): number | null {
  for (const scheme of ['https://', 'http://']) {
    const start = name - scheme.length
    if (start >= 0 && matchAt(SCHEME, text, start)?.[0].length === scheme.length) return start
  }
  return null
}

/** Where the longest name that begins here ends; strict where "_" and "-" may not stand everywhere. */
function nameEnd(text: string, begin: number, end: number, strict: boolean): number | null {
  let best: number | null = null
  let before = ''
  for (let start = begin; ; ) {
    const found = text.indexOf('.', start)
    const dot = found >= end ? -1 : found
    if (before !== '' && !(strict && before.includes('_'))) best = topEnd(text, start) ?? best
    const label = dot === -1 ? '' : text.slice(start, dot)
    if (label === '' || (strict && !LABEL.test(label))) return best
    before = label
    start = dot + 1
  }
}

/** Where the top that begins here ends, when one does. */
function topEnd(text: string, start: number): number | null {
  const match = matchAt(TOP, text, start)
  if (match) {
    const name = match[0].toLowerCase()
    const end = start + name.length
    const after = text.charAt(end)
    if (TOPS.has(name) || (name.startsWith('xn--') && name.length > 4))
      return '@+'.includes(after) && after !== '' ? null : end
    if (after < '\x80') return null
  }
  for (let length = LONGEST_TOP; length > 0; length--) {
    const name = text.slice(start, start + length)
    const end = start + name.length
    if (OWN_SCRIPT_TOPS.has(name) && !matchAt(NOT_AFTER_TOP, text, end)) return end
  }
  return null
}

/** The parts of a name that are links without a scheme. */
function latinParts(text: string, begin: number, end: number): Span[] {
  const parts: Span[] = []
  for (let start = begin; ; ) {
    const match = matchAt(LATIN, text, start)
    if (!match || match.index >= end) return parts
    const stop = Math.min(end, match.index + match[0].length)
    let first = match.index
    while (text.charAt(first) === '.' && first < stop) first++
    start = stop
    const top = first < stop ? nameEnd(text, first, stop, false) : null
    if (top === null) continue
    parts.push([first, top])
    start = Math.max(stop, top)
  }
}
