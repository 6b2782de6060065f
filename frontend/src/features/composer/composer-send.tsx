/** Send, and beside it the other ways to send; what cannot be done says why in its place. */
import { CheckCircle2, ChevronUp, Clock, Send } from 'lucide-react'
import { useWords } from '@/shared/i18n/words'
import { KEYS } from '@/shared/lib/key-map'
import { Button } from '@/shared/ui/button'
import { MenuButton } from '@/shared/ui/menu'
import type { Then } from './use-send'
import type { WritingLane } from './written'

export function ComposerSend({
  lane,
  forbidden,
  disabled,
  busy,
  parts,
  onSend,
}: {
  lane: WritingLane
  /** Why nothing can be sent in this lane. */
  forbidden: string | null
  disabled: boolean
  busy: boolean
  /** In how many parts it goes out; null for one whole. */
  parts: number | null
  onSend: (then?: Then) => void
}) {
  const t = useWords('composer')
  if (forbidden !== null)
    return (
      <p className="composer-forbidden" role="status">
        {forbidden}
      </p>
    )
  if (lane === 'note')
    return (
      <Button
        kind="primary"
        size="small"
        className="composer-go"
        combo={KEYS.send}
        data-tip={t('sendNote')}
        busy={busy}
        disabled={disabled}
        onClick={() => onSend()}
      >
        {t('sendNote')}
      </Button>
    )
  const words = parts === null ? t('send') : t('sendParts', { count: parts })
  return (
    <span className="composer-sends">
      <Button
        kind="primary"
        size="small"
        className="composer-go"
        icon={<Send />}
        combo={KEYS.send}
        data-tip={words}
        busy={busy}
        disabled={disabled}
        onClick={() => onSend()}
      >
        {words}
      </Button>
      <MenuButton
        label={t('sendMore')}
        sections={[
          {
            entries: [
              { id: 'resolve', label: t('sendResolve'), icon: <CheckCircle2 />, combo: KEYS.sendResolve },
              { id: 'wait', label: t('sendWait'), icon: <Clock /> },
            ],
          },
        ]}
        onChoose={id => onSend(id === 'resolve' ? 'resolve' : 'wait')}
        button={{
          kind: 'primary',
          size: 'small',
          className: 'composer-more icon-button',
          icon: <ChevronUp />,
          'aria-label': t('sendMore'),
          'data-tip': t('sendMore'),
          disabled,
        }}
      />
    </span>
  )
}
