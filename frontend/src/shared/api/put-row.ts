/** Puts a row that the server answered into a list that is known here, at once and without asking again. */
import type { QueryClient, QueryKey } from '@tanstack/react-query'

export function putRow<T extends { id: string; revision: number }>(
  client: QueryClient,
  queryKey: QueryKey,
  row: T,
): void {
  client.setQueryData<T[]>(queryKey, list => {
    if (!list) return list
    const at = list.findIndex(one => one.id === row.id)
    const known = list[at]
    if (!known) return [...list, row]
    return row.revision >= known.revision ? list.with(at, row) : list
  })
}

export function dropRow(client: QueryClient, queryKey: QueryKey, id: string): void {
  client.setQueryData<{ id: string }[]>(queryKey, list => list?.filter(one => one.id !== id))
}
