/** The first visit: makes the first lead and brand, then goes on to connecting an account. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Navigate, useNavigate } from '@tanstack/react-router'
import { sessionQuery } from '@/domain/session'
import { answer, api } from '@/shared/api/client'
import { useWords } from '@/shared/i18n/words'
import { LanguageSwitch } from '@/shared/ui/language-switch'
import { SetupForm } from './setup-form'
import '@/shared/ui/form.css'
import './setup-page.css'

export function SetupPage() {
  const t = useWords('setup')
  const client = useQueryClient()
  const navigate = useNavigate()
  const { data: setup } = useQuery({
    queryKey: ['setup'],
    queryFn: () => answer(api.GET('/api/v1/setup')),
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (setup && !setup.needed) return <Navigate to="/sign-in" />
  return (
    <main className="page-centred">
      <div className="setup">
        <img src="/mark.svg" alt="" width="40" height="40" />
        <h1>{t('title')}</h1>
        <p>{t('words')}</p>
        <SetupForm
          onDone={session => {
            client.clear()
            client.setQueryData(sessionQuery.queryKey, session)
            void navigate({ to: '/accounts', search: { connect: '' } })
          }}
        />
        <LanguageSwitch />
      </div>
    </main>
  )
}
