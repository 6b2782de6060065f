/** The policies in the order in which they are asked; moved by buttons, by keys or by dragging. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ArrowDown, ArrowUp, GripVertical, Plus, ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import { useMe } from '@/domain/session'
import { answer, api } from '@/shared/api/client'
import { useExplain } from '@/shared/api/explain'
import type { PolicyView } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { Button, IconButton } from '@/shared/ui/button'
import { Empty } from '@/shared/ui/empty'
import { Pending } from '@/shared/ui/pending'
import { toast } from '@/shared/ui/toast'
import { fitsEverything, movedTo } from './policy-draft'
import { PolicySummary } from './policy-summary'
import { policiesQuery } from './promises-queries'

function useOrder(policies: readonly PolicyView[]) {
  const t = useWords('promises.policies')
  const explain = useExplain()
  const client = useQueryClient()
  const [said, setSaid] = useState('')
  const order = useMutation({
    mutationFn: ({ list, seen }: { list: PolicyView[]; seen: string[] }) =>
      answer(api.PUT('/api/v1/policies/order', { body: { ids: list.map(one => one.id), seen } })),
    scope: { id: 'order of policies' },
    onMutate: ({ list }) => client.setQueryData(policiesQuery.queryKey, list),
    onSuccess: list => client.setQueryData(policiesQuery.queryKey, list),
    onError: error => {
      toast(explain(error), { kind: 'late' })
      void client.invalidateQueries({ queryKey: policiesQuery.queryKey })
    },
  })
  const move = (from: number, to: number) => {
    const entry = policies[from]
    if (!entry || to < 0 || to >= policies.length || from === to) return
    order.mutate({ list: movedTo(policies, from, to), seen: policies.map(one => one.id) })
    setSaid(t('moved', { name: entry.name, place: String(to + 1) }))
  }
  return { move, said }
}

export function PolicyList({ onOpen }: { onOpen: (id: string) => void }) {
  const t = useWords('promises.policies')
  const lead = useMe().role === 'lead'
  const { data: policies } = useQuery(policiesQuery)
  const { move, said } = useOrder(policies ?? [])
  const [dragged, setDragged] = useState<number | null>(null)
  const [over, setOver] = useState<number | null>(null)
  if (!policies) return <Pending rows={3} />
  const create = (
    <Button kind="primary" icon={<Plus />} onClick={() => onOpen('new')}>
      {t('create')}
    </Button>
  )
  if (policies.length === 0)
    return (
      <Empty icon={<ShieldCheck />} title={t('empty')} deed={lead ? create : undefined}>
        {t('emptyWords')}
      </Empty>
    )
  const firstOfAll = policies.findIndex(fitsEverything)
  return (
    <>
      {lead && <div className="list-head">{create}</div>}
      <ol className="policies" aria-label={t('order')}>
        {policies.map((policy, n) => (
          <li
            key={policy.id}
            className="policy-row"
            data-over={
              over === n && dragged !== n ? (dragged !== null && dragged < n ? 'below' : 'above') : undefined
            }
            onDragOver={event => {
              if (dragged === null) return
              event.preventDefault()
              setOver(n)
            }}
            onDrop={() => {
              if (dragged !== null) move(dragged, n)
              setDragged(null)
              setOver(null)
            }}
          >
            {lead && (
              <span
                className="policy-grip"
                draggable
                data-tip={t('drag')}
                aria-hidden="true"
                onDragStart={event => {
                  event.dataTransfer.effectAllowed = 'move'
                  event.dataTransfer.setData('text/plain', policy.name)
                  setDragged(n)
                }}
                onDragEnd={() => {
                  setDragged(null)
                  setOver(null)
                }}
              >
                <GripVertical />
              </span>
            )}
            <span className="policy-place" aria-hidden="true">
              {n + 1}
            </span>
            <PolicySummary
              policy={policy}
              shadowedBy={firstOfAll >= 0 && firstOfAll < n ? (policies[firstOfAll]?.name ?? null) : null}
              onOpen={() => onOpen(policy.id)}
            />
            {lead && (
              <span className="policy-moves">
                {/* Not disabled at the ends: the focus would be lost while a policy is moved there. */}
                <IconButton
                  size="small"
                  label={t('up', { name: policy.name })}
                  icon={<ArrowUp />}
                  aria-disabled={n === 0}
                  onClick={() => move(n, n - 1)}
                />
                <IconButton
                  size="small"
                  label={t('down', { name: policy.name })}
                  icon={<ArrowDown />}
                  aria-disabled={n === policies.length - 1}
                  onClick={() => move(n, n + 1)}
                />
              </span>
            )}
          </li>
        ))}
      </ol>
      <p className="visually-hidden" role="status">
        {said}
      </p>
    </>
  )
}
