/** Webhooks, the types they can choose, and their deliveries. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { answer, api } from '@/shared/api/client'
import type { DeliveryView } from '@/shared/api/views'

export const webhooksKey = ['webhooks'] as const

export const webhooksQuery = queryOptions({
  queryKey: webhooksKey,
  queryFn: ({ signal }) => answer(api.GET('/api/v1/webhooks', { signal })),
})

export const typesQuery = queryOptions({
  queryKey: ['webhook-types'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/webhook-types', { signal })),
  staleTime: Number.POSITIVE_INFINITY,
})

export type DeliveryState = DeliveryView['state']

export function deliveriesQuery(webhookId: string, state: DeliveryState | 'all') {
  return infiniteQueryOptions({
    queryKey: [...webhooksKey, webhookId, 'deliveries', state],
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET('/api/v1/webhooks/{webhook_id}/deliveries', {
          params: {
            path: { webhook_id: webhookId },
            query: {
              ...(state !== 'all' && { state }),
              ...(pageParam !== null && { cursor: pageParam }),
            },
          },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: page => page.next,
  })
}

export function attemptsQuery(webhookId: string, deliveryId: string) {
  return queryOptions({
    queryKey: [...webhooksKey, webhookId, 'attempts', deliveryId],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/v1/webhooks/{webhook_id}/deliveries/{delivery_id}', {
          params: { path: { webhook_id: webhookId, delivery_id: deliveryId } },
          signal,
        }),
      ),
  })
}
