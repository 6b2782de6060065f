/** The deeds on a ticket: each shows at once, posts its verb, and is taken back with the reason when the server refuses. */
import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query'
import { isLong, knownCard, ticketKeys, upsertCard } from '@/domain/ticket-cache'
import { answer, api } from '@/shared/api/client'
import { useExplain } from '@/shared/api/explain'
import { Problem } from '@/shared/api/problem'
import type { DismissReason, Priority, State, TicketCard } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { now } from '@/shared/lib/now'
import { toast } from '@/shared/ui/toast'

export type Move =
  | { verb: 'assign'; agentId: string | null }
  | { verb: 'move'; to: Exclude<State, 'closed'>; until?: string }
  | { verb: 'dismiss'; reason: DismissReason }
  | { verb: 'labels'; add: string[]; remove: string[] }
  | { verb: 'priority'; priority: Priority }

/** The card as it will be if the server agrees. */
export function foresee(card: TicketCard, move: Move): TicketCard {
  switch (move.verb) {
    case 'assign':
      return { ...card, assignee_id: move.agentId }
    case 'move':
      return {
        ...card,
        state: move.to,
        snoozed_until: move.to === 'snoozed' ? (move.until ?? null) : null,
        resolved_at: move.to === 'resolved' ? new Date(now()).toISOString() : null,
      }
    case 'dismiss':
      return { ...card, state: 'closed', dismissed: move.reason }
    case 'labels':
      return {
        ...card,
        labels: [...new Set([...card.labels, ...move.add])]
          .filter(label => !move.remove.includes(label))
          .sort(),
      }
    case 'priority':
      return { ...card, priority: move.priority }
  }
}

/** Whether a deed takes the ticket out of the views of open work. */
export function leavesOpen(move: Move): boolean {
  return move.verb === 'dismiss' || (move.verb === 'move' && move.to !== 'open')
}

function post(id: string, revision: number, move: Move): Promise<TicketCard> {
  const params = { path: { ticket_id: id } }
  switch (move.verb) {
    case 'assign':
      return answer(
        api.POST('/api/v1/tickets/{ticket_id}/assign', {
          params,
          body: { agent_id: move.agentId, revision },
        }),
      )
    case 'move':
      return answer(
        api.POST('/api/v1/tickets/{ticket_id}/move', {
          params,
          body: { to: move.to, revision, ...(move.until !== undefined && { until: move.until }) },
        }),
      )
    case 'dismiss':
      return answer(
        api.POST('/api/v1/tickets/{ticket_id}/dismiss', { params, body: { reason: move.reason, revision } }),
      )
    case 'labels':
      return answer(
        api.POST('/api/v1/tickets/{ticket_id}/labels', {
          params,
          body: { add: move.add, remove: move.remove, revision },
        }),
      )
    case 'priority':
      return answer(
        api.POST('/api/v1/tickets/{ticket_id}/priority', {
          params,
          body: { priority: move.priority, revision },
        }),
      )
  }
}

/** The card that a refusal for staleness brings along. */
export function presentCard(error: unknown): TicketCard | null {
  if (!(error instanceof Problem) || error.code !== 'stale_ticket') return null
  const { card } = error.details
  return typeof card === 'object' && card !== null && 'revision' in card ? (card as TicketCard) : null
}

/** Put the card back as it was, unless something newer came meanwhile. */
function takeBack(client: QueryClient, before: TicketCard) {
  const known = knownCard(client, before.id)
  if (known && known.revision <= before.revision) upsertCard(client, before)
}

export function useMoves(id: string, { onLeave }: { onLeave?: (id: string) => void } = {}) {
  const client = useQueryClient()
  const explain = useExplain()
  const t = useWords('ticket')
  const { mutate } = useMutation({
    // By its turn the deed before it may have raised the revision; that answer is on screen by then.
    mutationFn: ({ before, move }: { before: TicketCard; move: Move }) =>
      post(id, knownCard(client, id)?.revision ?? before.revision, move),
    // One after the other: the second deed is made on what the first one left.
    scope: { id: `moves of ${id}` },
    onMutate: ({ before, move }) => {
      upsertCard(client, foresee(before, move))
      if (leavesOpen(move)) onLeave?.(id)
    },
    onSuccess: card => {
      upsertCard(client, card)
      // A long list hears of it by the event.
      void client.invalidateQueries({ queryKey: ticketKeys.lists, predicate: list => !isLong(list) })
      void client.invalidateQueries({ queryKey: ticketKeys.counts })
    },
    onError: (error, { before }) => {
      takeBack(client, before)
      const present = presentCard(error)
      if (present) upsertCard(client, present)
      toast(t('taken', { reason: explain(error) }), { kind: 'late' })
    },
  })
  return (move: Move) => {
    const before = knownCard(client, id)
    if (before) mutate({ before, move })
  }
}
