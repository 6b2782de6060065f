/** A policy while it is edited: targets by metric and priority, one warning per metric; pure. */
import type { PolicyView, Priority } from '@/shared/api/views'

export type PolicyDraft = Omit<PolicyView, 'id' | 'place' | 'revision'>
export type Target = PolicyView['targets'][number]
export type Warn = NonNullable<Target['warn']>
export type Trait = keyof PolicyView['conditions']

export const TRAITS: readonly Trait[] = [
  'brands',
  'networks',
  'lanes',
  'priorities',
  'teams',
  'labels',
  'languages',
]
export const PRIORITIES: readonly (Priority | null)[] = [null, 'urgent', 'high', 'normal', 'low']

export function newPolicy(name: string): PolicyDraft {
  const warn: Warn = { percent: 75, before_s: null, urgent: false }
  return {
    name,
    enabled: true,
    conditions: { brands: [], networks: [], priorities: [], labels: [], teams: [], languages: [], lanes: [] },
    targets: [
      { metric: 'first_reply', priority: null, seconds: 3600, warn },
      { metric: 'next_reply', priority: null, seconds: 7200, warn },
    ],
    pauses: null,
    reopen: 'resume',
    count_automatic: false,
    ingest_lag_s: 300,
    calendar_id: null,
  }
}

export function draftOf({ id: _id, place: _place, revision: _revision, ...draft }: PolicyView): PolicyDraft {
  return draft
}

export function targetOf(draft: PolicyDraft, metric: string, priority: Priority | null): number | null {
  return draft.targets.find(one => one.metric === metric && one.priority === priority)?.seconds ?? null
}

export interface MetricWarn {
  warn: Warn | null
  /** Not the same for every priority. */
  mixed: boolean
}

export function warnOf(draft: PolicyDraft, metric: string): MetricWarn {
  const warns = draft.targets.filter(one => one.metric === metric).map(one => one.warn)
  const [warn = null] = warns
  return { warn, mixed: warns.some(one => JSON.stringify(one) !== JSON.stringify(warn)) }
}

/** Set, change or (null) take away one target; a new one is warned of as the metric's others are. */
export function setTarget(
  draft: PolicyDraft,
  metric: string,
  priority: Priority | null,
  seconds: number | null,
): PolicyDraft {
  const others = draft.targets.filter(one => one.metric !== metric || one.priority !== priority)
  if (seconds === null) return { ...draft, targets: others }
  const known = draft.targets.find(one => one.metric === metric && one.priority === priority)
  const target = known
    ? { ...known, seconds }
    : { metric, priority, seconds, warn: warnOf(draft, metric).warn }
  return {
    ...draft,
    targets: known ? draft.targets.map(one => (one === known ? target : one)) : [...others, target],
  }
}

export function setWarn(draft: PolicyDraft, metric: string, warn: Warn | null): PolicyDraft {
  return { ...draft, targets: draft.targets.map(one => (one.metric === metric ? { ...one, warn } : one)) }
}

/** Whether nothing is asked of a ticket, so that policies below are never reached. */
export function fitsEverything(policy: Pick<PolicyView, 'conditions' | 'enabled'>): boolean {
  return policy.enabled && TRAITS.every(trait => policy.conditions[trait].length === 0)
}

/** The list with one entry moved to another place. */
export function movedTo<T>(list: readonly T[], from: number, to: number): T[] {
  const entry = list[from]
  if (entry === undefined || to < 0 || to >= list.length) return [...list]
  return list.toSpliced(from, 1).toSpliced(to, 0, entry)
}
