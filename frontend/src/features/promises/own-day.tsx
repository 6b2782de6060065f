/** A day off of our own. */
import { type KeyboardEvent, useState } from 'react'
import { useWords } from '@/shared/i18n/words'
import { Button } from '@/shared/ui/button'
import { TextField } from '@/shared/ui/field'

export function OwnDay({ onAdd }: { onAdd: (day: string, name: string) => void }) {
  const t = useWords('promises.calendar')
  const [day, setDay] = useState('')
  const [name, setName] = useState('')
  const complete = /^\d{4}-\d\d-\d\d$/.test(day) && name.trim() !== ''
  const add = () => {
    if (!complete) return
    onAdd(day, name.trim())
    setDay('')
    setName('')
  }
  // Enter adds the day instead of saving the whole calendar.
  const enter = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return
    event.preventDefault()
    add()
  }
  return (
    <fieldset className="several" onKeyDown={enter}>
      <legend className="field-label">{t('ownDay')}</legend>
      <div className="own-line">
        <TextField
          type="date"
          label={t('day')}
          min="1970-01-01"
          max="2100-12-31"
          value={day}
          onChange={event => setDay(event.target.value)}
        />
        <TextField
          label={t('dayName')}
          maxLength={80}
          value={name}
          onChange={event => setName(event.target.value)}
        />
        <Button disabled={!complete} onClick={add}>
          {t('dayAdd')}
        </Button>
      </div>
    </fieldset>
  )
}
