/** Which element shows which row of a list: a row keeps its element, and a new one takes that of one that left. Pure. */

export interface Shown {
  /** Names the element. */
  slot: number
  key: string
}

/**
 * The elements for these rows, which are given in their order. The elements of before stay where they are among each
 * other, so that none is taken out of the page; `inOrder` puts them as the rows are, for whoever reads the page in order.
 */
export function recycle(before: readonly Shown[], keys: readonly string[], inOrder: boolean): Shown[] {
  const wanted = new Set(keys)
  const staying = new Set(before.filter(one => wanted.has(one.key)).map(one => one.key))
  const entering = keys.filter(key => !staying.has(key))
  const shown: Shown[] = []
  for (const one of before) {
    if (staying.has(one.key)) shown.push(one)
    else {
      const key = entering.shift()
      if (key !== undefined) shown.push({ slot: one.slot, key })
    }
  }
  let next = Math.max(-1, ...before.map(one => one.slot)) + 1
  for (const key of entering) shown.push({ slot: next++, key })
  if (!inOrder) return shown
  const places = new Map(keys.map((key, place) => [key, place]))
  return shown.sort((a, b) => (places.get(a.key) ?? 0) - (places.get(b.key) ?? 0))
}
