/** The parts of a text that is too long for one post, as they will go out, each with its count. */
import { ListOrdered } from 'lucide-react'
import { useWords } from '@/shared/i18n/words'
import { Button } from '@/shared/ui/button'
import type { Part } from './composed'

export function ComposerParts({
  parts,
  open,
  onOpen,
}: {
  parts: readonly Part[]
  open: boolean
  onOpen: (open: boolean) => void
}) {
  const t = useWords('composer')
  return (
    // Those who cannot point must be able to scroll it, too.
    <section
      className="composer-parts"
      aria-label={t('parts', { count: parts.length })}
      tabIndex={open ? 0 : undefined}
    >
      <Button size="small" icon={<ListOrdered />} aria-expanded={open} onClick={() => onOpen(!open)}>
        {open ? t('dontSplit') : t('split', { count: parts.length })}
      </Button>
      {open && (
        <ol>
          {parts.map((part, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a part is its place
            <li key={i}>
              <span dir="auto">{part.text}</span>
              <small>{t('partUsed', { used: String(part.used), most: String(part.most) })}</small>
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}
