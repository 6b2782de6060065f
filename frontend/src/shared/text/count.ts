/** Counts a text as the network will; the rules are those of app/networks/text.py, held together by tests/networks/text_cases.json. */

import { weigh, weighedLinks } from './weighted'

/** What counting needs of an account's limits. */
export interface Counting {
  unit: 'graphemes' | 'code_points' | 'weighted'
  link_weight: number | null
  short_mentions: boolean
  counts_warning: boolean
}

const LABEL = String.raw`[\p{L}\p{N}][\p{L}\p{M}\p{N}_-]*\.`
const TOP = String.raw`(?:xn--[A-Za-z0-9-]+|[A-Za-z]{2,}|\p{L}{2,})`
const LINK = new RegExp(
  String.raw`(?<![A-Za-z0-9@＠$#＃])[Hh][Tt][Tt][Pp][Ss]?://(?:${LABEL})+${TOP}(?::[0-9]+)?(?:[/?#][^\p{White_Space}<>]*)?`,
  'gu',
)
const MENTION =
  /(?<![=/\p{L}\p{M}\p{N}_])@([A-Za-z0-9_]+(?:[.-]+[A-Za-z0-9_]+)*)@[\p{L}\p{M}\p{N}_]+(?:[.-]+[\p{L}\p{M}\p{N}_]+)*/gu
const TRAILING = new Set('.,;:!?\'"*~&|=%$@…、。，．！？；：「」『』»›')
const BRACKETS: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{', '）': '（' }

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
const PLAIN = /^[\x20-\x7e\n\t]*$/

/** What people see as one character, counted (extended grapheme clusters). */
export function graphemes(text: string): number {
  if (PLAIN.test(text)) return text.length
  let count = 0
  for (const _ of segmenter.segment(text)) count++
  return count
}

function withoutTail(link: string): string {
  const letters = [...link]
  const of = (sign: string) => letters.filter(one => one === sign).length
  const surplus = new Map(Object.entries(BRACKETS).map(([close, open]) => [close, of(close) - of(open)]))
  let end = letters.length
  for (; end > 0; end--) {
    const last = letters[end - 1] ?? ''
    const over = surplus.get(last) ?? 0
    if (over > 0) surplus.set(last, over - 1)
    else if (!TRAILING.has(last)) break
  }
  return letters.slice(0, end).join('')
}

function weighedIn(text: string, weight: number): string {
  let weighed = ''
  let after = 0
  for (const [start, end] of weighedLinks(text)) {
    weighed += text.slice(after, start) + 'x'.repeat(weight)
    after = end
  }
  return weighed + text.slice(after)
}

/** Where the links of a text begin and end, by the rules of who counts them. */
export function linksOf(text: string, { unit }: Counting): (readonly [start: number, end: number])[] {
  if (unit === 'weighted') return weighedLinks(text)
  return [...text.matchAll(LINK)].map(match => [match.index, match.index + withoutTail(match[0]).length])
}

/** The length of a post by the account's rules; `warning` is the content warning, "" for none. */
export function count(text: string, warning: string, limits: Counting): number {
  const { link_weight: weight } = limits
  const weighs = limits.unit === 'weighted'
  let counted = weighs ? text.normalize('NFC') : text
  if (weight !== null)
    counted = weighs
      ? weighedIn(counted, weight)
      : counted.replace(LINK, link => 'x'.repeat(weight) + link.slice(withoutTail(link).length))
  if (limits.short_mentions) counted = counted.replace(MENTION, '@$1')
  if (limits.counts_warning) counted = warning + counted
  if (weighs) return weigh(counted)
  return limits.unit === 'code_points' ? [...counted].length : graphemes(counted)
}

/** What a limit is held against: besides counting, how much there may be. */
export interface Measuring extends Counting {
  max_characters: number
  max_bytes: number | null
}

/** A post's length and the most it may have: in the network's letters, or in bytes where those alone are too many. */
export function measure(text: string, warning: string, limits: Measuring): { used: number; most: number } {
  const used = count(text, warning, limits)
  if (limits.max_bytes !== null && used <= limits.max_characters) {
    const bytes = new TextEncoder().encode(text).length
    if (bytes > limits.max_bytes) return { used: bytes, most: limits.max_bytes }
  }
  return { used, most: limits.max_characters }
}
