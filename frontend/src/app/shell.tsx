/** The frame: rail of places, connection banner, the page; and the keys that work everywhere. */
import { Link, Outlet, useNavigate } from '@tanstack/react-router'
import { Command } from 'lucide-react'
import { Suspense, useEffect, useState } from 'react'
import { NetworkWords } from '@/domain/network-words'
import { useMe } from '@/domain/session'
import { WebhooksBanner } from '@/features/webhooks/webhooks-banner'
import { useWords } from '@/shared/i18n/words'
import { classes } from '@/shared/lib/classes'
import { KEYS } from '@/shared/lib/key-map'
import { listenForKeys, useKeys } from '@/shared/lib/keys'
import { lazily } from '@/shared/lib/lazily'
import { getSetting, setSetting } from '@/shared/lib/setting'
import { ConnectionBanner } from '@/shared/live/connection-banner'
import { useLineState } from '@/shared/live/use-live'
import { IconButton } from '@/shared/ui/button'
import { BudgetBanner } from './budget-banner'
import { Live } from './live'
import { MeMenu } from './me-menu'
import { PLACES } from './places'
import './shell.css'

const Shortcuts = lazily(() => import('./shortcuts').then(one => ({ default: one.Shortcuts })))
const Palette = lazily(() => import('./palette').then(one => ({ default: one.Palette })))

const GO = {
  goInbox: 'all_open',
  goMine: 'mine',
  goUnassigned: 'unassigned',
  goLate: 'late',
  goWaiting: 'waiting',
  goSnoozed: 'snoozed',
  goResolved: 'resolved',
} as const

function LiveDot() {
  const state = useLineState()
  const t = useWords('shell.line')
  const word = {
    live: t('live'),
    connecting: t('connecting'),
    'catching up': t('catchingUp'),
    away: t('away'),
    'signed out': t('signedOut'),
    stopped: t('signedOut'),
  }[state]
  return (
    <span
      className={classes('live-dot', state.replace(' ', '-'))}
      data-tip={word}
      data-tip-side="right"
      role="img"
      aria-label={word}
    />
  )
}

export function Shell() {
  const t = useWords('shell')
  const me = useMe()
  const navigate = useNavigate()
  const [overlay, setOverlay] = useState<'help' | 'palette' | null>(null)

  useEffect(listenForKeys, [])
  // A browser that was never told a language speaks the one its agent chose elsewhere.
  useEffect(() => {
    if (getSetting('language', ['auto', 'en', 'fr']) === 'auto' && (me.locale === 'en' || me.locale === 'fr'))
      setSetting('language', me.locale)
  }, [me.locale])
  useKeys({
    ...Object.fromEntries(
      Object.entries(GO).map(([key, view]) => [
        KEYS[key as keyof typeof GO],
        () => navigate({ to: '/inbox/$view', params: { view } }),
      ]),
    ),
    [KEYS.goPromises]: () => navigate({ to: '/promises' }),
    [KEYS.goAccounts]: () => navigate({ to: '/accounts' }),
    [KEYS.goPeople]: () => navigate({ to: '/people' }),
    [KEYS.goWebhooks]: () => navigate({ to: '/webhooks' }),
    [KEYS.goTransfer]: () => navigate({ to: '/transfer' }),
    [KEYS.everything]: () => setOverlay('palette'),
    [KEYS.help]: () => setOverlay('help'),
  })

  return (
    <NetworkWords>
      <div className="shell">
        <Live />
        <a className="skip" href="#content">
          {t('skip')}
        </a>
        <nav className="rail" aria-label={t('places')}>
          <ul className="rail-places">
            {PLACES.filter(place => !place.lead || me.role === 'lead').map(
              ({ to, params, combo, word, Sign }) => (
                <li key={word}>
                  <Link
                    to={to}
                    {...(params && { params })}
                    activeOptions={{ includeSearch: false }}
                    className="rail-place"
                    data-tip={t(word)}
                    data-tip-key={combo}
                    data-tip-side="right"
                  >
                    <Sign aria-hidden="true" />
                    <span className="rail-word">{t(word)}</span>
                  </Link>
                </li>
              ),
            )}
          </ul>
          <div className="rail-foot">
            <IconButton
              label={t('search')}
              combo={KEYS.everything}
              data-tip-side="right"
              icon={<Command />}
              onClick={() => setOverlay('palette')}
            />
            <MeMenu onHelp={() => setOverlay('help')} />
            <LiveDot />
          </div>
        </nav>
        <div className="shell-main">
          <ConnectionBanner />
          <WebhooksBanner />
          <BudgetBanner />
          <main id="content" className="shell-page" tabIndex={-1}>
            <Outlet />
          </main>
        </div>
        {overlay && (
          <Suspense>
            {overlay === 'help' && <Shortcuts onClose={() => setOverlay(null)} />}
            {overlay === 'palette' && (
              <Palette onClose={() => setOverlay(null)} onHelp={() => setOverlay('help')} />
            )}
          </Suspense>
        )}
      </div>
    </NetworkWords>
  )
}
