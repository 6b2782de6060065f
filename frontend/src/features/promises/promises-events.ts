/** policy.*, calendar.* and timer.* into the cache. */
import type { QueryClient } from '@tanstack/react-query'
import { ticketKeys } from '@/domain/ticket-cache'
import { dropRow, putRow } from '@/shared/api/put-row'
import type { DeskEvent } from '@/shared/api/views'
import type { Handlers } from '@/shared/live/apply'
import { calendarsKey, policiesKey } from './promises-queries'

type Mine = Extract<
  DeskEvent['fact']['type'],
  `policy.${string}` | `calendar.${string}` | `promise.${string}` | `timer.${string}`
>

export function promiseHandlers(client: QueryClient): Handlers<DeskEvent, Mine> {
  const clocks = (_fact: unknown, event: DeskEvent) => {
    if (event.ticket_id !== null)
      void client.invalidateQueries({ queryKey: ticketKeys.clocks(event.ticket_id) })
  }
  return {
    'policy.changed': ({ policy_id, policy }) => {
      if (policy) {
        putRow(client, policiesKey, policy)
        // Another place in the order comes one policy at a time.
        client.setQueryData<{ place: number }[]>(policiesKey, list =>
          list?.toSorted((a, b) => a.place - b.place),
        )
      } else dropRow(client, policiesKey, policy_id)
    },
    'calendar.changed': ({ calendar_id, calendar }) => {
      if (calendar) putRow(client, calendarsKey, calendar)
      else dropRow(client, calendarsKey, calendar_id)
    },
    'promise.changed': clocks,
    'promise.message_joined': clocks,
    'timer.started': clocks,
    'timer.changed': clocks,
    'timer.warned': clocks,
    'timer.breached': clocks,
    'timer.met': clocks,
    'timer.cancelled': clocks,
  }
}
