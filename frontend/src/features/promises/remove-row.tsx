/** Asks before a policy or calendar is deleted, and deletes it as it was seen. */
import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query'
import { dropRow } from '@/shared/api/put-row'
import { useWords } from '@/shared/i18n/words'
import { Confirm } from '@/shared/ui/confirm'

export function RemoveRow({
  what,
  row,
  rows,
  send,
  onClose,
  onRemoved,
}: {
  what: 'policy' | 'calendar'
  row: { id: string; name: string }
  rows: QueryKey
  send: () => Promise<unknown>
  onClose: () => void
  onRemoved: () => void
}) {
  const t = useWords('promises')
  const client = useQueryClient()
  const remove = useMutation({
    mutationFn: send,
    onSuccess: () => {
      dropRow(client, rows, row.id)
      onRemoved()
    },
  })
  return (
    <Confirm
      title={t(`${what}.removeTitle`, { name: row.name })}
      deed={t(`${what}.removeGo`)}
      onDo={() => remove.mutate()}
      onClose={onClose}
      busy={remove.isPending}
      error={remove.error}
    >
      {t(`${what}.removeWords`)}
    </Confirm>
  )
}
