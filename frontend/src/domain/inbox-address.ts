/** The inbox in the URL: which view, which filter, which words; what is not understood is left out. */
import type { Priority } from '@/shared/api/views'

export const VIEWS = ['all_open', 'mine', 'unassigned', 'late', 'waiting', 'snoozed', 'resolved'] as const
export type InboxViewName = (typeof VIEWS)[number]

export const PRIORITIES = ['urgent', 'high', 'normal', 'low'] as const satisfies readonly Priority[]

/** The filter as the URL carries it; several values are several times the same key. */
export interface InboxSearch {
  brand?: string[]
  assignee?: string[]
  label?: string[]
  priority?: Priority[]
  q?: string
  order?: 'newest'
}

export function readInboxView(view: string): InboxViewName {
  return VIEWS.find(one => one === view) ?? 'all_open'
}

function texts(value: unknown): string[] {
  const list = Array.isArray(value) ? value : [value]
  return [
    ...new Set(list.filter(one => typeof one === 'string' || typeof one === 'number').map(String)),
  ].filter(Boolean)
}

export function readInboxSearch(search: Record<string, unknown>): InboxSearch {
  const read: InboxSearch = {}
  for (const key of ['brand', 'assignee', 'label'] as const) {
    const values = texts(search[key])
    if (values.length > 0) read[key] = values
  }
  const priority = texts(search.priority).flatMap(one => PRIORITIES.filter(known => known === one))
  if (priority.length > 0) read.priority = priority
  const [q = ''] = texts(search.q)
  if (q.trim()) read.q = q
  if (search.order === 'newest') read.order = 'newest'
  return read
}
