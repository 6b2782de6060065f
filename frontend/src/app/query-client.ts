/** The one cache of what the server said, and when it is worth asking again. */
import { QueryClient } from '@tanstack/react-query'
import { Problem } from '@/shared/api/problem'

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // Events keep what is shown right; a page that was away is asked again when it resumes (see live.ts).
        staleTime: 30_000,
        refetchOnWindowFocus: false,
        retry: (failures, error) =>
          failures < 2 && error instanceof Problem && (error.status === 0 || error.status >= 502),
      },
      mutations: { retry: false },
    },
  })
}
