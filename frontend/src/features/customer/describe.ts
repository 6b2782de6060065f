/** A change to a customer's name or note, sent with the revision it was made on. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ticketKeys } from '@/domain/ticket-cache'
import { answer, api } from '@/shared/api/client'
import type { CustomerView } from '@/shared/api/views'
import { customerQuery } from './customer-queries'

export function useDescribe(customer: CustomerView) {
  const client = useQueryClient()
  const { queryKey } = customerQuery(customer.id)
  return useMutation({
    mutationFn: ({ revision, ...body }: { name?: string; note?: string; revision?: number }) => {
      // By its turn the change before it may have raised the revision.
      const known = client.getQueryData(queryKey) ?? customer
      return answer(
        api.PATCH('/api/v1/customers/{customer_id}', {
          params: { path: { customer_id: customer.id } },
          body: { ...body, revision: revision ?? known.revision },
        }),
      )
    },
    scope: { id: `describing ${customer.id}` },
    onSuccess: changed => {
      client.setQueryData(queryKey, changed)
      // Cards carry the name.
      if (changed.name !== customer.name) void client.invalidateQueries({ queryKey: ticketKeys.lists })
    },
    onError: () => client.invalidateQueries({ queryKey, exact: true }),
  })
}
