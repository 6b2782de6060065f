/** What an account cost in a month. */
import { queryOptions } from '@tanstack/react-query'
import { answer, api } from '@/shared/api/client'

/** `month` is any day of it as YYYY-MM-DD; null is the present one. */
export function costsQuery(accountId: string, month: string | null) {
  return queryOptions({
    queryKey: ['costs', accountId, month],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/v1/accounts/{account_id}/costs', {
          params: { path: { account_id: accountId }, query: month === null ? {} : { month } },
          signal,
        }),
      ),
    refetchInterval: 60_000,
  })
}

/** The month so many after another one, both as their first day. */
export function monthAfter(first: string, months: number): string {
  const [year = 0, month = 1] = first.split('-').map(Number)
  return new Date(Date.UTC(year, month - 1 + months, 1)).toISOString().slice(0, 10)
}
