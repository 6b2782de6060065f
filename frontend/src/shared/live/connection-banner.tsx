/** Says so when the line is away, after two seconds: a blink is not worth a word. */
import { Link } from '@tanstack/react-router'
import { PlugZap } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useWords } from '@/shared/i18n/words'
import { Button } from '@/shared/ui/button'
import { hurryLine, useLineState } from './use-live'
import './connection-banner.css'

const PATIENCE_MS = 2000

export function ConnectionBanner() {
  const state = useLineState()
  const t = useWords('shell.banner')
  const troubled = state === 'away' || state === 'connecting' || state === 'catching up'
  const [late, setLate] = useState(false)
  useEffect(() => {
    if (!troubled) {
      setLate(false)
      return
    }
    const timer = setTimeout(() => setLate(true), PATIENCE_MS)
    return () => clearTimeout(timer)
  }, [troubled])

  const signedOut = state === 'signed out'
  return (
    <div role="status" className="connection">
      {(signedOut || (troubled && late)) && (
        <div className="connection-banner">
          <PlugZap aria-hidden="true" />
          <p>{signedOut ? t('signedOut') : state === 'catching up' ? t('catchingUp') : t('away')}</p>
          {signedOut ? (
            <Link
              to="/sign-in"
              search={{ back: location.pathname + location.search }}
              className="button plain small"
            >
              {t('signIn')}
            </Link>
          ) : (
            state !== 'catching up' && (
              <Button size="small" onClick={hurryLine}>
                {t('retry')}
              </Button>
            )
          )}
        </div>
      )}
    </div>
  )
}
