/** customer.* into the cache. */
import type { QueryClient } from '@tanstack/react-query'
import type { DeskEvent } from '@/shared/api/views'
import type { Handlers } from '@/shared/live/apply'

export function customerHandlers(
  client: QueryClient,
): Handlers<DeskEvent, 'customer.changed' | 'customer.merged'> {
  return {
    'customer.changed': ({ customer_id }) =>
      void client.invalidateQueries({ queryKey: ['customer', customer_id] }),
    'customer.merged': ({ customer_id, gone_id }) => {
      void client.invalidateQueries({ queryKey: ['customer', customer_id] })
      void client.invalidateQueries({ queryKey: ['customer', gone_id] })
      // Cards carry the customer's name: those of the one who is gone are asked again.
      void client.invalidateQueries({ queryKey: ['tickets'] })
    },
  }
}
