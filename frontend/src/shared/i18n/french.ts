/** French keeps its double signs with the word before them; the catalogue is written with ordinary spaces. */

const BEFORE = / (?=[;?!»]|:(?!:))/g
const AFTER = /« /g

/** The same catalogue, in which no line begins with a sign and none ends with an opening quote. */
export function keepTogether<T>(words: T): T {
  if (typeof words === 'string')
    return words.replace(BEFORE, '\u00a0').replace(AFTER, '«\u00a0') as typeof words
  if (typeof words !== 'object' || words === null) return words
  return Object.fromEntries(Object.entries(words).map(([key, value]) => [key, keepTogether(value)])) as T
}
