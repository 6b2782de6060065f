/** What can be done right now, by name: pages offer their deeds, the palette lists them. */
import { useEffect, useRef } from 'react'

export interface Deed {
  id: string
  label: string
  combo?: string
  run: () => unknown
}

const offers = new Set<() => readonly Deed[]>()

/** Offer deeds while the component is shown. */
export function useDeeds(deeds: readonly Deed[]): void {
  const latest = useRef(deeds)
  useEffect(() => {
    latest.current = deeds
  })
  useEffect(() => {
    const offer = () => latest.current
    offers.add(offer)
    return () => {
      offers.delete(offer)
    }
  }, [])
}

/** Everything that is offered now. */
export function allDeeds(): Deed[] {
  return [...offers].flatMap(offer => offer())
}
