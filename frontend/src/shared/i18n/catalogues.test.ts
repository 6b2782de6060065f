import { expect, it } from 'vitest'
import en from './en'
import fr from './fr'

type Tree = { readonly [key: string]: string | Tree }

function leaves(tree: Tree, path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[path + key, value]] : leaves(value, `${path}${key}.`),
  )
}

/** The names that a message takes: {name}, {count, plural, ...}, <tag>. */
function takes(message: string): string[] {
  const names = [...message.matchAll(/\{(\w+)[,}]|<(\w+)>/g)].map(([, value, tag]) => value ?? `<${tag}>`)
  return [...new Set(names)].sort()
}

const english = leaves(en)
const french = new Map(leaves(fr))

it('has the same keys in both languages', () => {
  expect([...french.keys()].sort()).toEqual(english.map(([key]) => key).sort())
})

it.each(english)('%s takes the same values in French', (key, message) => {
  expect(takes(french.get(key) ?? '')).toEqual(takes(message))
})

it('leaves nothing empty', () => {
  expect([...english, ...french].filter(([, message]) => message.trim() === '')).toEqual([])
})

it('counts in both languages by plural rules that the language has', () => {
  for (const [key, message] of [...english, ...french])
    if (message.includes(', plural,')) expect(message, key).toContain('other {')
})
