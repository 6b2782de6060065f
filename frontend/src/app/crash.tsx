/** The error boundary's page: says that nothing sent is lost, and shows what an operator needs. */
import { useExplain } from '@/shared/api/explain'
import { Problem } from '@/shared/api/problem'
import { useWords } from '@/shared/i18n/words'
import { Button } from '@/shared/ui/button'
import { Empty } from '@/shared/ui/empty'

export function Crash({ error }: { error: unknown }) {
  const t = useWords('shell.crash')
  const explain = useExplain()
  const problem = error instanceof Problem
  return (
    <main className="page-centred">
      <Empty
        title={problem ? explain(error) : t('title')}
        deed={
          <Button kind="primary" onClick={() => location.reload()}>
            {t('again')}
          </Button>
        }
      >
        {problem ? (error.requestId ?? '') : t('words')}
      </Empty>
      {!problem && (
        <pre className="crash">{String(error instanceof Error ? (error.stack ?? error.message) : error)}</pre>
      )}
    </main>
  )
}
