/** The console's places: where the rail, the `g` keys and the palette lead. */
import { ArrowLeftRight, AtSign, Inbox, ShieldCheck, Timer, User, Users, Webhook } from 'lucide-react'
import type { ComponentType } from 'react'

export interface Place {
  to: '/inbox/$view' | '/promises' | '/accounts' | '/people' | '/webhooks' | '/transfer'
  params?: { view: string }
  combo: string
  word: 'inbox' | 'mine' | 'late' | 'promises' | 'accounts' | 'people' | 'webhooks' | 'transfer'
  Sign: ComponentType
  /** Only leads see it. */
  lead?: boolean
}

export const PLACES: readonly Place[] = [
  { to: '/inbox/$view', params: { view: 'all_open' }, combo: 'g i', word: 'inbox', Sign: Inbox },
  { to: '/inbox/$view', params: { view: 'mine' }, combo: 'g m', word: 'mine', Sign: User },
  { to: '/inbox/$view', params: { view: 'late' }, combo: 'g l', word: 'late', Sign: Timer },
  { to: '/promises', combo: 'g p', word: 'promises', Sign: ShieldCheck },
  { to: '/accounts', combo: 'g a', word: 'accounts', Sign: AtSign },
  { to: '/people', combo: 'g t', word: 'people', Sign: Users },
  { to: '/webhooks', combo: 'g h', word: 'webhooks', Sign: Webhook, lead: true },
  { to: '/transfer', combo: 'g x', word: 'transfer', Sign: ArrowLeftRight, lead: true },
]
