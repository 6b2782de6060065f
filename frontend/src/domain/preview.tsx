/** A ticket's newest words in one line: a content warning instead of what stands behind it, what is attached where there are no words. */
import { EyeOff, File, Film, Image, Volume2 } from 'lucide-react'
import { useLocale, useWords } from '@/shared/i18n/words'
import './preview.css'

/** What the server puts before them; people write these signs in colour, without the selector of plain text. */
const SIGNS = {
  '\u26a0\ufe0e': 'warning',
  '\u{1f5bc}\ufe0e': 'image',
  '\u{1f39e}\ufe0e': 'video',
  '\u{1f50a}\ufe0e': 'audio',
  '\u{1f4ce}\ufe0e': 'other',
} as const

type Sign = (typeof SIGNS)[keyof typeof SIGNS]

const ICONS = { warning: EyeOff, image: Image, video: Film, audio: Volume2, other: File } as const

/** The words without the handles they begin with: everybody here knows who is meant. */
function withoutAddress(words: string): string {
  return words.replace(/^(?:@[\p{L}\p{N}_.@-]+[\s,:]+)+/u, '') || words
}

/** What a card's preview says: words, and what kind of words they are if not the post's own. */
export function readPreview(preview: string): { sign: Sign | null; words: string } {
  for (const [mark, sign] of Object.entries(SIGNS))
    if (preview.startsWith(mark)) return { sign, words: preview.slice(mark.length).trim() }
  return { sign: null, words: withoutAddress(preview) }
}

export function Preview({ children }: { children: string }) {
  const t = useWords('desk.preview')
  const locale = useLocale()
  const { sign, words } = readPreview(children)
  if (sign === null) return words
  const Icon = ICONS[sign]
  return (
    <>
      <bdi className="preview-sign" lang={locale}>
        <Icon aria-hidden="true" />
        {t(sign)}
      </bdi>
      {words && <> {words}</>}
    </>
  )
}
