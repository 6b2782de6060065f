/** Policies in order, with their targets; the metrics come from the server. */
import { useWords } from '@/shared/i18n/words'

export function PromisesPage() {
  const t = useWords('promises')
  return (
    <div className="page">
      <div className="page-inner">
        <header className="page-head">
          <h1>{t('title')}</h1>
        </header>
      </div>
    </div>
  )
}
