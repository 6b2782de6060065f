/** Every colleague: role, availability, teams; leads invite and change them. */
import { useQuery } from '@tanstack/react-query'
import { Ellipsis, UserPlus } from 'lucide-react'
import { useState } from 'react'
import { agentsQuery, teamsQuery } from '@/domain/desk'
import { useMe } from '@/domain/session'
import { useExplain } from '@/shared/api/explain'
import type { AgentView } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { Avatar } from '@/shared/ui/avatar'
import { Button } from '@/shared/ui/button'
import { MenuButton } from '@/shared/ui/menu'
import { Notice } from '@/shared/ui/notice'
import { Pending } from '@/shared/ui/pending'
import { Table } from '@/shared/ui/table'
import { toast } from '@/shared/ui/toast'
import { DisableDialog, EditAgentDialog, ResetPasswordDialog } from './agent-dialogs'
import { useEditAgent } from './edit-agent'
import { InviteDialog } from './invite-dialog'
import { TellDialog, type Told } from './tell-dialog'

type Open = { what: 'invite' } | { what: 'edit' | 'password' | 'disable'; agent: AgentView } | null

function AgentDeeds({ agent, onOpen }: { agent: AgentView; onOpen: (open: Open) => void }) {
  const t = useWords('people.agents')
  const explain = useExplain()
  const me = useMe()
  const edit = useEditAgent(agent, () => undefined)
  const choose = (id: string) => {
    if (id === 'edit' || id === 'password' || id === 'disable') onOpen({ what: id, agent })
    else if (id === 'enable')
      edit.mutate({ disabled: false }, { onError: error => toast(explain(error), { kind: 'late' }) })
  }
  const entries = agent.disabled
    ? [{ id: 'enable', label: t('enable') }]
    : [
        { id: 'edit', label: t('edit') },
        { id: 'password', label: t('password') },
        { id: 'disable', label: t('disable'), danger: true, disabled: agent.id === me.id },
      ]
  return (
    <MenuButton
      label={t('deedsOf', { name: agent.name })}
      sections={[{ entries }]}
      onChoose={choose}
      button={{
        kind: 'quiet',
        size: 'small',
        className: 'icon-button',
        'aria-label': t('deedsOf', { name: agent.name }),
        icon: <Ellipsis />,
      }}
    />
  )
}

function AgentRow({ agent, onOpen }: { agent: AgentView; onOpen: (open: Open) => void }) {
  const t = useWords('people')
  const me = useMe()
  const { data: teams = [] } = useQuery(teamsQuery)
  const inTeams = teams.filter(team => team.agent_ids.includes(agent.id)).map(team => team.name)
  return (
    <tr className={agent.disabled ? 'agent-off' : undefined}>
      <td>
        <div className="agent-cell">
          <Avatar name={agent.name} size={32} />
          <span>
            {agent.name} {agent.id === me.id && <span className="badge">{t('agents.you')}</span>}
            {agent.disabled && <span className="badge">{t('agents.disabled')}</span>}
            <small>{agent.email}</small>
            <small className="agent-more">
              {[
                t(`role.${agent.role}`),
                agent.disabled ? '' : t(`availability.${agent.availability}`),
                inTeams.join(', '),
              ]
                .filter(Boolean)
                .join(' · ')}
            </small>
          </span>
        </div>
      </td>
      <td>{t(`role.${agent.role}`)}</td>
      <td>{agent.disabled ? '' : t(`availability.${agent.availability}`)}</td>
      <td>
        {inTeams.length > 0 ? (
          inTeams.join(', ')
        ) : agent.role === 'agent' && !agent.disabled ? (
          <span className="badge soon" data-tip={t('agents.noTeamHint')}>
            {t('agents.noTeam')}
          </span>
        ) : (
          ''
        )}
      </td>
      {me.role === 'lead' && (
        <td className="cell-deeds">
          <AgentDeeds agent={agent} onOpen={onOpen} />
        </td>
      )}
    </tr>
  )
}

export function AgentsTab() {
  const t = useWords('people.agents')
  const me = useMe()
  const { data: agents } = useQuery(agentsQuery)
  const [open, setOpen] = useState<Open>(null)
  const [told, setTold] = useState<Told | null>(null)
  const lead = me.role === 'lead'
  const close = () => setOpen(null)
  const tell = (next: Told) => {
    setOpen(null)
    setTold(next)
  }
  if (!agents) return <Pending rows={4} />
  const people = agents.filter(agent => agent.kind === 'person')
  const sorted = people.toSorted(
    (one, other) => Number(one.disabled) - Number(other.disabled) || one.name.localeCompare(other.name),
  )
  return (
    <div className="agents">
      {lead && (
        <div className="people-head">
          <Button kind="primary" icon={<UserPlus />} onClick={() => setOpen({ what: 'invite' })}>
            {t('invite')}
          </Button>
        </div>
      )}
      <Table
        label={t('title')}
        head={[
          t('name'),
          t('role'),
          t('availability'),
          t('teams'),
          ...(lead
            ? [
                <span key="deeds" className="visually-hidden">
                  {t('deeds')}
                </span>,
              ]
            : []),
        ]}
      >
        {sorted.map(agent => (
          <AgentRow key={agent.id} agent={agent} onOpen={setOpen} />
        ))}
      </Table>
      {lead && people.length === 1 && <Notice>{t('alone')}</Notice>}
      {open?.what === 'invite' && <InviteDialog onClose={close} onInvited={tell} />}
      {open?.what === 'edit' && <EditAgentDialog agent={open.agent} onClose={close} />}
      {open?.what === 'password' && <ResetPasswordDialog agent={open.agent} onClose={close} onReset={tell} />}
      {open?.what === 'disable' && <DisableDialog agent={open.agent} onClose={close} />}
      {told && <TellDialog told={told} onClose={() => setTold(null)} />}
    </div>
  )
}
