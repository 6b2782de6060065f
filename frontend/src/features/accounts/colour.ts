/** A brand's colour: whether it is one, and how well words in it can be read on white (WCAG). */

export const SUGGESTED = [
  '#2563eb',
  '#0f766e',
  '#15803d',
  '#b45309',
  '#c2410c',
  '#be123c',
  '#7e22ce',
  '#475569',
]

/** "#2563EB", "2563eb" and "#26e" as "#2563eb"; null when it is no colour. */
export function readColour(text: string): string | null {
  const clean = text.trim().replace(/^#/, '').toLowerCase()
  if (/^[0-9a-f]{6}$/.test(clean)) return `#${clean}`
  if (/^[0-9a-f]{3}$/.test(clean)) return `#${[...clean].map(sign => sign + sign).join('')}`
  return null
}

function linear(channel: number): number {
  const part = channel / 255
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
}

/** Contrast with white, 1 to 21. */
export function contrastWithWhite(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map(at => linear(Number.parseInt(colour.slice(at, at + 2), 16)))
  return 1.05 / (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05)
}

/** What text needs (WCAG AA). */
export const READABLE = 4.5
