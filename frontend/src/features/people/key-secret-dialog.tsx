/** A new key, shown once, to be put where the other system keeps its secrets. */
import { useState } from 'react'
import type { MadeKeyView } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { Button } from '@/shared/ui/button'
import { Dialog } from '@/shared/ui/dialog'

export function KeySecretDialog({ made, onClose }: { made: MadeKeyView; onClose: () => void }) {
  const t = useWords('people.keys')
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(made.secret ?? '')
    setCopied(true)
  }
  return (
    <Dialog
      open
      alert
      onClose={onClose}
      title={t('shown', { name: made.key.name })}
      foot={
        <>
          {/* Without https the browser offers no clipboard; the text can be selected. */}
          {'clipboard' in navigator && (
            <Button onClick={() => void copy()}>{copied ? t('copied') : t('copy')}</Button>
          )}
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
