/** The door: signs in, takes the agent's language, and goes back to where they were. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Navigate, useRouter, useSearch } from '@tanstack/react-router'
import { sessionQuery } from '@/domain/session'
import { answer, api } from '@/shared/api/client'
import { useWords } from '@/shared/i18n/words'
import { getSetting, setSetting } from '@/shared/lib/setting'
import { LanguageSwitch } from '@/shared/ui/language-switch'
import { dismissToasts } from '@/shared/ui/toast'
import { SignInForm } from './sign-in-form'
import '@/shared/ui/form.css'
import './sign-in-page.css'

export function SignInPage() {
  const t = useWords('signIn')
  const client = useQueryClient()
  const router = useRouter()
  const { back } = useSearch({ from: '/sign-in' })
  const { data: setup } = useQuery({
    queryKey: ['setup'],
    queryFn: () => answer(api.GET('/api/v1/setup')),
  })
  if (setup?.needed) return <Navigate to="/setup" />
  return (
    <main className="page-centred">
      <div className="entrance">
        <img src="/mark.svg" alt="" width="40" height="40" />
        <h1>{t('title')}</h1>
        <p>{t('welcome')}</p>
        <SignInForm
          onSignedIn={session => {
            const { locale } = session.me
            if (
              getSetting('language', ['auto', 'en', 'fr']) === 'auto' &&
              (locale === 'en' || locale === 'fr')
            )
              setSetting('language', locale)
            // What somebody else saw here before is forgotten.
            client.clear()
            dismissToasts()
            client.setQueryData(sessionQuery.queryKey, session)
            router.history.push(back ?? '/')
          }}
        />
        <LanguageSwitch />
      </div>
    </main>
  )
}
