/** Loads the policy that is edited, or begins a new one. */
import { useQuery } from '@tanstack/react-query'
import { useWords } from '@/shared/i18n/words'
import { Pending } from '@/shared/ui/pending'
import { draftOf, newPolicy } from './policy-draft'
import { PolicyEditor } from './policy-editor'
import { calendarsQuery, policiesQuery } from './promises-queries'

export function PolicyPage({ id, onBack }: { id: string; onBack: () => void }) {
  const t = useWords('promises.policy')
  const { data: policies } = useQuery(policiesQuery)
  const { data: calendars } = useQuery(calendarsQuery)
  if (!policies || !calendars) return <Pending rows={5} />
  const policy = policies.find(one => one.id === id) ?? null
  return (
    <PolicyEditor
      policy={policy}
      begin={policy ? draftOf(policy) : { ...newPolicy(t('new')), calendar_id: calendars[0]?.id ?? null }}
      onBack={onBack}
    />
  )
}
