/** Events into the small tables everybody looks into: agents, teams, brands, accounts. */
import type { QueryClient } from '@tanstack/react-query'
import type { BrandAccountView, DeskEvent, SessionView } from '@/shared/api/views'
import type { Handlers } from '@/shared/live/apply'
import { budgetsQuery } from './budgets'
import { accountsQuery, agentsQuery, brandsQuery, keysQuery, teamsQuery } from './desk'
import { sessionQuery } from './session'
import { newer } from './ticket-cache'

type Mine =
  | 'agent.changed'
  | 'team.changed'
  | 'key.made'
  | 'key.revoked'
  | 'brand.changed'
  | 'account.connected'
  | 'account.changed'
  | 'account.broken'
  | 'account.disconnected'
  | 'account.health_changed'
  | 'account.budget_warned'
  | 'account.budget_changed'

function upsert<T extends { id: string; revision: number }>(list: T[] | undefined, one: T): T[] | undefined {
  if (!list) return list
  const at = list.findIndex(known => known.id === one.id)
  const known = list[at]
  return known ? list.with(at, newer(known, one)) : [...list, one]
}

export function deskHandlers(client: QueryClient): Handlers<DeskEvent, Mine> {
  const account = ({ account }: { account: BrandAccountView }) => {
    client.setQueryData(accountsQuery.queryKey, list => upsert(list, account))
    // Whether we can answer depends on it.
    void client.invalidateQueries({
      predicate: ({ queryKey }) => queryKey[0] === 'ticket' && queryKey[2] === 'options',
    })
    void client.invalidateQueries({ queryKey: ['health'] })
  }
  const budget = ({ account_id }: { account_id: string }) => {
    void client.invalidateQueries({ queryKey: budgetsQuery.queryKey })
    void client.invalidateQueries({ queryKey: ['costs', account_id] })
  }
  return {
    'agent.changed': ({ agent }) => {
      client.setQueryData(agentsQuery.queryKey, list => upsert(list, agent))
      client.setQueryData<SessionView>(sessionQuery.queryKey, session =>
        session?.me.id === agent.id
          ? { ...session, me: { ...session.me, ...newer(session.me, { ...session.me, ...agent }) } }
          : session,
      )
    },
    'team.changed': ({ team_id, team }) => {
      client.setQueryData(teamsQuery.queryKey, list =>
        team ? upsert(list, team) : list?.filter(one => one.id !== team_id),
      )
      // What I may see may have changed with it.
      void client.invalidateQueries({ queryKey: brandsQuery.queryKey })
    },
    'key.made': () => void client.invalidateQueries({ queryKey: keysQuery.queryKey }),
    'key.revoked': () => void client.invalidateQueries({ queryKey: keysQuery.queryKey }),
    'brand.changed': ({ brand }) => {
      client.setQueryData(brandsQuery.queryKey, list => upsert(list, brand))
    },
    'account.connected': account,
    'account.changed': account,
    'account.broken': account,
    'account.disconnected': account,
    'account.budget_warned': budget,
    'account.budget_changed': budget,
    'account.health_changed': () => void client.invalidateQueries({ queryKey: ['health'] }),
  }
}
