/** Takes files in: refused at once when the server would refuse them, uploaded before the reply goes out. */
import { useState } from 'react'
import { answer, api } from '@/shared/api/client'
import { useExplain } from '@/shared/api/explain'
import type { LimitsView } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { toast } from '@/shared/ui/toast'
import { refusesPicture } from './composed'
import { getWritten, type Written } from './written'

export function usePictures(
  ticketId: string,
  limits: LimitsView | undefined,
  change: (next: Partial<Written>) => void,
) {
  const t = useWords('composer')
  const explain = useExplain()
  const [uploading, setUploading] = useState<readonly string[]>([])

  const upload = async (file: File) => {
    setUploading(names => [...names, file.name])
    try {
      const picture = await answer(
        api.POST('/api/v1/tickets/{ticket_id}/pictures', {
          params: { path: { ticket_id: ticketId } },
          // The generated type of a file is a string; the serializer below makes the form.
          body: { file: file as unknown as string, alt: '' },
          bodySerializer: () => {
            const form = new FormData()
            form.append('file', file, file.name)
            form.append('alt', '')
            return form
          },
        }),
      )
      change({ pictures: [...(getWritten(ticketId)?.pictures ?? []), picture] })
    } catch (error) {
      toast(explain(error), { kind: 'late' })
    } finally {
      setUploading(names => names.filter(name => name !== file.name))
    }
  }
  const add = async (files: readonly File[]) => {
    for (const file of files) {
      if (!limits) return
      const refusal = refusesPicture(file, getWritten(ticketId)?.pictures ?? [], limits)
      if (refusal === 'many') toast(t('tooManyPictures', { count: limits.max_media }), { kind: 'late' })
      else if (refusal === 'size')
        toast(
          t('pictureTooBig', {
            name: file.name,
            size: String(Math.round(limits.max_media_bytes / 1_000_000)),
          }),
          {
            kind: 'late',
          },
        )
      else if (refusal === 'type') toast(t('pictureWrongType', { name: file.name }), { kind: 'late' })
      // One after the other, so that the number attached is known before the next.
      else await upload(file)
      if (refusal === 'many') return
    }
  }
  return { uploading, add }
}
