/** A dialog or a drawer: its machinery is loaded the first time one opens. */
import { type ReactNode, Suspense } from 'react'
import { lazily } from '@/shared/lib/lazily'

export interface DialogProps {
  open: boolean
  onClose: () => void
  title: string
  /** Leave the title to screen readers only. */
  quietTitle?: boolean
  width?: 'small' | 'medium' | 'large'
  /** A drawer comes from the end of the line and is as high as the page. */
  shape?: 'dialog' | 'drawer'
  /** It asks something that must be answered: a press beside it does not close it. */
  alert?: boolean
  children: ReactNode
  /** The deeds at its foot. */
  foot?: ReactNode
}

const Modal = lazily(() => import('./dialog-modal'))

export function Dialog(props: DialogProps) {
  if (!props.open) return null
  return (
    <Suspense>
      <Modal {...props} />
    </Suspense>
  )
}
