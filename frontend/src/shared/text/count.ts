/** Counts a text as the network will: by code points or graphemes, links at a fixed weight, @name@domain as @name. */

/** What counting needs of an account's limits. */
export interface Counting {
  unit: 'graphemes' | 'code_points'
  link_weight: number | null
  short_mentions: boolean
}

const LINK = /https?:\/\/[^\s<>"]+/giu
const LINK_TAIL = /[.,;:!?'")\]}»”’]+$/u
const FULL_MENTION = /(?<![\w/@])@([\w.-]*\w)@[\w-]+(?:\.[\w-]+)+/gu
const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** Characters as people see them: a family of four is one. */
export function graphemes(text: string): number {
  let count = 0
  for (const _ of segmenter.segment(text)) count++
  return count
}

/** The length of `text` by the account's rules. */
export function count(text: string, { unit, link_weight, short_mentions }: Counting): number {
  const weigh = unit === 'graphemes' ? graphemes : (words: string) => [...words].length
  let rest = text
  let fixed = 0
  if (link_weight !== null)
    rest = rest.replace(LINK, link => {
      const tail = LINK_TAIL.exec(link)?.[0] ?? ''
      fixed += link_weight
      return tail
    })
  if (short_mentions) rest = rest.replace(FULL_MENTION, '@$1')
  return fixed + weigh(rest)
}
