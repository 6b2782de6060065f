/** The browsers that are signed in as me, and how to end one. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { When } from '@/domain/when'
import { answer, api } from '@/shared/api/client'
import { useExplain } from '@/shared/api/explain'
import { useWords } from '@/shared/i18n/words'
import { Button } from '@/shared/ui/button'
import { Notice } from '@/shared/ui/notice'
import { Pending } from '@/shared/ui/pending'
import { Table } from '@/shared/ui/table'
import { toast } from '@/shared/ui/toast'
import { browserName } from './browser-name'

const KEY = ['sign-ins'] as const

function useBrowserWords() {
  const t = useWords('people.signIns')
  return (agent: string) => {
    const { browser, system } = browserName(agent)
    if (browser && system) return t('onSystem', { browser, system })
    return browser ?? system ?? t('unknown')
  }
}

export function SignInsTab() {
  const t = useWords('people.signIns')
  const ui = useWords('ui')
  const explain = useExplain()
  const client = useQueryClient()
  const named = useBrowserWords()
  const {
    data: signIns,
    error,
    refetch,
  } = useQuery({
    queryKey: KEY,
    queryFn: () => answer(api.GET('/api/v1/sessions')),
  })
  const end = useMutation({
    mutationFn: (id: string) =>
      answer(api.DELETE('/api/v1/sessions/{sign_in_id}', { params: { path: { sign_in_id: id } } })),
    onSuccess: () => toast(t('ended'), { kind: 'kept' }),
    onError: problem => toast(explain(problem), { kind: 'late' }),
    onSettled: () => client.invalidateQueries({ queryKey: KEY }),
  })
  if (error)
    return (
      <Notice
        kind="late"
        deed={
          <Button size="small" onClick={() => void refetch()}>
            {ui('retry')}
          </Button>
        }
      >
        {explain(error)}
      </Notice>
    )
  if (!signIns) return <Pending />
  return (
    <>
      <p className="part-words sign-ins-words">{t('words')}</p>
      <Table
        label={t('browser')}
        head={[
          t('browser'),
          t('since'),
          t('seen'),
          <span key="end" className="visually-hidden">
            {t('end')}
          </span>,
        ]}
      >
        {signIns.map(one => (
          <tr key={one.id}>
            <td data-tip={one.browser}>
              {named(one.browser)} {one.current && <span className="badge kept">{t('current')}</span>}
            </td>
            <td>
              <When at={one.created_at} />
            </td>
            <td>
              <When at={one.last_seen_at} />
            </td>
            <td className="cell-deeds">
              {!one.current && (
                <Button
                  size="small"
                  busy={end.isPending && end.variables === one.id}
                  aria-label={t('endOf', { browser: named(one.browser) })}
                  onClick={() => end.mutate(one.id)}
                >
                  {t('end')}
                </Button>
              )}
            </td>
          </tr>
        ))}
      </Table>
    </>
  )
}
