/** Counts a text as the network will; the rules are those of app/networks/text.py, held together by tests/networks/text_cases.json. */

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

/** The length of a post by the account's rules; `warning` is the content warning, "" for none. */
export function count(text: string, warning: string, limits: Counting): number {
  const { link_weight: weight } = limits
  let counted = text
  if (weight !== null)
    counted = counted.replace(LINK, link => 'x'.repeat(weight) + link.slice(withoutTail(link).length))
  if (limits.short_mentions) counted = counted.replace(MENTION, '@$1')
  if (limits.counts_warning) counted = warning + counted
  return limits.unit === 'code_points' ? [...counted].length : graphemes(counted)
}
