/** The name by which the desk knows a customer. */
import { type FormEvent, useId, useState } from 'react'
import { useFaults } from '@/shared/api/faults'
import type { CustomerView } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { Dialog } from '@/shared/ui/dialog'
import { TextField } from '@/shared/ui/field'
import { FormFoot } from '@/shared/ui/form-foot'
import { Notice } from '@/shared/ui/notice'
import { useDescribe } from './describe'
import '@/shared/ui/form.css'

export function RenameDialog({ customer, onClose }: { customer: CustomerView; onClose: () => void }) {
  const t = useWords('customer')
  const ui = useWords('ui')
  const id = useId()
  const [name, setName] = useState(customer.name)
  const describe = useDescribe(customer)
  const faults = useFaults(describe.error, ['name'])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!describe.isPending) describe.mutate({ name }, { onSuccess: onClose })
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('rename')}
      width="small"
      foot={
        <FormFoot onCancel={onClose} form={id} busy={describe.isPending}>
          {ui('save')}
        </FormFoot>
      }
    >
      <form id={id} className="form" onSubmit={submit}>
        <TextField
          label={t('name')}
          required
          autoFocus
          dir="auto"
          maxLength={200}
          value={name}
          error={faults.at('name')}
          onChange={event => setName(event.target.value)}
        />
        {faults.rest && <Notice kind="late">{faults.rest}</Notice>}
      </form>
    </Dialog>
  )
}
