/** Who sees and answers for which brand. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Plus, Users } from 'lucide-react'
import { useState } from 'react'
import { AgentName } from '@/domain/agent-name'
import { BrandName } from '@/domain/brand-name'
import { teamsQuery } from '@/domain/desk'
import { useMe } from '@/domain/session'
import { answer, api } from '@/shared/api/client'
import { dropRow } from '@/shared/api/put-row'
import type { TeamView } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { Button } from '@/shared/ui/button'
import { Confirm } from '@/shared/ui/confirm'
import { Empty } from '@/shared/ui/empty'
import { Pending } from '@/shared/ui/pending'
import { TeamDialog } from './team-dialog'

function DissolveDialog({ team, onClose }: { team: TeamView; onClose: () => void }) {
  const t = useWords('people.team')
  const client = useQueryClient()
  const dissolve = useMutation({
    mutationFn: () =>
      answer(api.DELETE('/api/v1/teams/{team_id}', { params: { path: { team_id: team.id } } })),
    onSuccess: () => {
      dropRow(client, teamsQuery.queryKey, team.id)
      onClose()
    },
  })
  return (
    <Confirm
      title={t('dissolveTitle', { name: team.name })}
      deed={t('dissolveGo')}
      onDo={() => dissolve.mutate()}
      onClose={onClose}
      busy={dissolve.isPending}
      error={dissolve.error}
    >
      {t('dissolveWords')}
    </Confirm>
  )
}

export function TeamsTab() {
  const t = useWords('people.team')
  const lead = useMe().role === 'lead'
  const { data: teams } = useQuery(teamsQuery)
  const [open, setOpen] = useState<{ what: 'edit' | 'dissolve'; team: TeamView } | { what: 'new' } | null>(
    null,
  )
  if (!teams) return <Pending rows={3} />
  const form = (
    <Button kind="primary" icon={<Plus />} onClick={() => setOpen({ what: 'new' })}>
      {t('form')}
    </Button>
  )
  return (
    <>
      {teams.length === 0 ? (
        <Empty icon={<Users />} title={t('empty')} deed={lead ? form : undefined}>
          {t('emptyWords')}
        </Empty>
      ) : (
        <>
          {lead && <div className="people-head">{form}</div>}
          <ul className="teams">
            {teams.map(team => (
              <li key={team.id} className="team">
                <h2>{team.name}</h2>
                <div className="team-line">
                  {team.agent_ids.length === 0 && t('nobody')}
                  {team.agent_ids.map(id => (
                    <AgentName key={id} id={id} />
                  ))}
                </div>
                <div className="team-line">
                  {team.brand_ids.length === 0 && t('noBrand')}
                  {team.brand_ids.map(id => (
                    <BrandName key={id} id={id} />
                  ))}
                </div>
                {lead && (
                  <div className="team-deeds">
                    <Button
                      size="small"
                      aria-label={t('editOf', { name: team.name })}
                      onClick={() => setOpen({ what: 'edit', team })}
                    >
                      {t('edit')}
                    </Button>
                    <Button size="small" kind="danger" onClick={() => setOpen({ what: 'dissolve', team })}>
                      {t('dissolve')}
                    </Button>
                  </div>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
      {open?.what === 'new' && <TeamDialog team={null} onClose={() => setOpen(null)} />}
      {open?.what === 'edit' && <TeamDialog team={open.team} onClose={() => setOpen(null)} />}
      {open?.what === 'dissolve' && <DissolveDialog team={open.team} onClose={() => setOpen(null)} />}
    </>
  )
}
