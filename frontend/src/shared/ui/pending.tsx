/** Stands where something unknown will be: quiet bars, and a word for screen readers. */
import { useWords } from '@/shared/i18n/words'
import './pending.css'

export function Pending({ rows = 3 }: { rows?: number }) {
  const t = useWords('ui')
  return (
    <div className="pending" role="status">
      <span className="visually-hidden">{t('loading')}</span>
      {Array.from({ length: rows }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: bars are all alike
        <div key={i} className="pending-row" aria-hidden="true">
          <span />
          <span />
        </div>
      ))}
    </div>
  )
}
