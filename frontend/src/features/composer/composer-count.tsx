/** What is left by this network's own counting: a ring that turns amber at the last 20 and shows what is over. */
import { useWords } from '@/shared/i18n/words'
import type { Count } from './composed'

const ROUND = 2 * Math.PI * 8

export function ComposerCount({ count }: { count: Count }) {
  const t = useWords('composer')
  const share = Math.min(1, count.used / count.most)
  const words = count.left < 0 ? t('over', { count: -count.left }) : t('left', { count: count.left })
  return (
    <span className={`composer-count ${count.mood}`} data-tip={words}>
      {count.mood !== 'quiet' && (
        <span className="composer-left" aria-hidden="true">
          {count.left}
        </span>
      )}
      <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
        <circle cx="10" cy="10" r="8" className="ring-track" />
        <circle
          cx="10"
          cy="10"
          r="8"
          className="ring"
          strokeDasharray={`${share * ROUND} ${ROUND}`}
          transform="rotate(-90 10 10)"
        />
      </svg>
      {/* Said when it matters, not at every key. */}
      <span className="visually-hidden" role="status">
        {count.mood === 'quiet' ? '' : words}
      </span>
    </span>
  )
}
