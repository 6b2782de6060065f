/** A face: the picture when there is one and it can be loaded, else initials. */
import { type ReactNode, useState } from 'react'
import { classes } from '@/shared/lib/classes'
import './avatar.css'

/** One or two letters that stand for a name, in any script. */
export function initials(name: string): string {
  const words = name.split(/[\s._-]+/u).filter(word => /[\p{L}\p{N}]/u.test(word))
  const letters = words.map(word => /[\p{L}\p{N}]/u.exec(word)?.[0] ?? '')
  const [first = '', last = ''] = [letters[0], letters.length > 1 ? letters.at(-1) : '']
  return (first + last).toUpperCase() || '·'
}

/** The same name has the same hue everywhere. */
function hue(name: string): number {
  let sum = 0
  for (const sign of name) sum = (sum * 31 + (sign.codePointAt(0) ?? 0)) % 360
  return sum
}

export interface AvatarProps {
  name: string
  url?: string | null
  /** Edge in pixels. */
  size?: 16 | 20 | 24 | 32 | 40 | 56
  square?: boolean
  /** Drawn over the lower corner: the network's mark. */
  corner?: ReactNode
}

/** Decoration only: the name always stands beside it in words. */
export function Avatar({ name, url, size = 32, square = false, corner }: AvatarProps) {
  const [brokenUrl, setBrokenUrl] = useState<string | null>(null)
  const picture = url && url !== brokenUrl
  return (
    <span
      className={classes('avatar', square && 'square', !picture && 'letters', `size-${size}`)}
      style={{ '--hue': hue(name) } as React.CSSProperties}
      aria-hidden="true"
    >
      {picture ? (
        <img
          // Another one's picture is never shown while this one's is on its way.
          key={url}
          src={url}
          alt=""
          width={size}
          height={size}
          loading="lazy"
          decoding="async"
          referrerPolicy="no-referrer"
          onError={() => setBrokenUrl(url)}
        />
      ) : (
        initials(name)
      )}
      {corner}
    </span>
  )
}
