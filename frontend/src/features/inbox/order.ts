/** The places of a list that grows at its end: a longer order shares what it has in common with the shorter. Pure. */

interface Shared {
  ids: string[]
  places: Map<string, number>
}

/** Each ticket has one place, the first that it was given. Never changes; `with` answers another one. */
export class Order {
  readonly length: number
  readonly #shared: Shared

  private constructor(shared: Shared) {
    this.#shared = shared
    this.length = shared.ids.length
  }

  static of(ids: Iterable<string>): Order {
    return new Order(grown(nothing(), ids))
  }

  at(place: number): string | undefined {
    return place < this.length ? this.#shared.ids[place] : undefined
  }

  /** -1 for what is not here. */
  placeOf(id: string): number {
    const place = this.#shared.places.get(id)
    return place !== undefined && place < this.length ? place : -1
  }

  /** The same and more at the end: costs what is added, however much was there. */
  with(more: Iterable<string>): Order {
    const added = [...more].filter(id => this.placeOf(id) === -1)
    if (added.length === 0) return this
    // Another order may have gone on from here already.
    const alone = this.#shared.ids.length === this.length
    return new Order(grown(alone ? this.#shared : grown(nothing(), this), added))
  }

  /** Whether it is `before`, or `before` with more at its end that was added to it. */
  continues(before: Order): boolean {
    return this.#shared === before.#shared && this.length >= before.length
  }

  *from(place: number): Generator<string> {
    for (let i = place; i < this.length; i++) yield this.#shared.ids[i] as string
  }

  [Symbol.iterator](): Generator<string> {
    return this.from(0)
  }
}

function nothing(): Shared {
  return { ids: [], places: new Map() }
}

function grown(shared: Shared, ids: Iterable<string>): Shared {
  for (const id of ids) {
    if (shared.places.has(id)) continue
    shared.places.set(id, shared.ids.length)
    shared.ids.push(id)
  }
  return shared
}
