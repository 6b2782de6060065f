/** The page of one policy or calendar: the way back, its name, the form, and beside it what it would do. */
import { ArrowLeft } from 'lucide-react'
import type { FormEvent, ReactNode } from 'react'
import { useWords } from '@/shared/i18n/words'
import { Button, IconButton } from '@/shared/ui/button'
import { Notice } from '@/shared/ui/notice'

export function EditorFrame({
  title,
  onBack,
  onSave,
  saving,
  changed,
  problem,
  canEdit,
  beside,
  deeds,
  children,
}: {
  title: string
  onBack: () => void
  onSave: () => void
  saving: boolean
  changed: boolean
  /** What is wrong with the whole, not with one field. */
  problem: string | null
  canEdit: boolean
  beside: ReactNode
  deeds?: ReactNode
  children: ReactNode
}) {
  const t = useWords('promises')
  const ui = useWords('ui')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!saving) onSave()
  }
  return (
    <div className="page">
      <form className="page-inner editor" onSubmit={submit}>
        <header className="editor-head">
          <IconButton label={t('back')} icon={<ArrowLeft />} onClick={onBack} />
          <h1>{title}</h1>
          {canEdit && (
            <>
              {changed && <span className="editor-unsaved">{t('unsaved')}</span>}
              {deeds}
              <Button kind="primary" type="submit" busy={saving} disabled={!changed}>
                {ui('save')}
              </Button>
            </>
          )}
        </header>
        {!canEdit && <Notice>{t('readOnly')}</Notice>}
        {problem !== null && <Notice kind="late">{problem}</Notice>}
        <div className="editor-panes">
          <fieldset className="editor-form" disabled={!canEdit}>
            {children}
          </fieldset>
          <aside className="editor-beside">{beside}</aside>
        </div>
      </form>
    </div>
  )
}
