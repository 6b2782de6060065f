/** There is nothing at this address. */
import { Link } from '@tanstack/react-router'
import { useWords } from '@/shared/i18n/words'
import { Empty } from '@/shared/ui/empty'

export function NotFound() {
  const t = useWords('shell.notFound')
  return (
    <main className="page-centred">
      <Empty
        title={t('title')}
        deed={
          <Link to="/inbox/$view" params={{ view: 'all_open' }} className="button primary medium">
            {t('home')}
          </Link>
        }
      >
        {t('words')}
      </Empty>
    </main>
  )
}
