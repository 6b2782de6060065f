/** The views with their live counts. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type InboxSearch, VIEWS } from '@/domain/inbox-address'
import { useFormats, useWords } from '@/shared/i18n/words'
import { countsQuery } from './use-inbox'

/** Counted to 1,000; beyond that nobody needs to know. */
export function countWords(count: number | undefined, many: string, format: (n: number) => string): string {
  if (count === undefined || count === 0) return ''
  return count > 999 ? many : format(count)
}

export function InboxViews({ search }: { search: InboxSearch }) {
  const t = useWords('inbox')
  const format = useFormats()
  const { data: counts } = useQuery(countsQuery(search.brand))
  // Searching is for one view and one purpose; the other filters travel along.
  const { q: _q, ...kept } = search
  return (
    <nav aria-label={t('views')} className="inbox-views">
      {VIEWS.map(view => (
        <Link
          key={view}
          to="/inbox/$view"
          params={{ view }}
          search={kept}
          activeOptions={{ includeSearch: false }}
          className={`inbox-view ${view}`}
        >
          {t(`view.${view}`)}
          <span className="inbox-count">{countWords(counts?.[view], t('many'), n => format.number(n))}</span>
        </Link>
      ))}
    </nav>
  )
}
