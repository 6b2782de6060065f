/** The console's language, before anybody is signed in; each by its own name. */
import { useLanguage, useWords } from '@/shared/i18n/words'
import { Button } from './button'

const NAMES = { en: 'English', fr: 'Français' } as const

export function LanguageSwitch() {
  const t = useWords('ui')
  const [language, setLanguage] = useLanguage()
  return (
    <fieldset className="language-switch" aria-label={t('language')}>
      {(['en', 'fr'] as const).map(one => (
        <Button
          key={one}
          kind="quiet"
          size="small"
          lang={one}
          aria-pressed={one === language}
          onClick={() => setLanguage(one)}
        >
          {NAMES[one]}
        </Button>
      ))}
    </fieldset>
  )
}
