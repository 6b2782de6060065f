/** Lengths of time as people write them: "30 min", "4 h", "1h30", "2 days", "2 j"; always whole seconds inside. */

const SECOND = 1
const MINUTE = 60
const HOUR = 3600
const DAY = 86_400
const WEEK = 7 * DAY

const UNITS: readonly (readonly [seconds: number, words: RegExp])[] = [
  [SECOND, /^(s|sec|secs|second|seconds|seconde|secondes)$/],
  [MINUTE, /^(m|min|mins|mn|minute|minutes|')$/],
  [HOUR, /^(h|hr|hrs|hour|hours|heure|heures)$/],
  [DAY, /^(d|day|days|j|jour|jours)$/],
  [WEEK, /^(w|wk|week|weeks|sem|semaine|semaines)$/],
]

function unit(word: string): number | null {
  return UNITS.find(([, words]) => words.test(word))?.[0] ?? null
}

/**
 * Seconds, or null when it cannot be read. A number alone is minutes; a number after a unit is of the next smaller one
 * ("1h30" is 90 minutes); "1:30" is hours and minutes.
 */
export function parseDuration(text: string): number | null {
  const clean = text.trim().toLowerCase().replace(/,/g, '.').replace(/\.$/, '')
  const clock = /^(\d+):([0-5]\d)$/.exec(clean)
  if (clock) return Number(clock[1]) * HOUR + Number(clock[2]) * MINUTE
  const parts = [...clean.matchAll(/(\d+(?:\.\d+)?)\s*([a-zé']*)\.?/g)]
  const read = parts.map(one => one[0]).join('')
  if (parts.length === 0 || read.replace(/\s/g, '') !== clean.replace(/\s|\bet\b|\band\b/g, '')) return null
  let total = 0
  let last: number | null = null
  for (const [, number = '', word = ''] of parts) {
    const seconds: number | null = word === '' ? (last === null ? MINUTE : smaller(last)) : unit(word)
    if (seconds === null) return null
    total += Number(number) * seconds
    last = seconds
  }
  return Math.round(total)
}

function smaller(than: number): number | null {
  const at = UNITS.findIndex(([seconds]) => seconds === than)
  return UNITS[at - 1]?.[0] ?? null
}

const SHORT = {
  en: { [WEEK]: 'wk', [DAY]: 'd', [HOUR]: 'h', [MINUTE]: 'min', [SECOND]: 's' },
  fr: { [WEEK]: 'sem.', [DAY]: 'j', [HOUR]: 'h', [MINUTE]: 'min', [SECOND]: 's' },
} as const

/** "1 h 30 min". Working time knows no days ("24 h"), so they are only written where asked for. */
export function formatDuration(
  seconds: number,
  language: 'en' | 'fr',
  { days = false }: { days?: boolean } = {},
): string {
  let left = Math.round(Math.abs(seconds))
  const parts: string[] = []
  for (const size of days ? [DAY, HOUR, MINUTE, SECOND] : [HOUR, MINUTE, SECOND]) {
    const count = Math.floor(left / size)
    left -= count * size
    if (count > 0) parts.push(`${count} ${SHORT[language][size as 1]}`)
  }
  return parts.join(' ') || `0 ${SHORT[language][MINUTE]}`
}
