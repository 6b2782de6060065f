/** The form of one policy or calendar: what it was filled from, what it says now, and how it is saved. */
import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { putRow } from '@/shared/api/put-row'
import { useWords } from '@/shared/i18n/words'
import { toast } from '@/shared/ui/toast'

/** What the server answers; lists keep all of it. */
export interface Row {
  id: string
  revision: number
}

export function useEditor<R extends Row, D extends object>(
  present: R | null,
  beginning: D,
  rows: QueryKey,
  send: (draft: D, row: R | null) => Promise<Row>,
  onSaved: () => void,
) {
  const t = useWords('promises')
  const client = useQueryClient()
  // The page hears of a colleague's change; the form was filled before it, and says so when it is saved.
  const [{ row, begin }] = useState({ row: present, begin: beginning })
  const [draft, setDraft] = useState(begin)
  const save = useMutation({
    mutationFn: () => send(draft, row),
    onSuccess: saved => {
      putRow(client, rows, saved)
      toast(t('saved'), { kind: 'kept' })
      onSaved()
    },
  })
  return {
    row,
    draft,
    setDraft,
    change: (some: Partial<D>) => setDraft(before => ({ ...before, ...some })),
    changed: row === null || JSON.stringify(draft) !== JSON.stringify(begin),
    save,
  }
}
