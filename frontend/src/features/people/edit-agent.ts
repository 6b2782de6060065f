/** A change to a colleague, sent with the revision it was made on; the answer stands in the list at once. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { agentsQuery } from '@/domain/desk'
import { answer, api } from '@/shared/api/client'
import { putRow } from '@/shared/api/put-row'
import type { AgentView } from '@/shared/api/views'

export interface AgentChange {
  name?: string
  role?: AgentView['role']
  availability?: AgentView['availability']
  disabled?: boolean
  password?: string
}

export function useEditAgent(agent: AgentView, onDone: (agent: AgentView) => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (change: AgentChange) =>
      answer(
        api.PATCH('/api/v1/agents/{agent_id}', {
          params: { path: { agent_id: agent.id } },
          body: { ...change, revision: agent.revision },
        }),
      ),
    onSuccess: changed => {
      putRow(client, agentsQuery.queryKey, changed)
      onDone(changed)
    },
  })
}
