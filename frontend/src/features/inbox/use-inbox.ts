/** The inbox's questions: one view under one filter, page by page, and how many each view holds. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { InboxSearch, InboxViewName } from '@/domain/inbox-address'
import { keepNewerCards, ticketKeys } from '@/domain/ticket-cache'
import { answer, api, whole } from '@/shared/api/client'
import type { InboxView } from '@/shared/api/views'

const PAGE = 50

/** What a list's key says: whose list, which view of it, under which filter. */
export type ListKey = readonly [list: 'tickets', view: InboxViewName, search: InboxSearch]

/** One page of a list; the first without a cursor. */
export function askPage([, view, search]: ListKey, cursor: string | null, signal?: AbortSignal) {
  const { q, order, ...filter } = search
  return whole<InboxView>(
    api.GET('/api/v1/tickets', {
      params: {
        query: {
          view,
          ...filter,
          ...(q !== undefined && { q }),
          ...(order && { order }),
          ...(cursor !== null && { cursor }),
          limit: PAGE,
        },
      },
      ...(signal && { signal }),
    }),
  )
}

export function inboxQuery(view: InboxViewName, search: InboxSearch) {
  const queryKey: ListKey = [...ticketKeys.lists, view, search]
  return infiniteQueryOptions({
    queryKey,
    queryFn: ({ pageParam, signal }) => askPage(queryKey, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: page => page.next,
    structuralSharing: keepNewerCards,
  })
}

export function countsQuery(brands: string[] | undefined) {
  return queryOptions({
    queryKey: [...ticketKeys.counts, brands ?? []],
    queryFn: () =>
      answer(api.GET('/api/v1/tickets/counts', { params: { query: brands ? { brand: brands } : {} } })),
  })
}
