/** How well each account hears, and what was set aside; asked again whenever an account's health changes. */
import { infiniteQueryOptions, queryOptions, useQuery } from '@tanstack/react-query'
import { answer, api } from '@/shared/api/client'
import type { HealthView } from '@/shared/api/views'

export const healthQuery = queryOptions({
  queryKey: ['health'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/accounts/health', { signal })),
  // Looks that bring nothing are no events; the page counts minutes by itself.
  refetchInterval: 30_000,
})

export function useHealth(accountId: string): HealthView | undefined {
  return useQuery(healthQuery).data?.find(one => one.account_id === accountId)
}

export function rejectsQuery(accountId: string) {
  return infiniteQueryOptions({
    queryKey: ['rejects', accountId],
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET('/api/v1/accounts/{account_id}/rejects', {
          params: { path: { account_id: accountId }, query: pageParam === null ? {} : { before: pageParam } },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: page => page.next,
  })
}
