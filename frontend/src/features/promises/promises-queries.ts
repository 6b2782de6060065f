/** What the promises pages ask: policies, calendars, metrics, countries, clocks. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { ticketKeys } from '@/domain/ticket-cache'
import { answer, api } from '@/shared/api/client'
import type { CalendarView } from '@/shared/api/views'

export const policiesKey = ['policies'] as const
export const calendarsKey = ['calendars'] as const

/** Kept right by events. */
const forever = { staleTime: Number.POSITIVE_INFINITY } as const

export const policiesQuery = queryOptions({
  queryKey: policiesKey,
  queryFn: () => answer(api.GET('/api/v1/policies')),
  ...forever,
})
export const calendarsQuery = queryOptions({
  queryKey: calendarsKey,
  // The client's types forget that a window is a pair.
  queryFn: async () => (await answer(api.GET('/api/v1/calendars'))) as CalendarView[],
  ...forever,
})
export const metricsQuery = queryOptions({
  queryKey: ['metrics'],
  queryFn: () => answer(api.GET('/api/v1/sla/metrics')),
  ...forever,
})
export const countriesQuery = queryOptions({
  queryKey: ['countries'],
  queryFn: () => answer(api.GET('/api/v1/holidays/countries')),
  ...forever,
})

export function holidaysQuery(country: string, subdivision: string | null, year: number) {
  return queryOptions({
    queryKey: ['holidays', country, subdivision, year],
    queryFn: () =>
      answer(
        api.GET('/api/v1/holidays', {
          params: { query: { country, year, ...(subdivision && { subdivision }) } },
        }),
      ),
    ...forever,
  })
}

export function feedDaysQuery(text: string, year: number) {
  return queryOptions({
    queryKey: ['feed-days', text, year],
    queryFn: () => answer(api.POST('/api/v1/holidays/ical', { body: { text, year } })),
    ...forever,
    retry: false,
  })
}

export function clocksQuery(ticketId: string) {
  return queryOptions({
    queryKey: ticketKeys.clocks(ticketId),
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/v1/tickets/{ticket_id}/clocks', { params: { path: { ticket_id: ticketId } }, signal }),
      ),
  })
}

/** The cycles that ended before those, page by page, the newest first. */
export function earlierClocksQuery(ticketId: string) {
  return infiniteQueryOptions({
    queryKey: [...ticketKeys.clocks(ticketId), 'earlier'],
    queryFn: ({ pageParam: cursor, signal }) =>
      answer(
        api.GET('/api/v1/tickets/{ticket_id}/clocks/earlier', {
          params: { path: { ticket_id: ticketId }, query: cursor === null ? {} : { cursor } },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: page => page.next,
  })
}

/** One cycle with its explanation. */
export function clockQuery(ticketId: string, metric: string, cycle: number) {
  return queryOptions({
    queryKey: [...ticketKeys.clocks(ticketId), metric, cycle],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/v1/tickets/{ticket_id}/clocks/{metric}/{cycle}', {
          params: { path: { ticket_id: ticketId, metric, cycle } },
          signal,
        }),
      ),
  })
}
