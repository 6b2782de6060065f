/** Agents, teams, the keys of other systems, and what concerns only me. */
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMe } from '@/domain/session'
import { useWords } from '@/shared/i18n/words'
import { Tabs } from '@/shared/ui/tabs'
import { AgentsTab } from './agents-tab'
import { KeysTab } from './keys-tab'
import { MeTab } from './me-tab'
import { SignInsTab } from './sign-ins-tab'
import { TeamsTab } from './teams-tab'
import '@/shared/ui/form.css'
import './people.css'

const TABS = ['agents', 'teams', 'keys', 'me', 'signIns'] as const

export function PeoplePage() {
  const t = useWords('people')
  const { tab } = useSearch({ from: '/inside/people' })
  const navigate = useNavigate()
  const lead = useMe().role === 'lead'
  const tabs = TABS.filter(one => lead || one !== 'keys')
  const chosen = tabs.find(one => one === tab) ?? 'agents'
  return (
    <div className="page">
      <div className="page-inner">
        <header className="page-head">
          <h1>{t('title')}</h1>
        </header>
        <Tabs
          label={t('tabs')}
          className="page-tabs"
          tabs={tabs.map(id => ({ id, label: t(`tab.${id}`) }))}
          chosen={chosen}
          onChoose={id => void navigate({ to: '/people', search: { tab: id }, replace: true })}
        >
          {chosen === 'agents' && <AgentsTab />}
          {chosen === 'teams' && <TeamsTab />}
          {chosen === 'keys' && <KeysTab />}
          {chosen === 'me' && <MeTab />}
          {chosen === 'signIns' && <SignInsTab />}
        </Tabs>
      </div>
    </div>
  )
}
