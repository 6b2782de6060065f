/** How the colleague signs in: shown once, to be passed on. */
import { useWords } from '@/shared/i18n/words'
import { Button } from '@/shared/ui/button'
import { CopyButton } from '@/shared/ui/copy-button'
import { Dialog } from '@/shared/ui/dialog'

export interface Told {
  name: string
  email: string
  password: string
}

export function TellDialog({ told, onClose }: { told: Told; onClose: () => void }) {
  const t = useWords('people.tell')
  const text = `${location.origin}\n${told.email}\n${told.password}`
  return (
    <Dialog
      open
      alert
      onClose={onClose}
      title={t('title', { name: told.name })}
      foot={
        <>
          <CopyButton text={text} words={{ copy: t('copy'), copied: t('copied') }} />
          <Button kind="primary" onClick={onClose}>
            {t('done')}
          </Button>
        </>
      }
    >
      <p className="part-words">{t('words', { name: told.name })}</p>
      <dl className="tell">
        <dt>{t('address')}</dt>
        <dd>{location.origin}</dd>
        <dt>{t('email')}</dt>
        <dd>{told.email}</dd>
        <dt>{t('password')}</dt>
        <dd className="secret">{told.password}</dd>
      </dl>
    </Dialog>
  )
}
