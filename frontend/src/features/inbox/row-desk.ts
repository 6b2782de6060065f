/** What all rows of a list say of brands, networks and agents, asked once for all of them. */
import { useMemo } from 'react'
import { useAgents, useBrands, useNetworks } from '@/domain/desk'
import { useMe } from '@/domain/session'
import type { AgentView, BrandView } from '@/shared/api/views'

export interface RowDesk {
  me: string
  agents: ReadonlyMap<string, AgentView>
  brands: ReadonlyMap<string, BrandView>
  /** The path of each network's mark. */
  marks: ReadonlyMap<string, string>
}

export function useRowDesk(): RowDesk {
  const { id: me } = useMe()
  const agents = useAgents()
  const brands = useBrands()
  const networks = useNetworks()
  return useMemo(
    () => ({
      me,
      agents: new Map(agents.map(one => [one.id, one])),
      brands: new Map(brands.map(one => [one.id, one])),
      marks: new Map(networks.map(one => [one.name, one.mark])),
    }),
    [me, agents, brands, networks],
  )
}
