import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { contrast, type Oklch } from '@/shared/lib/oklch'

const css = readFileSync('src/shared/ui/tokens.css', 'utf8')

function tokens(): Map<string, { light: Oklch; dark: Oklch }> {
  const one = String.raw`oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)`
  const found = new Map<string, { light: Oklch; dark: Oklch }>()
  for (const [, name = '', ...n] of css.matchAll(
    new RegExp(String.raw`--([\w-]+): light-dark\(${one}, ${one}\)`, 'g'),
  )) {
    const [l = 0, c = 0, h = 0, L = 0, C = 0, H = 0] = n.map(Number)
    found.set(name, { light: [l, c, h], dark: [L, C, H] })
  }
  return found
}

const all = tokens()
const grounds = ['ground-0', 'ground-1', 'ground-2', 'float']
const pairs: [ink: string, ground: string][] = [
  ...['ink-1', 'ink-2', 'ink-3', 'accent', 'late', 'soon', 'kept', 'note-ink', 'private-ink'].flatMap(ink =>
    grounds.map((ground): [string, string] => [ink, ground]),
  ),
  ...['ink-1', 'ink-2', 'ink-3'].flatMap(ink =>
    ['ground-3', 'accent-ground', 'note-ground', 'private-ground', 'private-stripe'].map(
      (ground): [string, string] => [ink, ground],
    ),
  ),
  ['on-accent', 'accent'],
  ['on-accent', 'accent-strong'],
  ['accent', 'accent-ground'],
  ['late', 'late-ground'],
  ['late', 'ground-3'],
  ['soon', 'ground-3'],
  ['soon', 'soon-ground'],
  ['kept', 'kept-ground'],
  ['note-ink', 'note-ground'],
  ['private-ink', 'private-ground'],
  ['private-ink', 'private-stripe'],
  ['late', 'accent-ground'],
  ['soon', 'accent-ground'],
]

describe.each(['light', 'dark'] as const)('in the %s theme', theme => {
  it.each(pairs)('%s can be read on %s', (ink, ground) => {
    const [front, back] = [all.get(ink), all.get(ground)]
    if (!front || !back)
      throw new Error(`tokens.css does not define ${ink} and ${ground} as light-dark() pairs`)
    expect(contrast(front[theme], back[theme])).toBeGreaterThanOrEqual(4.5)
  })

  it('shows the edges of what can be operated', () => {
    const [edge, ground] = [all.get('line-strong'), all.get('ground-0')]
    if (!edge || !ground) throw new Error('line-strong and ground-0 are missing')
    expect(contrast(edge[theme], ground[theme])).toBeGreaterThanOrEqual(3)
  })
})

describe('brand colours, whatever they are', () => {
  const hues = Array.from({ length: 36 }, (_, i) => i * 10)
  const chromas = [0, 0.08, 0.16, 0.3]

  it.each(hues)('hue %d gives readable ink and a solid that carries white', hue => {
    for (const chroma of chromas)
      for (const lightness of [0, 0.3, 0.6, 1]) {
        const lightInk: Oklch = [Math.min(lightness, 0.46), Math.min(chroma, 0.16), hue]
        const darkInk: Oklch = [Math.max(lightness, 0.8), Math.min(chroma, 0.12), hue]
        expect(contrast(lightInk, [0.968, Math.min(chroma, 0.018), hue])).toBeGreaterThanOrEqual(4.5)
        expect(contrast(darkInk, [0.248, Math.min(chroma, 0.03), hue])).toBeGreaterThanOrEqual(4.5)
        const solid: Oklch = [Math.max(0.35, Math.min(lightness, 0.5)), Math.min(chroma, 0.18), hue]
        expect(contrast(solid, [1, 0, 0])).toBeGreaterThanOrEqual(4.5)
      }
  })
})
