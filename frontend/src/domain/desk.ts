/** The small tables everybody looks into: agents, teams, brands, accounts, networks, labels. */
import { queryOptions, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { answer, api } from '@/shared/api/client'
import type { AgentView, BrandAccountView, BrandView, NetworkView } from '@/shared/api/views'

/** Kept right by events, so asked only once. */
const forever = { staleTime: Number.POSITIVE_INFINITY } as const

export const agentsQuery = queryOptions({
  queryKey: ['agents'],
  queryFn: () => answer(api.GET('/api/v1/agents')),
  ...forever,
})
export const teamsQuery = queryOptions({
  queryKey: ['teams'],
  queryFn: () => answer(api.GET('/api/v1/teams')),
  ...forever,
})
/** For leads. When a key was last used is told by no event, so that it is asked again. */
export const keysQuery = queryOptions({
  queryKey: ['keys'],
  queryFn: () => answer(api.GET('/api/v1/keys')),
})
export const brandsQuery = queryOptions({
  queryKey: ['brands'],
  queryFn: () => answer(api.GET('/api/v1/brands')),
  ...forever,
})
export const accountsQuery = queryOptions({
  queryKey: ['accounts'],
  queryFn: () => answer(api.GET('/api/v1/accounts')),
  ...forever,
})
export const networksQuery = queryOptions({
  queryKey: ['networks'],
  queryFn: () => answer(api.GET('/api/v1/networks')),
  ...forever,
})
export const labelsQuery = queryOptions({
  queryKey: ['labels'],
  queryFn: () => answer(api.GET('/api/v1/labels')),
  staleTime: 60_000,
})

export function useAgents(): AgentView[] {
  return useQuery(agentsQuery).data ?? []
}

/** Those who can own a ticket: people, and not the keys of other systems. */
export function usePeople(): AgentView[] {
  return useAgents().filter(agent => agent.kind === 'person')
}

export function useAgent(id: string | null): AgentView | undefined {
  return useAgents().find(one => one.id === id)
}

export function useBrands(): BrandView[] {
  return useQuery(brandsQuery).data ?? []
}

export function useBrand(id: string): BrandView | undefined {
  return useBrands().find(one => one.id === id)
}

export function useAccounts(): BrandAccountView[] {
  return useQuery(accountsQuery).data ?? []
}

export function useAccount(id: string | undefined): BrandAccountView | undefined {
  return useAccounts().find(one => one.id === id)
}

const NONE: NetworkView[] = []

export function useNetworks(): NetworkView[] {
  return useQuery(networksQuery).data ?? NONE
}

export function useNetwork(name: string): NetworkView | undefined {
  return useNetworks().find(one => one.name === name)
}

export function useLabels(): string[] {
  const { data } = useQuery(labelsQuery)
  return useMemo(() => (data ?? []).map(one => one.name), [data])
}
