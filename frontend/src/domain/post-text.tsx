/** A post's words: the server's segments become elements; no HTML is ever trusted, no other scheme than http(s) is followed. */
import { Fragment, type ReactNode } from 'react'
import type { SegmentView } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import './post-text.css'

/** Only these become links or pictures. */
export function safeAddress(href: string | null): string | null {
  if (href === null) return null
  try {
    const url = new URL(href)
    return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null
  } catch {
    return null
  }
}

/** Paragraphs of segments; a `paragraph` segment ends one, and no paragraph is empty. */
export function paragraphs(segments: readonly SegmentView[]): SegmentView[][] {
  const all: SegmentView[][] = [[]]
  for (const segment of segments) {
    if (segment.kind === 'paragraph') all.push([])
    else all.at(-1)?.push(segment)
  }
  return all.filter(one => one.length > 0)
}

function Segment({ segment }: { segment: SegmentView }): ReactNode {
  const t = useWords('desk')
  const { kind, text } = segment
  const href = safeAddress(segment.href ?? null)
  switch (kind) {
    case 'break':
      return <br />
    case 'paragraph':
      return null
    case 'text':
      return text
    case 'code':
      return <code>{text}</code>
    case 'quote':
      return <q className="post-quote">{text}</q>
    case 'emoji':
      return href === null ? (
        text
      ) : (
        <img
          className="post-emoji"
          src={href}
          alt={text}
          title={text}
          aria-label={t('emoji', { name: text.replaceAll(':', '') })}
          loading="lazy"
          referrerPolicy="no-referrer"
        />
      )
    case 'link':
    case 'mention':
    case 'tag':
      return href === null ? (
        <bdi className={`post-${kind}`}>{text}</bdi>
      ) : (
        <a className={`post-${kind}`} href={href} target="_blank" rel="noopener noreferrer nofollow">
          <bdi>{text}</bdi>
          {/* Neither it nor a handle may decide in which direction the post runs. */}
          <bdi className="visually-hidden"> {t('newTab')}</bdi>
        </a>
      )
  }
}

export function PostText({
  segments,
  language,
}: {
  segments: readonly SegmentView[]
  language?: string | null
}) {
  return (
    <div className="post-text" {...(language ? { lang: language } : {})}>
      {paragraphs(segments).map((one, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a post's paragraphs never change their order
        <p key={i} dir="auto">
          {one.map((segment, j) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: nor do its segments
            <Fragment key={j}>
              <Segment segment={segment} />
            </Fragment>
          ))}
        </p>
      ))}
    </div>
  )
}
