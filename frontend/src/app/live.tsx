/** The session's live line: starts at the head the session brought, feeds the handlers, and asks again after a resync. */
import { notifyManager, useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { sessionQuery } from '@/domain/session'
import { shortenLists } from '@/domain/ticket-cache'
import { answer, api } from '@/shared/api/client'
import type { DeskEvent } from '@/shared/api/views'
import { createApply } from '@/shared/live/apply'
import { startLive } from '@/shared/live/use-live'
import { createHandlers } from './handlers'

export function Live() {
  const client = useQueryClient()
  const { sign_in_id: signIn } = useSuspenseQuery(sessionQuery).data

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new sign-in is a new line; another head of the same one is not
  useEffect(() => {
    const head = client.getQueryData(sessionQuery.queryKey)?.head ?? 0
    const { handlers, onAll } = createHandlers(client)
    const apply = createApply<DeskEvent>(handlers, head)
    return startLive<DeskEvent>({
      after: head,
      // Whoever shows something of it is told once per frame, however many events it brought.
      onEvents: events =>
        notifyManager.batch(() => {
          for (const event of events) apply(event)
          onAll(events)
        }),
      onResync: at => {
        apply.restart(at)
        shortenLists(client)
        void client.invalidateQueries({ predicate: query => query.queryKey[0] !== 'session' })
      },
      findHead: async () => (await answer(api.GET('/api/v1/session'))).head,
    })
  }, [client, signIn])
  return null
}
