/** Snooze until any time to come. */
import { useState } from 'react'
import { useWords } from '@/shared/i18n/words'
import { now } from '@/shared/lib/now'
import { Button } from '@/shared/ui/button'
import { Dialog } from '@/shared/ui/dialog'
import { TextField } from '@/shared/ui/field'
import { fromField, toField } from './snooze'

export function SnoozeDialog({
  onClose,
  onChoose,
}: {
  onClose: () => void
  onChoose: (until: string) => void
}) {
  const t = useWords('ticket.snoozeFor')
  const ui = useWords('ui')
  const [text, setText] = useState(() => toField(new Date(now() + 24 * 3_600_000)))
  const [refused, setRefused] = useState(false)
  const set = () => {
    const at = fromField(text, new Date(now()))
    setRefused(at === null)
    if (!at) return
    onChoose(at.toISOString())
    onClose()
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('title')}
      width="small"
      foot={
        <>
          <Button onClick={onClose}>{ui('cancel')}</Button>
          <Button kind="primary" onClick={set}>
            {t('set')}
          </Button>
        </>
      }
    >
      <form
        onSubmit={event => {
          event.preventDefault()
          set()
        }}
      >
        <TextField
          type="datetime-local"
          label={t('at')}
          value={text}
          error={refused ? t('past') : null}
          onChange={event => setText(event.target.value)}
        />
      </form>
    </Dialog>
  )
}
