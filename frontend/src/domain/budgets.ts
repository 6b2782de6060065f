/** How accounts stand in their budgets; asked again when a fact says so, and by the hour, since a month ends by itself. */
import { queryOptions, useQuery } from '@tanstack/react-query'
import { answer, api } from '@/shared/api/client'
import type { BudgetView } from '@/shared/api/views'

export const budgetsQuery = queryOptions({
  queryKey: ['budgets'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/budgets', { signal })),
  refetchInterval: 3_600_000,
})

/** The budgets that somebody should know of: the spent ones first. */
export function useTightBudgets(): BudgetView[] {
  const budgets = useQuery(budgetsQuery).data ?? []
  return ['spent', 'warned'].flatMap(level => budgets.filter(one => one.level === level))
}
