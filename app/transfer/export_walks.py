"""What an export writes, kind by kind: statements that make the lines, each over the keys after the last one written."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import TextClause, text

MOST: Final = 500
"""Lines of one statement."""


@dataclass(frozen=True, slots=True)
class Walk:
    """One kind of line: a statement that answers `key` and `line`, in the order of the keys."""

    kind: str
    statement: TextClause


def _walk(kind: str, key: str, fields: str, source: str, where: str, *, until: str) -> Walk:
    """`where` may name :brands, null for all; `until` says what was there when the export began."""
    return Walk(
        kind,
        text(
            f"""
select cast({key} as text) as key, cast(jsonb_build_object('kind', '{kind}', {fields}) as text) as line
  from {source}
 where {key} > :after and {until} and ({where})
 order by {key} limit {MOST}
"""  # noqa: S608 - our own words
        ),
    )


_ALL: Final = "cast(:brands as text[]) is null"
_UNTIL: Final = "{0}.created_at <= :until"

WALKS: Final[tuple[Walk, ...]] = (
    _walk(
        "brand",
        "b.id",
        "'reference', b.id, 'name', b.name, 'colour', b.colour, 'reopen_seconds', b.reopen_seconds,"
        " 'join_seconds', b.join_seconds, 'assignment', b.assignment, 'created_at', b.created_at",
        "brands b",
        f"{_ALL} or b.id = any(:brands)",
        until=_UNTIL.format("b"),
    ),
    _walk(
        "agent",
        "a.id",
        "'reference', a.id, 'name', a.name, 'email', a.email, 'is_key', a.kind = 'key', 'role', a.role,"
        " 'disabled', a.disabled_at is not null, 'created_at', a.created_at",
        "agents a",
        "true",
        until=_UNTIL.format("a"),
    ),
    _walk(
        "team",
        "t.id",
        "'reference', t.id, 'name', t.name, 'created_at', t.created_at,"
        " 'agents', array(select m.agent_id from team_members m where m.team_id = t.id order by 1),"
        " 'brands', array(select r.brand_id from brand_teams r where r.team_id = t.id"
        " and (cast(:brands as text[]) is null or r.brand_id = any(:brands)) order by 1)",
        "teams t",
        f"{_ALL} or exists (select from brand_teams r where r.team_id = t.id and r.brand_id = any(:brands))",
        until=_UNTIL.format("t"),
    ),
    _walk(
        "account",
        "a.id",
        "'reference', a.id, 'brand', a.brand_id, 'network', a.network, 'server', a.server, 'remote_id', a.remote_id,"
        " 'handle', a.handle, 'name', a.name, 'url', a.url, 'avatar_url', a.avatar_url, 'created_at', a.created_at",
        "brand_accounts a",
        f"{_ALL} or a.brand_id = any(:brands)",
        until=_UNTIL.format("a"),
    ),
    _walk(
        "label",
        "l.name",
        "'name', l.name",
        "labels l",
        f"{_ALL} or exists (select from tickets t where t.labels @> array[l.name] and t.brand_id = any(:brands))",
        until=_UNTIL.format("l"),
    ),
    _walk(
        "customer",
        "c.id",
        "'reference', c.id, 'name', c.name, 'note', c.note, 'created_at', c.created_at,"
        " 'identities', coalesce((select jsonb_agg(jsonb_build_object('network', i.network, 'server', i.server,"
        " 'remote_id', i.remote_id, 'handle', i.handle, 'name', i.name, 'url', i.url, 'avatar_url', i.avatar_url,"
        " 'followers', i.followers, 'bot', i.bot, 'seen_at', i.seen_at) order by i.id)"
        " from identities i where i.customer_id = c.id), '[]')",
        "customers c",
        f"c.merged_into is null and ({_ALL}"
        " or exists (select from tickets t where t.customer_id = c.id and t.brand_id = any(:brands)))",
        until=_UNTIL.format("c"),
    ),
    _walk(
        "ticket",
        "t.id",
        "'reference', t.id, 'brand', t.brand_id, 'number', t.number, 'account', t.account_id,"
        " 'customer', coalesce(c.merged_into, c.id), 'conversation', v.root,"
        " 'conversations', array(select o.root from ticket_conversations k join conversations o on o.id = k.conversation_id"
        " where k.ticket_id = t.id and o.account_id = t.account_id order by o.id),"
        " 'state', t.state, 'priority', (array['low', 'normal', 'high', 'urgent'])[t.priority + 1],"
        " 'assignee', t.assignee_id, 'labels', t.labels, 'language', t.language, 'opened_at', t.opened_at,"
        " 'last_message_at', t.last_message_at, 'snoozed_until', t.snoozed_until, 'resolved_at', t.resolved_at,"
        " 'dismissed', t.dismissed, 'created_at', t.created_at,"
        " 'references', coalesce((select jsonb_agg(jsonb_build_object('reference', r.reference, 'url', r.url)"
        " order by r.created_at, r.reference) from ticket_references r where r.ticket_id = t.id), '[]')",
        "tickets t join customers c on c.id = t.customer_id join conversations v on v.id = t.conversation_id",
        f"{_ALL} or t.brand_id = any(:brands)",
        until=_UNTIL.format("t"),
    ),
    _walk(
        "message",
        "m.id",
        "'reference', m.id, 'brand', a.brand_id, 'ticket', m.ticket_id, 'account', m.account_id, 'conversation', v.root,"
        " 'customer', coalesce(c.merged_into, c.id), 'by', m.kind, 'uri', m.uri, 'remote_id', m.remote_id,"
        " 'in_reply_to', m.in_reply_to, 'url', m.url, 'author', m.author, 'visibility', m.visibility, 'lane', m.lane,"
        " 'text', m.text, 'segments', m.segments, 'content_warning', m.content_warning, 'language', m.language,"
        " 'media', m.media, 'addressed', m.addressed, 'quotes', m.quotes, 'posted_at', m.posted_at,"
        " 'received_at', m.received_at, 'edited_at', m.edited_at, 'versions', m.versions, 'vanished_at', m.vanished_at,"
        " 'vanished_why', m.vanished_why, 'agent', m.agent_id, 'sent_by', m.sent_by, 'role', m.role, 'facts', m.facts,"
        " 'created_at', m.created_at",
        "messages m join brand_accounts a on a.id = m.account_id join conversations v on v.id = m.conversation_id"
        " left join customers c on c.id = m.customer_id",
        f"{_ALL} or a.brand_id = any(:brands)",
        until=_UNTIL.format("m"),
    ),
    _walk(
        "note",
        "n.id",
        "'reference', n.id, 'brand', t.brand_id, 'ticket', n.ticket_id, 'agent', n.agent_id, 'text', n.text,"
        " 'created_at', n.created_at",
        "notes n join tickets t on t.id = n.ticket_id",
        f"{_ALL} or t.brand_id = any(:brands)",
        until=_UNTIL.format("n"),
    ),
    _walk(
        "follow",
        "t.id",
        "'brand', t.brand_id, 'ticket', t.id, 'follows', t.follows_id",
        "tickets t join tickets f on f.id = t.follows_id",
        f"({_ALL} or t.brand_id = any(:brands)) and f.brand_id = t.brand_id and f.created_at <= :until",
        until=_UNTIL.format("t"),
    ),
    Walk(
        "fact",
        text(
            f"""
select lpad(cast(e.seq as text), 20, '0') as key,
       cast(jsonb_build_object('kind', 'fact', 'seq', e.seq, 'at', e.at, 'type', e.type, 'agent', e.agent_id,
         'brand', e.brand_id, 'ticket', e.ticket_id, 'fact', e.fact) as text) as line
  from events e
 where e.seq > cast('0' || :after as bigint) and e.seq <= :head
   and ({_ALL} or e.audience = 'all' or (e.audience = 'brand' and e.brand_id = any(:brands)))
 order by e.seq limit {MOST}
"""  # noqa: S608 - our own words
        ),
    ),
)
