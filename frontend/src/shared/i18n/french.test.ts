import { expect, it } from 'vitest'
import fr from './fr'
import { keepTogether } from './french'

it('ties the double signs and quotes to their words, however deep', () => {
  expect(keepTogether({ a: { b: 'Sûr ? « Oui » ; vide : tout !' }, n: 3 })).toEqual({
    a: { b: 'Sûr\u00a0? «\u00a0Oui\u00a0»\u00a0; vide\u00a0: tout\u00a0!' },
    n: 3,
  })
})

it('leaves no loose sign in the catalogue, and what a message takes as it was', () => {
  const said: string[] = []
  const walk = (value: unknown) => {
    if (typeof value === 'string') said.push(value)
    else for (const one of Object.values(value as object)) walk(one)
  }
  walk(keepTogether(fr))
  expect(said.filter(one => /\u0020[;?!:»]|«\u0020/.test(one))).toEqual([])
  expect(said.filter(one => /\{\s*\w+\s*,[^{}]*\u00a0/.test(one))).toEqual([])
})
