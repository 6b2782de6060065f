/** A post's pictures, films and sounds; the description can be read, not only heard. */
import { FileQuestion, Film, ImageOff, Music } from 'lucide-react'
import { useState } from 'react'
import { safeAddress } from '@/domain/post-text'
import type { MediaView } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import './thread-media.css'

function Picture({ media }: { media: MediaView }) {
  const t = useWords('ticket.post')
  const [broken, setBroken] = useState(false)
  const preview = safeAddress(media.preview_url) ?? safeAddress(media.url)
  const full = safeAddress(media.url) ?? preview
  if (preview === null || broken)
    return (
      <span className="media-missing">
        <ImageOff aria-hidden="true" />
      </span>
    )
  return (
    <a
      href={full ?? preview}
      target="_blank"
      rel="noopener noreferrer"
      className="media-picture"
      aria-label={media.alt ?? t('noAlt')}
    >
      <img
        src={preview}
        alt={media.alt ?? ''}
        loading="lazy"
        decoding="async"
        referrerPolicy="no-referrer"
        onError={() => setBroken(true)}
        {...(media.width && media.height
          ? { style: { aspectRatio: `${media.width} / ${media.height}` } }
          : {})}
      />
    </a>
  )
}

const SIGNS = { video: Film, audio: Music, other: FileQuestion } as const

/** Films and sounds would need the network's own player and host: a link leads there. */
function Elsewhere({ media }: { media: MediaView & { kind: keyof typeof SIGNS } }) {
  const t = useWords('ticket.post')
  const Sign = SIGNS[media.kind]
  const href = safeAddress(media.url)
  const word = t(media.kind)
  return href === null ? (
    <span className="media-link">
      <Sign aria-hidden="true" />
      {word}
    </span>
  ) : (
    <a className="media-link" href={href} target="_blank" rel="noopener noreferrer">
      <Sign aria-hidden="true" />
      {t('showMedia')}: {word}
    </a>
  )
}

export function ThreadMedia({ media }: { media: readonly MediaView[] }) {
  const t = useWords('ticket.post')
  return (
    <ul className="media">
      {media.map((one, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a post's media never change their order
        <li key={i}>
          {one.kind === 'image' ? <Picture media={one} /> : <Elsewhere media={{ ...one, kind: one.kind }} />}
          <details className="media-alt">
            <summary>{t('alt')}</summary>
            <p dir="auto">{one.alt || t('noAlt')}</p>
          </details>
        </li>
      ))}
    </ul>
  )
}
