/** Imports and exports as the server has them, and a file handed over in pieces. */
import { infiniteQueryOptions } from '@tanstack/react-query'
import { answer, api } from '@/shared/api/client'
import type { JobView } from '@/shared/api/views'

const PIECE = 1_000_000
const LOOK_AGAIN_MS = 1500

export const jobsKey = ['jobs'] as const

export function isUnderWay(job: JobView): boolean {
  return job.state === 'uploading' || job.state === 'queued' || job.state === 'running'
}

/** The newest first; looked at again as long as one of them goes on. */
export const jobsQuery = infiniteQueryOptions({
  queryKey: jobsKey,
  queryFn: ({ pageParam, signal }) =>
    answer(
      api.GET('/api/v1/jobs', {
        params: { query: pageParam === null ? {} : { before: pageParam } },
        signal,
      }),
    ),
  initialPageParam: null as string | null,
  getNextPageParam: page => page.next,
  refetchInterval: query =>
    query.state.data?.pages.some(page => page.items.some(isUnderWay)) ? LOOK_AGAIN_MS : false,
})

export function refusalsQuery(jobId: string) {
  return infiniteQueryOptions({
    queryKey: [...jobsKey, jobId, 'refusals'],
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET('/api/v1/jobs/{job_id}/refusals', {
          params: { path: { job_id: jobId }, query: { after: pageParam } },
          signal,
        }),
      ),
    initialPageParam: 0,
    getNextPageParam: page => page.next,
  })
}

/** Begins an import, uploads its file piece by piece, unpacked where it is packed with gzip, and starts it. */
export async function importFile(file: File, brandId: string | null): Promise<JobView> {
  const job = await answer(api.POST('/api/v1/jobs/imports', { body: { name: file.name, brand_id: brandId } }))
  const path = { job_id: job.id }
  let piece = 0
  for await (const part of pieces(file)) {
    await answer(
      api.PUT('/api/v1/jobs/{job_id}/pieces/{piece}', {
        params: { path: { ...path, piece } },
        // The description can only say that bytes are a text.
        body: part as unknown as string,
        bodySerializer: body => body,
        headers: { 'content-type': 'application/octet-stream' },
      }),
    )
    piece += 1
  }
  return answer(api.POST('/api/v1/jobs/{job_id}/start', { params: { path } }))
}

async function* pieces(file: File): AsyncGenerator<Blob> {
  if (!file.name.endsWith('.gz')) {
    for (let at = 0; at < file.size; at += PIECE) yield file.slice(at, at + PIECE)
    return
  }
  const reader = file.stream().pipeThrough(new DecompressionStream('gzip')).getReader()
  let held: BlobPart[] = []
  let size = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    for (let at = 0; at < value.length; ) {
      const part = value.slice(at, at + PIECE - size)
      held.push(part)
      size += part.length
      at += part.length
      if (size === PIECE) {
        yield new Blob(held)
        held = []
        size = 0
      }
    }
  }
  if (size > 0) yield new Blob(held)
}
