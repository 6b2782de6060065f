/** A ticket's questions: its thread page by page, its replies, its clocks; and their upserts. */
import {
  type InfiniteData,
  infiniteQueryOptions,
  type QueryClient,
  queryOptions,
} from '@tanstack/react-query'
import { answer, api } from '@/shared/api/client'
import type { ReplyView, TicketView } from '@/shared/api/views'
import { now } from '@/shared/lib/now'
import { keepNewerTicket, newer, ticketKeys } from './ticket-cache'

/** The newest page first; the next pages are older posts. */
export function threadQuery(id: string) {
  return infiniteQueryOptions({
    queryKey: ticketKeys.thread(id),
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET('/api/v1/tickets/{ticket_id}', {
          params: { path: { ticket_id: id }, query: pageParam === null ? {} : { before: pageParam } },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: page => (page.earlier ? (page.messages[0]?.id ?? null) : null),
    structuralSharing: keepNewerTicket,
  })
}

export function repliesQuery(id: string) {
  return queryOptions({
    queryKey: ticketKeys.replies(id),
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/tickets/{ticket_id}/replies', { params: { path: { ticket_id: id } }, signal })),
  })
}

export function replyOptionsQuery(id: string) {
  return queryOptions({
    queryKey: ticketKeys.options(id),
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/v1/tickets/{ticket_id}/reply-options', { params: { path: { ticket_id: id } }, signal }),
      ),
    // What a network allows until a certain time is asked again then.
    refetchInterval: ({ state }) => {
      const ends = (state.data?.lanes ?? []).flatMap(({ answerable }) =>
        answerable?.until ? [Date.parse(answerable.until) - now()] : [],
      )
      return ends.length === 0 ? false : Math.min(Math.max(1000, Math.min(...ends)), 86_400_000)
    },
  })
}

/** All pages as one ticket, oldest first. */
export function wholeTicket(data: InfiniteData<TicketView>): TicketView | undefined {
  const [first] = data.pages
  const last = data.pages.at(-1)
  if (!first || !last) return undefined
  const older = data.pages.toReversed()
  return {
    ...first,
    messages: older.flatMap(page => page.messages),
    notes: unique(older.flatMap(page => page.notes)),
    facts: [...new Map(older.flatMap(page => page.facts).map(fact => [fact.seq, fact])).values()],
    earlier: last.earlier,
  }
}

function unique<T extends { id: string }>(list: T[]): T[] {
  return [...new Map(list.map(one => [one.id, one])).values()]
}

/** Put a reply into the ticket's replies, when they are shown. */
export function upsertReply(client: QueryClient, reply: ReplyView): void {
  client.setQueryData<ReplyView[]>(ticketKeys.replies(reply.ticket_id), list => {
    if (!list) return list
    const at = list.findIndex(one => one.id === reply.id)
    const known = list[at]
    return known ? list.with(at, newer(known, reply)) : [...list, reply]
  })
}
