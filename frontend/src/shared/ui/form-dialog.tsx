/** A dialog that is a form: away again, or hand it in; handed in once however often one presses. */
import { type FormEvent, type ReactNode, useId } from 'react'
import { useWords } from '@/shared/i18n/words'
import { Button } from './button'
import { Dialog, type DialogProps } from './dialog'
import { Notice } from './notice'
import './form.css'

interface FormDialogProps extends Pick<DialogProps, 'title' | 'width' | 'onClose' | 'children'> {
  /** What handing it in does. */
  deed: ReactNode
  onSubmit: () => void
  busy: boolean
  /** What is wrong with the whole, not with one field. */
  problem: string | null
}

export function FormDialog({ deed, onSubmit, busy, problem, children, onClose, ...shown }: FormDialogProps) {
  const t = useWords('ui')
  const id = useId()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!busy) onSubmit()
  }
  return (
    <Dialog
      open
      onClose={onClose}
      {...shown}
      foot={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button kind="primary" type="submit" form={id} busy={busy}>
            {deed}
          </Button>
        </>
      }
    >
      <form id={id} className="form" onSubmit={submit}>
        {children}
        {problem !== null && <Notice kind="late">{problem}</Notice>}
      </form>
    </Dialog>
  )
}
