/** Who is signed in, and where in the log this page began. */
import { queryOptions, useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { answer, api } from '@/shared/api/client'
import type { MeView, SessionView } from '@/shared/api/views'

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: () => answer(api.GET('/api/v1/session')),
  // Renewed by events and by signing in; its head must stay the one the first questions were asked after.
  staleTime: Number.POSITIVE_INFINITY,
  retry: false,
})

export function useMe(): MeView {
  return useSuspenseQuery(sessionQuery).data.me
}

/** Changes what the page knows of me. */
export function useSetMe(): (me: MeView) => void {
  const client = useQueryClient()
  return me =>
    client.setQueryData<SessionView>(sessionQuery.queryKey, session =>
      session ? { ...session, me } : session,
    )
}
