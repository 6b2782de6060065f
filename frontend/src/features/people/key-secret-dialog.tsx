/** A new key, shown once, to be put where the other system keeps its secrets. */
import type { MadeKeyView } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { Button } from '@/shared/ui/button'
import { CopyButton } from '@/shared/ui/copy-button'
import { Dialog } from '@/shared/ui/dialog'

export function KeySecretDialog({ made, onClose }: { made: MadeKeyView; onClose: () => void }) {
  const t = useWords('people.keys')
  return (
    <Dialog
      open
      alert
      onClose={onClose}
      title={t('shown', { name: made.key.name })}
      foot={
        <>
          <CopyButton text={made.secret ?? ''} words={{ copy: t('copy'), copied: t('copied') }} />
          <Button kind="primary" onClick={onClose}>
            {t('done')}
          </Button>
        </>
      }
    >
      <p className="part-words">{t('shownWords')}</p>
      <dl className="tell">
        <dt>{t('secret')}</dt>
        <dd className="secret">{made.secret}</dd>
      </dl>
    </Dialog>
  )
}
