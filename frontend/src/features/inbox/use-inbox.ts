/** The inbox's questions: one view under one filter, page by page, and how many each view holds. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { InboxSearch, InboxViewName } from '@/domain/inbox-address'
import { keepNewerCards, ticketKeys } from '@/domain/ticket-cache'
import { answer, api } from '@/shared/api/client'

const PAGE = 50

export function inboxQuery(view: InboxViewName, search: InboxSearch) {
  const { q, order, ...filter } = search
  return infiniteQueryOptions({
    queryKey: [...ticketKeys.lists, view, search],
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET('/api/v1/tickets', {
          params: {
            query: {
              view,
              ...filter,
              ...(q !== undefined && { q }),
              ...(order && { order }),
              ...(pageParam !== null && { cursor: pageParam }),
              limit: PAGE,
            },
          },
          signal,
        }),
      ),
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
