/** Toasts: one sentence about what just happened, with at most one deed; read aloud, and gone by themselves unless they matter. */
import { X } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import { useWords } from '@/shared/i18n/words'
import { classes } from '@/shared/lib/classes'
import { Button, IconButton } from './button'
import './toast.css'

export interface Toast {
  id: number
  kind: 'plain' | 'kept' | 'late'
  words: string
  deed?: { label: string; run: () => void } | undefined
}

const LASTS_MS = 6000
const MOST = 4
let toasts: readonly Toast[] = []
let nextId = 1
const listeners = new Set<() => void>()

function change(next: readonly Toast[]) {
  toasts = next
  for (const listener of listeners) listener()
}

export function dismissToast(id: number): void {
  change(toasts.filter(one => one.id !== id))
}

/** Put all of them away: another sitting begins. */
export function dismissToasts(): void {
  change([])
}

/** Say something. What went wrong stays until it is put away; the rest goes after six seconds. */
export function toast(
  words: string,
  { kind = 'plain', deed }: Partial<Pick<Toast, 'kind' | 'deed'>> = {},
): number {
  const id = nextId++
  // The same sentence twice is said once.
  change([...toasts.filter(one => one.words !== words), { id, kind, words, deed }].slice(-MOST))
  if (kind !== 'late') setTimeout(() => dismissToast(id), LASTS_MS)
  return id
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

export function ToastRegion() {
  const shown = useSyncExternalStore(subscribe, () => toasts)
  const t = useWords('ui')
  return (
    <section className="toasts" aria-label={t('toasts')} aria-live="polite" aria-relevant="additions">
      {shown.map(({ id, kind, words, deed }) => (
        <div key={id} className={classes('toast', kind)} role={kind === 'late' ? 'alert' : undefined}>
          <p>{words}</p>
          {deed && (
            <Button
              size="small"
              onClick={() => {
                dismissToast(id)
                deed.run()
              }}
            >
              {deed.label}
            </Button>
          )}
          <IconButton label={t('dismiss')} icon={<X />} size="small" onClick={() => dismissToast(id)} />
        </div>
      ))}
    </section>
  )
}
