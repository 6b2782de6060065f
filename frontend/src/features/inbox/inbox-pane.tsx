/** The left pane: views, search and filter, the list, take next. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Hand } from 'lucide-react'
import type { InboxSearch, InboxViewName } from '@/domain/inbox-address'
import { upsertCard } from '@/domain/ticket-cache'
import { answer, api } from '@/shared/api/client'
import { useExplain } from '@/shared/api/explain'
import { useWords } from '@/shared/i18n/words'
import { useDeeds } from '@/shared/lib/deeds'
import { KEYS } from '@/shared/lib/key-map'
import { keys, useKeys } from '@/shared/lib/keys'
import { usePageTitle } from '@/shared/lib/page-title'
import { Button } from '@/shared/ui/button'
import { toast } from '@/shared/ui/toast'
import { InboxFilter } from './inbox-filter'
import { InboxList } from './inbox-list'
import { InboxViews } from './inbox-views'
import './inbox-pane.css'

export function InboxPane({
  view,
  search,
  openId,
  mine,
}: {
  view: InboxViewName
  search: InboxSearch
  openId: string | null
  mine: ReadonlySet<string>
}) {
  const t = useWords('inbox')
  const client = useQueryClient()
  const navigate = useNavigate()
  const explain = useExplain()
  const takeNext = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/tickets/take-next')),
    onSuccess: card => {
      upsertCard(client, card)
      toast(t('took', { number: String(card.number) }), { kind: 'kept' })
      return navigate({ to: '/inbox/$view/$ticketId', params: { view, ticketId: card.id }, search })
    },
    onError: error => toast(explain(error)),
  })
  // Words are looked for in every state; a view other than "all open" narrows them.
  const heading = search.q !== undefined && view === 'all_open' ? t('found') : t(`view.${view}`)
  usePageTitle(heading, openId === null)
  // An "r" that follows at once is for the ticket that comes, not for the one on screen.
  const take = () => keys.hold(takeNext.mutateAsync())
  useKeys({ [KEYS.takeNext]: take })
  useDeeds([{ id: 'take next', label: t('takeNext'), combo: KEYS.takeNext, run: take }])

  return (
    <div className="inbox-pane">
      <header className="inbox-head">
        <h1>{heading}</h1>
        <Button
          size="small"
          icon={<Hand />}
          combo={KEYS.takeNext}
          data-tip={t('takeNext')}
          busy={takeNext.isPending}
          onClick={take}
        >
          {t('takeNext')}
        </Button>
      </header>
      <InboxViews search={search} />
      <InboxFilter view={view} search={search} />
      <InboxList key={view} view={view} search={search} openId={openId} mine={mine} />
    </div>
  )
}
