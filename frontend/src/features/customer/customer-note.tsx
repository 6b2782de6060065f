/** What colleagues noted about a customer: typed in place, saved when one leaves it. */
import { useState } from 'react'
import { useExplain } from '@/shared/api/explain'
import type { CustomerView } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { Button } from '@/shared/ui/button'
import { TextArea } from '@/shared/ui/field'
import { useDescribe } from './describe'

export function CustomerNote({ customer }: { customer: CustomerView }) {
  const t = useWords('customer')
  const explain = useExplain()
  // null: nothing typed that is not saved; the server's note is shown, and follows colleagues' changes.
  const [typed, setTyped] = useState<string | null>(null)
  const describe = useDescribe(customer)
  const changed = typed !== null && typed !== customer.note
  const save = () => {
    if (!changed || describe.isPending) return
    const note = typed
    describe.mutate(
      { note },
      // What was typed while it was on its way is still unsaved.
      { onSuccess: () => setTyped(now => (now === note ? null : now)) },
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
        value={typed ?? customer.note}
        error={describe.isError ? explain(describe.error) : null}
        onChange={event => setTyped(event.target.value)}
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
