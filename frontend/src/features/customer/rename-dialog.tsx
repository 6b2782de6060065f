/** The name by which the desk knows a customer. */
import { useState } from 'react'
import { useFaults } from '@/shared/api/faults'
import type { CustomerView } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { TextField } from '@/shared/ui/field'
import { FormDialog } from '@/shared/ui/form-dialog'
import { useDescribe } from './describe'

export function RenameDialog({ customer, onClose }: { customer: CustomerView; onClose: () => void }) {
  const t = useWords('customer')
  const ui = useWords('ui')
  const [name, setName] = useState(customer.name)
  const describe = useDescribe(customer)
  const faults = useFaults(describe.error, ['name'])
  return (
    <FormDialog
      onClose={onClose}
      title={t('rename')}
      width="small"
      deed={ui('save')}
      onSubmit={() => describe.mutate({ name }, { onSuccess: onClose })}
      busy={describe.isPending}
      problem={faults.rest}
    >
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
    </FormDialog>
  )
}
