import { screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { afterEach, expect, it, vi } from 'vitest'
import type { ClockView } from '@/shared/api/views'
import { show, testClient } from '@/shared/testing/show'
import { clocksQuery } from './promises-queries'
import { TicketPromises } from './ticket-promises'

afterEach(() => vi.unstubAllGlobals())

function aClock(some: Partial<ClockView> = {}): ClockView {
  return {
    metric: 'first_reply',
    label: 'desk.metric.first_reply',
    cycle: 1,
    state: 'met',
    current: true,
    started_at: '2026-03-04T10:00:00Z',
    received_at: '2026-03-04T10:00:05Z',
    target_s: 1800,
    due_at: '2026-03-04T10:30:00Z',
    warn_at: null,
    warned_at: null,
    submitted_at: '2026-03-04T10:24:00Z',
    met_at: '2026-03-04T10:25:00Z',
    breached_at: null,
    detected_at: null,
    cancelled_at: null,
    consumed_s: 1500,
    over_s: 0,
    cause: null,
    causes: [],
    flags: [],
    policy: {
      id: 'po_1',
      name: 'VIP',
      why: [{ trait: 'priority', value: 'urgent', name: null, text: 'priority is urgent' }],
      passed_over: [{ policy_id: 'po_0', name: 'Night', trait: 'lane', text: 'lane is not private' }],
    },
    calendar: { tz: 'Europe/Paris', always: false },
    pauses: [],
    intervals: [{ since: '2026-03-04T10:00:00Z', to: '2026-03-04T10:25:00Z', seconds: 1500 }],
    intervals_left_out: 0,
    history: [
      {
        at: '2026-03-04T10:00:00Z',
        what: 'started',
        cause: null,
        due_at: '2026-03-04T10:30:00Z',
        consumed_s: 0,
        target_s: 1800,
      },
      {
        at: '2026-03-04T10:25:00Z',
        what: 'met',
        cause: null,
        due_at: null,
        consumed_s: 1500,
        target_s: 1800,
      },
    ],
    ...some,
  }
}

function open(clocks: ClockView[], earlier = 0) {
  const client = testClient()
  client.setQueryData(clocksQuery('tk_1').queryKey, { clocks, earlier })
  show(<TicketPromises ticketId="tk_1" />, { client })
}

it('says why a clock stands where it stands', async () => {
  open([aClock()])
  expect(screen.getByText('kept, after 25 min')).toBeTruthy()
  await userEvent.click(screen.getByRole('button', { name: 'Why First reply stands where it stands' }))
  const dialog = await screen.findByRole('dialog')
  for (const words of [
    'VIP',
    'because Priority is Urgent',
    'Night: Lane does not fit',
    '30 min of opening time',
    'Europe/Paris',
  ])
    expect(dialog.textContent).toContain(words)
})

it('names the cause of a miss and how late it was noticed', async () => {
  open([
    aClock({
      state: 'breached',
      breached_at: '2026-03-04T10:30:00Z',
      detected_at: '2026-03-04T10:30:00.400Z',
      met_at: '2026-03-04T10:33:00Z',
      over_s: 180,
      cause: 'delivery_delay',
      causes: ['delivery_delay'],
    }),
  ])
  expect(screen.getByText('answered late, 3 min over')).toBeTruthy()
  await userEvent.click(screen.getByRole('button', { name: /^Why/ }))
  const dialog = await screen.findByRole('dialog')
  expect(dialog.textContent).toContain('the reply was sent off in time, the network took it late')
  expect(dialog.textContent).toContain('noticed at once')
})

it('leaves out what was never promised', () => {
  open([aClock({ metric: 'next_reply', cycle: 2 }), aClock({ metric: 'update', target_s: null })])
  expect(screen.getByText('Next reply 2')).toBeTruthy()
  expect(screen.queryByText('Update')).toBeNull()
  expect(screen.queryByText(/earlier/)).toBeNull()
})

it('asks for earlier cycles when they are unfolded, and for the reason of one when it is asked for', async () => {
  const asked: string[] = []
  const cycle = (number: number) => aClock({ metric: 'next_reply', cycle: number, current: false })
  vi.stubGlobal('fetch', (request: Request) => {
    const { pathname, search } = new URL(request.url)
    asked.push(pathname.split('/clocks')[1] + search)
    if (!pathname.endsWith('/earlier')) return Promise.resolve(Response.json(cycle(1)))
    const first = search === ''
    return Promise.resolve(Response.json({ items: [cycle(first ? 2 : 1)], next: first ? 'c1' : null }))
  })
  open([aClock({ metric: 'next_reply', cycle: 3 })], 2)
  expect(asked).toEqual([])
  await userEvent.click(screen.getByText('2 earlier ones'))
  await screen.findByText('Next reply 2')
  await userEvent.click(screen.getByRole('button', { name: 'Show more' }))
  await userEvent.click(await screen.findByRole('button', { name: 'Why Next reply stands where it stands' }))
  const dialog = await screen.findByRole('dialog')
  expect(dialog.textContent).toContain('VIP')
  expect(asked).toEqual(['/earlier', '/earlier?cursor=c1', '/next_reply/1'])
})
