/** What colleagues noted about a customer: typed in place, saved when one leaves it. */
import { useState } from 'react'
import { useExplain } from '@/shared/api/explain'
import { Problem } from '@/shared/api/problem'
import type { CustomerView } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { Button } from '@/shared/ui/button'
import { TextArea } from '@/shared/ui/field'
import { useDescribe } from './describe'

interface Typed {
  note: string
  /** The customer as it was when typing began; null once one was told that it changed. */
  on: CustomerView | null
}

export function CustomerNote({ customer }: { customer: CustomerView }) {
  const t = useWords('customer')
  const explain = useExplain()
  // null: nothing typed that is not saved; the server's note is shown, and follows colleagues' changes.
  const [typed, setTyped] = useState<Typed | null>(null)
  const describe = useDescribe(customer)
  const changed = typed !== null && typed.note !== customer.note
  const save = () => {
    if (!changed || describe.isPending) return
    const { note, on } = typed
    // A colleague's note that came while one typed is not overwritten unread; a new name or picture does not matter.
    const revision = on !== null && on.note !== customer.note ? on.revision : customer.revision
    describe.mutate(
      { note, revision },
      {
        // What was typed while it was on its way is still unsaved.
        onSuccess: saved =>
          setTyped(now => (now === null || now.note === note ? null : { ...now, on: saved })),
        onError: error => {
          if (error instanceof Problem && error.code === 'stale_customer')
            setTyped(now => now && { ...now, on: null })
        },
      },
    )
  }
  return (
    <div className="customer-note">
      <TextArea
        label={t('note')}
        placeholder={t('notePlaceholder')}
        rows={2}
        maxLength={20_000}
        dir="auto"
        value={typed?.note ?? customer.note}
        error={describe.isError ? explain(describe.error) : null}
        onChange={event => {
          const note = event.target.value
          setTyped(before => ({ note, on: before ? before.on : customer }))
        }}
        onBlur={save}
        onKeyDown={event => {
          if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) {
            event.preventDefault()
            save()
          }
        }}
      />
      <div className="customer-note-foot">
        <span role="status">
          {describe.isPending ? t('noteSaving') : describe.isSuccess && !changed ? t('noteSaved') : ''}
        </span>
        {changed && (
          <Button size="small" busy={describe.isPending} onClick={save}>
            {t('noteSave')}
          </Button>
        )}
      </div>
    </div>
  )
}
