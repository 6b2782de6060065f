/** Asks before something that cannot easily be undone: what will happen, and the deed by its own name. */
import type { ReactNode } from 'react'
import { useExplain } from '@/shared/api/explain'
import { useWords } from '@/shared/i18n/words'
import { Button } from './button'
import { Dialog } from './dialog'
import { Notice } from './notice'

export function Confirm({
  title,
  children,
  deed,
  onDo,
  onClose,
  busy = false,
  error,
}: {
  title: string
  children: ReactNode
  /** What the button says: the deed, never "OK". */
  deed: string
  onDo: () => void
  onClose: () => void
  busy?: boolean
  error?: unknown
}) {
  const t = useWords('ui')
  const explain = useExplain()
  return (
    <Dialog
      open
      alert
      onClose={onClose}
      title={title}
      width="small"
      foot={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button kind="danger" busy={busy} onClick={onDo}>
            {deed}
          </Button>
        </>
      }
    >
      <p className="part-words">{children}</p>
      {error ? <Notice kind="late">{explain(error)}</Notice> : null}
    </Dialog>
  )
}
