/** Things for tests: a card, a message, a session, complete, with what matters to the test said. */
import type {
  AgentView,
  BrandAccountView,
  BrandView,
  MessageView,
  NetworkView,
  ReplyView,
  SessionView,
  TicketCard,
  TicketView,
} from '@/shared/api/views'

export function aCard(some: Partial<TicketCard> = {}): TicketCard {
  const id = some.id ?? 'tk_1'
  return {
    id,
    number: 41,
    revision: 1,
    brand_id: 'br_1',
    account_id: 'ac_1',
    network: 'pigeon',
    customer: { id: 'cu_1', name: 'Bea Brook', handle: 'bea@social.example', avatar_url: null },
    state: 'open',
    priority: 'normal',
    assignee_id: null,
    labels: [],
    lane: 'public',
    language: 'en',
    preview: 'It is down again',
    waiting: 1,
    unanswered_since: '2026-03-04T10:00:00Z',
    opened_at: '2026-03-04T10:00:00Z',
    last_message_at: '2026-03-04T10:00:00Z',
    snoozed_until: null,
    resolved_at: null,
    dismissed: null,
    follows_id: null,
    references: [],
    next_due_at: null,
    next_due_metric: null,
    next_warn_at: null,
    promise_revision: 0,
    ...some,
  }
}

/** An open ticket in which nothing was said yet. */
export function aTicket(some: Partial<TicketView> = {}): TicketView {
  return {
    card: aCard(),
    messages: [],
    notes: [],
    references: [],
    facts: [],
    answerable: null,
    earlier: false,
    follows: null,
    followed_by: [],
    ...some,
  }
}

export function aMessage(some: Partial<MessageView> = {}): MessageView {
  const text = some.text ?? 'It is down again'
  return {
    id: 'ms_1',
    kind: 'customer',
    ticket_id: 'tk_1',
    conversation_id: 'cv_1',
    lane: 'public',
    visibility: 'public',
    author: { handle: 'bea@social.example', name: 'Bea Brook', url: null, avatar_url: null },
    segments: [{ kind: 'text', text, href: null }],
    text,
    content_warning: null,
    language: 'en',
    media: [],
    url: 'https://social.example/@bea/1',
    in_reply_to: null,
    posted_at: '2026-03-04T10:00:00Z',
    received_at: '2026-03-04T10:00:01Z',
    edited_at: null,
    versions: [],
    vanished_at: null,
    vanished_why: null,
    answered_at: null,
    backfilled: false,
    reply_id: null,
    agent_id: null,
    sent_by: null,
    external_reference: null,
    answerable: null,
    ...some,
  }
}

export function aReply(some: Partial<ReplyView> = {}): ReplyView {
  return {
    id: 'rp_1',
    ticket_id: 'tk_1',
    agent_id: 'ag_ana',
    parent_id: 'ms_1',
    lane: 'public',
    visibility: 'public',
    text: 'We are on it.',
    content_warning: null,
    state: 'queued',
    created_at: '2026-03-04T10:01:00Z',
    due_at: '2026-03-04T10:01:05Z',
    tries: 0,
    problem: null,
    problem_code: null,
    problem_values: {},
    doubt: null,
    message_id: null,
    sent_at: null,
    pictures: [],
    then: null,
    group_id: null,
    part: 1,
    parts: 1,
    revision: 1,
    ...some,
  }
}

export function anAgent(some: Partial<AgentView> = {}): AgentView {
  return {
    id: 'ag_ana',
    kind: 'person',
    name: 'Ana Lima',
    email: 'ana@acme.example',
    role: 'agent',
    availability: 'available',
    disabled: false,
    team_ids: [],
    revision: 1,
    ...some,
  }
}

export function aSession(some: Partial<SessionView['me']> = {}): SessionView {
  return {
    me: { ...anAgent(), signature: '', locale: 'en', brand_ids: ['br_1'], ...some },
    sign_in_id: 'si_1',
    head: 0,
    version: '0.1.0',
  }
}

export function aBrand(some: Partial<BrandView> = {}): BrandView {
  return {
    id: 'br_1',
    name: 'Acme',
    colour: '#c2410c',
    reopen_seconds: 604_800,
    join_seconds: 86_400,
    assignment: 'off',
    team_ids: [],
    revision: 1,
    ...some,
  }
}

export function anAccount(some: Partial<BrandAccountView> = {}): BrandAccountView {
  return {
    id: 'ac_1',
    brand_id: 'br_1',
    network: 'pigeon',
    server: 'https://social.example',
    handle: 'acme_help@social.example',
    name: 'Acme help',
    avatar_url: null,
    url: null,
    state: 'working',
    problem: null,
    problem_code: null,
    problem_values: {},
    warnings: [],
    limits: {
      max_characters: 500,
      unit: 'graphemes',
      link_weight: 23,
      short_mentions: true,
      counts_warning: true,
      max_media: 4,
      media_types: ['image/png', 'image/jpeg'],
      max_media_bytes: 8_000_000,
      max_alt: 1500,
      max_bytes: null,
      private: null,
    },
    connected_at: '2026-03-01T10:00:00Z',
    revision: 1,
    ...some,
  }
}

/** A network that no console has heard of before. */
export function aNetwork(some: Partial<NetworkView> = {}): NetworkView {
  return {
    name: 'pigeon',
    words: {
      en: {
        label: 'Carrier pigeon',
        connect: { loft: 'Address of the loft', key: 'Key of the loft', wet: 'The loft is wet.' },
        answer: { moulting: 'The pigeon is moulting.' },
        cost: { corn: 'Corn' },
        trouble: { asleep: 'The pigeon sleeps.', lost: 'The pigeon was lost ({status}).' },
      },
      fr: {
        label: 'Pigeon voyageur',
        connect: {
          loft: 'Adresse du pigeonnier',
          key: 'Clé du pigeonnier',
          wet: 'Le pigeonnier est humide.',
        },
        answer: { moulting: 'Le pigeon mue.' },
        cost: { corn: 'Maïs' },
        trouble: { asleep: 'Le pigeon dort.', lost: 'Le pigeon s’est perdu ({status}).' },
      },
    },
    mark: 'M0 0h24v24H0z',
    priced: false,
    can: ['oauth', 'public'],
    connect_fields: [
      {
        name: 'loft',
        label: 'connect.pigeon.loft',
        kind: 'url',
        required: true,
        placeholder: 'loft.example',
      },
      { name: 'key', label: 'connect.pigeon.key', kind: 'secret', required: false, placeholder: '' },
      { name: 'fast', label: 'connect.pigeon.fast', kind: 'yes_no', required: false, placeholder: '' },
    ],
    ...some,
  }
}
