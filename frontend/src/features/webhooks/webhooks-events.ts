/** webhook.* into the cache: what leads see of them is asked again. */
import type { QueryClient } from '@tanstack/react-query'
import type { DeskEvent } from '@/shared/api/views'
import type { Handlers } from '@/shared/live/apply'
import { webhooksKey } from './webhooks-queries'

type Mine = Extract<DeskEvent['fact']['type'], `webhook.${string}`>

export function webhookHandlers(client: QueryClient): Handlers<DeskEvent, Mine> {
  const again = () => void client.invalidateQueries({ queryKey: webhooksKey })
  return { 'webhook.changed': again, 'webhook.disabled': again }
}
