/** Policies and calendars, or the one of them that is being edited. */
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMe } from '@/domain/session'
import { useWords } from '@/shared/i18n/words'
import { Notice } from '@/shared/ui/notice'
import { Tabs } from '@/shared/ui/tabs'
import { CalendarList } from './calendar-list'
import { CalendarPage } from './calendar-page'
import { PolicyList } from './policy-list'
import { PolicyPage } from './policy-page'
import '@/shared/ui/form.css'
import './promises.css'

const TABS = ['policies', 'calendars'] as const

export function PromisesPage() {
  const t = useWords('promises')
  const lead = useMe().role === 'lead'
  const { tab, policy, calendar } = useSearch({ from: '/inside/promises' })
  const navigate = useNavigate()
  const chosen = TABS.find(one => one === tab) ?? 'policies'
  const toTab = (id: (typeof TABS)[number]) => navigate({ to: '/promises', search: { tab: id } })
  if (policy !== undefined)
    return <PolicyPage key={policy} id={policy} onBack={() => void toTab('policies')} />
  if (calendar !== undefined)
    return <CalendarPage key={calendar} id={calendar} onBack={() => void toTab('calendars')} />
  return (
    <div className="page">
      <div className="page-inner">
        <header className="page-head">
          <h1>{t('title')}</h1>
        </header>
        <p className="part-words page-words">{t('words')}</p>
        {!lead && <Notice>{t('readOnly')}</Notice>}
        <Tabs
          label={t('tabs')}
          className="page-tabs"
          tabs={TABS.map(id => ({ id, label: t(`tab.${id}`) }))}
          chosen={chosen}
          onChoose={id => void toTab(id)}
        >
          {chosen === 'policies' ? (
            <PolicyList onOpen={id => void navigate({ to: '/promises', search: { policy: id } })} />
          ) : (
            <CalendarList onOpen={id => void navigate({ to: '/promises', search: { calendar: id } })} />
          )}
        </Tabs>
      </div>
    </div>
  )
}
