/** How the way to the network and back went. */
import { useAccount } from '@/domain/desk'
import { useExplain } from '@/shared/api/explain'
import { Problem } from '@/shared/api/problem'
import { useWords } from '@/shared/i18n/words'
import { Button } from '@/shared/ui/button'
import { Notice } from '@/shared/ui/notice'

export function Returned({
  connected,
  problem,
  onPutAway,
  onAgain,
}: {
  connected: string | undefined
  problem: string | undefined
  onPutAway: () => void
  onAgain: () => void
}) {
  const t = useWords('accounts')
  const explain = useExplain()
  const account = useAccount(connected)
  const putAway = (
    <Button size="small" kind="quiet" onClick={onPutAway}>
      {t('putAway')}
    </Button>
  )
  if (connected !== undefined)
    return (
      <Notice kind="kept" deed={putAway}>
        {account ? t('connected', { handle: `@${account.handle}` }) : t('connectedUnknown')}
      </Notice>
    )
  if (problem === undefined) return null
  const known = `returned.${problem}` as 'returned.other'
  const said = explain(new Problem('', { code: problem, status: 400 }))
  const unknown = explain(new Problem('', { code: '', status: 400 }))
  return (
    <Notice
      kind="late"
      deed={
        <>
          <Button size="small" onClick={onAgain}>
            {t('again')}
          </Button>
          {putAway}
        </>
      }
    >
      {t.has(known) ? t(known) : said === unknown ? t('returned.other') : said}
    </Notice>
  )
}
