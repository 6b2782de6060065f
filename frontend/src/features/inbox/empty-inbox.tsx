/** What stands in the place of a list that has no rows, and why. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Inbox, SearchX } from 'lucide-react'
import { accountsQuery } from '@/domain/desk'
import type { InboxSearch, InboxViewName } from '@/domain/inbox-address'
import { useWords } from '@/shared/i18n/words'
import { Empty } from '@/shared/ui/empty'

export function EmptyInbox({ view, search }: { view: InboxViewName; search: InboxSearch }) {
  const t = useWords('inbox')
  const { data: accounts } = useQuery(accountsQuery)
  if (accounts?.length === 0)
    return (
      <Empty
        icon={<Inbox />}
        title={t('empty.noAccount.title')}
        deed={
          <Link to="/accounts" className="button primary medium">
            {t('empty.noAccount.deed')}
          </Link>
        }
      >
        {t('empty.noAccount.words')}
      </Empty>
    )
  const { q, order: _order, ...filter } = search
  const why = q !== undefined ? 'search' : Object.keys(filter).length > 0 ? 'filter' : view
  return (
    <Empty icon={why === 'search' ? <SearchX /> : <Inbox />} title={t(`empty.${why}.title`)}>
      {t(`empty.${why}.words`)}
    </Empty>
  )
}
