/** What a connection begins with and what is sent; the same for every network. */
import type { BrandAccountView, NetworkView } from '@/shared/api/views'
import type { Typed } from './connect-fields'

export const IMPORT_DAYS = [0, 1, 7, 30, 90, 365] as const

/** Connecting again begins with the server that is known. */
export function firstTyped(network: NetworkView | undefined, account: BrandAccountView | null): Typed {
  const address = network?.connect_fields.find(field => field.kind === 'url')
  return account && address ? { [address.name]: account.server } : {}
}

/** Only what this network asks for and what was filled in. */
export function toSend(network: NetworkView, typed: Typed): Record<string, string> {
  return Object.fromEntries(
    network.connect_fields
      .map(({ name }) => [name, (typed[name] ?? '').trim()] as const)
      .filter(([, value]) => value !== ''),
  )
}

/** Whether the browser will go to the network's own page: it has one, and no secret was typed. */
export function goesAway(network: NetworkView, typed: Typed): boolean {
  const secret = network.connect_fields.some(
    field => field.kind === 'secret' && (typed[field.name] ?? '').trim() !== '',
  )
  return network.can.includes('oauth') && !secret
}
