/** The foot of a dialog that is a form: away again, or hand it in. */
import type { ReactNode } from 'react'
import { useWords } from '@/shared/i18n/words'
import { Button } from './button'

interface FormFootProps {
  onCancel: () => void
  /** The id of the form that is handed in. */
  form: string
  busy: boolean
  /** What handing it in does. */
  children: ReactNode
}

export function FormFoot({ onCancel, form, busy, children }: FormFootProps) {
  const t = useWords('ui')
  return (
    <>
      <Button onClick={onCancel}>{t('cancel')}</Button>
      <Button kind="primary" type="submit" form={form} busy={busy}>
        {children}
      </Button>
    </>
  )
}
