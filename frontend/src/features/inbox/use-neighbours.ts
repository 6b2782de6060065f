/** Where the cursor rests, the ticket and the ones beside it are fetched: the next step shows at once. */
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { repliesQuery, threadQuery } from '@/domain/ticket-queries'
import type { Order } from './order'

const LINGER_MS = 250

export function useNeighbours(rows: Order, cursor: string | null) {
  const client = useQueryClient()
  const at = cursor === null ? -1 : rows.placeOf(cursor)
  const beside = [at, at + 1, at - 1].flatMap(place => rows.at(place) ?? []).join(' ')
  useEffect(() => {
    if (at === -1) return
    const timer = setTimeout(() => {
      for (const id of beside.split(' ').filter(Boolean)) {
        void client.prefetchInfiniteQuery({ ...threadQuery(id), staleTime: 30_000 })
        void client.prefetchQuery({ ...repliesQuery(id), staleTime: 30_000 })
      }
    }, LINGER_MS)
    return () => clearTimeout(timer)
  }, [client, at, beside])
}
