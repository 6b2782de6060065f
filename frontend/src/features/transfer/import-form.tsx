/** Chooses a file and the brand it goes into, and hands it over. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Upload } from 'lucide-react'
import { useId, useState } from 'react'
import { brandsQuery } from '@/domain/desk'
import { useExplain } from '@/shared/api/explain'
import { useWords } from '@/shared/i18n/words'
import { Button } from '@/shared/ui/button'
import { Select } from '@/shared/ui/field'
import { Notice } from '@/shared/ui/notice'
import { importFile, jobsKey } from './transfer-queries'

export function ImportForm() {
  const t = useWords('transfer')
  const explain = useExplain()
  const client = useQueryClient()
  const id = useId()
  const { data: brands } = useQuery(brandsQuery)
  const [brand, setBrand] = useState('')
  const [file, setFile] = useState<File | null>(null)
  const begin = useMutation({
    mutationFn: (chosen: File) => importFile(chosen, brand || null),
    onSettled: () => client.invalidateQueries({ queryKey: jobsKey }),
  })
  return (
    <form
      className="form"
      onSubmit={event => {
        event.preventDefault()
        if (file && !begin.isPending) begin.mutate(file)
      }}
    >
      <div className="field">
        <label htmlFor={id} className="field-label">
          {t('file')}
        </label>
        <input
          id={id}
          type="file"
          className="control"
          accept=".jsonl,.ndjson,.json,.gz"
          aria-describedby={`${id}-hint`}
          onChange={event => setFile(event.target.files?.[0] ?? null)}
        />
        <p id={`${id}-hint`} className="field-hint">
          {t('fileHint')}
        </p>
      </div>
      <Select
        label={t('into')}
        hint={t('intoHint')}
        options={[
          { value: '', label: t('asLinesSay') },
          ...(brands ?? []).map(one => ({ value: one.id, label: one.name })),
        ]}
        value={brand}
        onChange={setBrand}
      />
      {begin.error && <Notice kind="late">{explain(begin.error)}</Notice>}
      <div>
        <Button type="submit" kind="primary" icon={<Upload />} busy={begin.isPending} disabled={!file}>
          {begin.isPending ? t('uploading') : t('import')}
        </Button>
      </div>
    </form>
  )
}
