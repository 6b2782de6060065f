/** Assign, resolve, snooze, label and the rest: buttons, their menus, and their keys. */
import {
  AlarmClock,
  ArrowUpCircle,
  CheckCircle2,
  Clock,
  Link2,
  MoreHorizontal,
  PauseCircle,
  RotateCcw,
  Tag,
  UserPlus,
  UserX,
  XCircle,
} from 'lucide-react'
import { useState } from 'react'
import { useLabels, usePeople } from '@/domain/desk'
import { PRIORITIES } from '@/domain/inbox-address'
import { useMe } from '@/domain/session'
import type { DismissReason, TicketCard } from '@/shared/api/views'
import { useFormats, useWords } from '@/shared/i18n/words'
import { useDeeds } from '@/shared/lib/deeds'
import { KEYS } from '@/shared/lib/key-map'
import { useKeys } from '@/shared/lib/keys'
import { now } from '@/shared/lib/now'
import { Avatar } from '@/shared/ui/avatar'
import { Button } from '@/shared/ui/button'
import { MenuButton, type MenuEntry } from '@/shared/ui/menu'
import { toast } from '@/shared/ui/toast'
import { snoozeTimes } from './snooze'
import { SnoozeDialog } from './snooze-dialog'
import type { Move } from './use-moves'

const REASONS: readonly DismissReason[] = ['no_answer_needed', 'praise', 'not_for_us', 'duplicate', 'spam']
type Menu = 'assign' | 'snooze' | 'label' | 'more' | 'priority' | 'dismiss'

export function TicketActions({ card, move }: { card: TicketCard; move: (move: Move) => void }) {
  const t = useWords('ticket')
  const words = useWords('desk')
  const format = useFormats()
  const me = useMe()
  const agents = usePeople()
  const labels = useLabels()
  const [open, setOpen] = useState<Menu | null>(null)
  const [otherTime, setOtherTime] = useState(false)

  const done = card.state === 'resolved' || card.state === 'closed'
  const menu = (name: Menu) => ({
    open: open === name,
    onOpenChange: (shown: boolean) => setOpen(shown ? name : null),
  })
  const resolve = () => move(done ? { verb: 'move', to: 'open' } : { verb: 'move', to: 'resolved' })
  const assignMe = () => {
    if (card.assignee_id !== me.id) move({ verb: 'assign', agentId: me.id })
  }
  const wait = () => {
    if (!done) move({ verb: 'move', to: card.state === 'waiting' ? 'open' : 'waiting' })
  }
  const snooze = () => {
    if (!done) setOpen('snooze')
  }
  const dismiss = () => {
    if (!done) setOpen('dismiss')
  }
  const deeds = {
    assign: () => setOpen('assign'),
    assignMe,
    resolve,
    snooze,
    label: () => setOpen('label'),
    priority: () => setOpen('priority'),
    wait,
    dismiss,
  }
  useKeys(
    Object.fromEntries(Object.entries(deeds).map(([key, deed]) => [KEYS[key as keyof typeof deeds], deed])),
  )
  useDeeds([
    { id: 'assign', label: t('assign'), combo: KEYS.assign, run: deeds.assign },
    { id: 'assign me', label: t('assignMe'), combo: KEYS.assignMe, run: assignMe },
    { id: 'resolve', label: done ? t('reopen') : t('resolve'), combo: KEYS.resolve, run: resolve },
    { id: 'wait', label: t('wait'), combo: KEYS.wait, run: wait },
    { id: 'snooze', label: t('snooze'), combo: KEYS.snooze, run: snooze },
    { id: 'label', label: t('label'), combo: KEYS.label, run: deeds.label },
    { id: 'priority', label: t('priority'), combo: KEYS.priority, run: deeds.priority },
    { id: 'dismiss', label: t('dismiss'), combo: KEYS.dismiss, run: dismiss },
  ])

  const people: MenuEntry[] = agents
    .filter(agent => !agent.disabled && agent.id !== me.id)
    .map(agent => ({
      id: agent.id,
      label: agent.name,
      icon: <Avatar name={agent.name} size={16} />,
      chosen: card.assignee_id === agent.id,
    }))
  const copyLink = async () => {
    await navigator.clipboard.writeText(`${location.origin}/tickets/${card.number}`)
    toast(t('copied'))
  }
  const more = (id: string) => {
    if (id === 'wait') wait()
    else if (id === 'hold') move({ verb: 'move', to: 'on_hold' })
    else if (id === 'open') move({ verb: 'move', to: 'open' })
    else if (id === 'priority') setOpen('priority')
    else if (id === 'dismiss') setOpen('dismiss')
    else if (id === 'copy') void copyLink()
  }

  return (
    <div className="ticket-actions" role="toolbar" aria-label={t('actions')}>
      <MenuButton
        {...menu('assign')}
        label={t('assignTo')}
        search={t('findAgent')}
        sections={[
          {
            entries: [
              {
                id: me.id,
                label: t('assignMe'),
                finds: me.name,
                icon: <Avatar name={me.name} size={16} />,
                combo: KEYS.assignMe,
                chosen: card.assignee_id === me.id,
              },
              ...(card.assignee_id === null ? [] : [{ id: 'nobody', label: t('unassign'), icon: <UserX /> }]),
            ],
          },
          ...(people.length > 0 ? [{ entries: people }] : []),
        ]}
        onChoose={id => move({ verb: 'assign', agentId: id === 'nobody' ? null : id })}
        button={{
          size: 'small',
          icon: <UserPlus />,
          combo: KEYS.assign,
          'data-tip': t('assign'),
          'aria-label': t('assign'),
          className: 'narrow-icon',
          children: t('assign'),
        }}
      />
      <MenuButton
        {...menu('snooze')}
        label={t('snoozeFor.title')}
        sections={[
          {
            title: t('snoozeFor.title'),
            entries: [
              ...snoozeTimes(new Date(now())).map(({ name, at }) => ({
                id: name,
                label: t(`snoozeFor.${name}`),
                hint: format.dateTime(at, { weekday: 'short', hour: '2-digit', minute: '2-digit' }),
              })),
              { id: 'other', label: t('snoozeFor.other') },
            ],
          },
        ]}
        onChoose={id => {
          const chosen = snoozeTimes(new Date(now())).find(({ name }) => name === id)
          if (chosen) move({ verb: 'move', to: 'snoozed', until: chosen.at.toISOString() })
          else setOtherTime(true)
        }}
        button={{
          size: 'small',
          icon: <AlarmClock />,
          combo: KEYS.snooze,
          'data-tip': t('snooze'),
          'aria-label': t('snooze'),
          className: 'narrow-icon',
          disabled: done,
          children: t('snooze'),
        }}
      />
      <MenuButton
        {...menu('label')}
        label={t('label')}
        search={t('findLabel')}
        many
        create={typed =>
          labels.includes(typed) || card.labels.includes(typed)
            ? null
            : { id: typed, label: t('createLabel', { name: typed }), finds: typed }
        }
        sections={[
          {
            entries: [...new Set([...card.labels, ...labels])]
              .sort()
              .map(label => ({ id: label, label, chosen: card.labels.includes(label) })),
          },
        ]}
        onChoose={label =>
          move(
            card.labels.includes(label)
              ? { verb: 'labels', add: [], remove: [label] }
              : { verb: 'labels', add: [label], remove: [] },
          )
        }
        button={{
          size: 'small',
          icon: <Tag />,
          combo: KEYS.label,
          'data-tip': t('label'),
          'aria-label': t('label'),
          className: 'narrow-icon',
          children: t('label'),
        }}
      />
      <span className="menu-anchors">
        <MenuButton
          {...menu('more')}
          label={t('more')}
          sections={[
            {
              entries: [
                ...(done
                  ? []
                  : [
                      card.state === 'waiting'
                        ? { id: 'open', label: t('reopen'), icon: <RotateCcw /> }
                        : { id: 'wait', label: t('wait'), icon: <Clock />, combo: KEYS.wait },
                      card.state === 'on_hold'
                        ? { id: 'open', label: t('reopen'), icon: <RotateCcw /> }
                        : { id: 'hold', label: t('hold'), icon: <PauseCircle /> },
                      ...(card.state === 'snoozed'
                        ? [{ id: 'open', label: t('wake'), icon: <RotateCcw /> }]
                        : []),
                    ]),
                {
                  id: 'priority',
                  label: `${t('priority')}: ${words(`priority.${card.priority}`)}`,
                  icon: <ArrowUpCircle />,
                  combo: KEYS.priority,
                },
                ...(done
                  ? []
                  : [{ id: 'dismiss', label: t('dismiss'), icon: <XCircle />, combo: KEYS.dismiss }]),
              ],
            },
            { entries: [{ id: 'copy', label: t('copyLink'), icon: <Link2 /> }] },
          ]}
          onChoose={more}
          button={{
            size: 'small',
            kind: 'quiet',
            icon: <MoreHorizontal />,
            'aria-label': t('more'),
            'data-tip': t('more'),
            className: 'icon-button',
          }}
        />
        {(open === 'priority' || open === 'dismiss') && (
          <MenuButton
            {...menu(open)}
            label={open === 'priority' ? t('priority') : t('dismissWhy')}
            sections={[
              {
                title: open === 'priority' ? t('priority') : t('dismissWhy'),
                entries:
                  open === 'priority'
                    ? PRIORITIES.map(one => ({
                        id: one,
                        label: words(`priority.${one}`),
                        chosen: one === card.priority,
                      }))
                    : REASONS.map(one => ({ id: one, label: words(`dismissed.${one}`) })),
              },
            ]}
            onChoose={id => {
              const priority = PRIORITIES.find(one => one === id)
              const reason = REASONS.find(one => one === id)
              if (open === 'priority' && priority) move({ verb: 'priority', priority })
              else if (reason) move({ verb: 'dismiss', reason })
            }}
            button={{ className: 'menu-anchor', tabIndex: -1, 'aria-hidden': true }}
          />
        )}
      </span>
      <Button
        size="small"
        kind={done ? 'plain' : 'primary'}
        icon={done ? <RotateCcw /> : <CheckCircle2 />}
        combo={KEYS.resolve}
        data-tip={done ? t('reopen') : t('resolve')}
        onClick={resolve}
      >
        {done ? t('reopen') : t('resolve')}
      </Button>
      {otherTime && (
        <SnoozeDialog
          onClose={() => setOtherTime(false)}
          onChoose={until => move({ verb: 'move', to: 'snoozed', until })}
        />
      )}
    </div>
  )
}
