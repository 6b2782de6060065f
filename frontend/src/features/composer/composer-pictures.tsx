/** Pictures to go out, each with a description that asks to be filled. */
import { useMutation } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { useState } from 'react'
import { answer, api } from '@/shared/api/client'
import { useExplain } from '@/shared/api/explain'
import type { LimitsView, PictureView } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { IconButton } from '@/shared/ui/button'
import { TextArea } from '@/shared/ui/field'
import { toast } from '@/shared/ui/toast'

function Described({
  picture,
  limits,
  onChange,
  onRemove,
}: {
  picture: PictureView
  limits: LimitsView
  onChange: (picture: PictureView) => void
  onRemove: () => void
}) {
  const t = useWords('composer')
  const explain = useExplain()
  const [alt, setAlt] = useState(picture.alt)
  const describe = useMutation({
    mutationFn: () =>
      answer(
        api.PATCH('/api/v1/pictures/{picture_id}', {
          params: { path: { picture_id: picture.id } },
          body: { alt },
        }),
      ),
    onSuccess: onChange,
    onError: error => toast(explain(error), { kind: 'late' }),
  })
  return (
    <li className="composer-picture">
      <img src={`/api/v1/pictures/${picture.id}/file`} alt={alt} />
      <TextArea
        label={t('alt')}
        rows={2}
        maxLength={limits.max_alt}
        value={alt}
        hint={
          alt.trim() === ''
            ? t('altMissing')
            : t('altHint', { left: String(limits.max_alt - [...alt].length) })
        }
        onChange={event => setAlt(event.target.value)}
        onBlur={() => {
          if (alt !== picture.alt) describe.mutate()
        }}
      />
      <IconButton
        label={t('removePicture', { name: picture.filename })}
        size="small"
        icon={<X />}
        onClick={onRemove}
      />
    </li>
  )
}

export function ComposerPictures({
  pictures,
  limits,
  uploading,
  onChange,
}: {
  pictures: readonly PictureView[]
  limits: LimitsView
  uploading: readonly string[]
  onChange: (pictures: PictureView[]) => void
}) {
  const t = useWords('composer')
  const explain = useExplain()
  const remove = useMutation({
    mutationFn: (id: string) =>
      answer(api.DELETE('/api/v1/pictures/{picture_id}', { params: { path: { picture_id: id } } })),
    onError: error => toast(explain(error), { kind: 'late' }),
  })
  if (pictures.length === 0 && uploading.length === 0) return null
  return (
    <ul className="composer-pictures">
      {pictures.map(picture => (
        <Described
          key={picture.id}
          picture={picture}
          limits={limits}
          onChange={next => onChange(pictures.map(one => (one.id === next.id ? next : one)))}
          onRemove={() => {
            onChange(pictures.filter(one => one.id !== picture.id))
            remove.mutate(picture.id)
          }}
        />
      ))}
      {uploading.map(name => (
        <li key={name} className="composer-picture" role="status">
          {t('uploading', { name })}
        </li>
      ))}
    </ul>
  )
}
