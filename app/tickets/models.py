"""Tables of the work: conversations, messages, tickets, notes, and the words to search by."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app.core.table import Revised, Stamped, Table

NEVER_DUE: Final = "'9999-12-31 00:00:00+00'::timestamptz"
"""Stands for no due time where tickets are sorted; written out, since an index only serves the very expression it holds."""


_NOTHING: Final = text("'{}'::jsonb")


class Conversation(Stamped, Table):
    """The thread on the network, by its root as the account's own server knows it; lives for ever."""

    __tablename__ = "conversations"

    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("brand_accounts.id"))
    root: Mapped[str]  # remote_id of the root; of the oldest post we know while its parent is missing
    missing_parent: Mapped[str | None]  # remote_id of that parent, until it turns up
    reread_at: Mapped[datetime | None]  # when to look again for edits, deletions and replies that notify nobody
    reread_lease: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("account_id", "root"),
        Index(
            "ix_conversations_missing",
            "account_id",
            "missing_parent",
            postgresql_where=text("missing_parent is not null"),
        ),
        Index("ix_conversations_look", "account_id", "reread_at", postgresql_where=text("reread_at is not null")),
    )


class Ticket(Stamped, Revised, Table):
    """Our work on what one customer asks in one conversation, from opening to closing."""

    __tablename__ = "tickets"

    id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, Identity(), unique=True)
    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id"))
    account_id: Mapped[str] = mapped_column(ForeignKey("brand_accounts.id"))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    state: Mapped[str] = mapped_column(default="open")
    priority: Mapped[int] = mapped_column(default=1)  # 0 low, 1 normal, 2 high, 3 urgent
    assignee_id: Mapped[str | None] = mapped_column(ForeignKey("agents.id"))
    labels: Mapped[list[str]] = mapped_column(default=list)
    language: Mapped[str | None]
    lane: Mapped[str] = mapped_column(default="public")  # of the newest customer message
    preview: Mapped[str] = mapped_column(default="")  # the newest words that wait, or the newest of all
    waiting: Mapped[int] = mapped_column(default=0)  # customer messages that nobody answered
    unanswered_since: Mapped[datetime | None]
    opened_at: Mapped[datetime]  # the network's time of the first message
    last_message_at: Mapped[datetime]
    last_customer_at: Mapped[datetime]
    last_answer_at: Mapped[datetime | None]  # of ours, from here or outside
    snoozed_until: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    dismissed: Mapped[str | None]  # why it was no case
    follows_id: Mapped[str | None] = mapped_column(ForeignKey("tickets.id"))
    next_due_at: Mapped[datetime | None]  # the earliest promise that runs or is late
    next_due_metric: Mapped[str | None]
    next_warn_at: Mapped[datetime | None]
    promise_revision: Mapped[int] = mapped_column(default=0, server_default=text("0"))  # how often those three changed

    __table_args__ = (
        # The orders of the inbox, with what its filters ask beside the key, and what is counted (docs/decisions/0011).
        Index(
            "ix_tickets_brand_urgent",
            "brand_id",
            "state",
            text(f"coalesce(next_due_at, {NEVER_DUE})"),
            "last_customer_at",
            "id",
            postgresql_include=("next_due_at", "assignee_id", "priority", "language"),
        ),
        Index(
            "ix_tickets_owned",
            "assignee_id",
            "state",
            text(f"coalesce(next_due_at, {NEVER_DUE})"),
            "last_customer_at",
            "id",
            postgresql_where=text("assignee_id is not null"),
        ),
        Index(
            "ix_tickets_newest",
            "last_message_at",
            "id",
            postgresql_include=("brand_id", "state", "assignee_id", "priority", "language"),
        ),
        # of few tickets: what is labelled, and what is more or less urgent than usual
        Index(
            "ix_tickets_brand_labelled",
            "brand_id",
            "state",
            text(f"coalesce(next_due_at, {NEVER_DUE})"),
            "last_customer_at",
            "id",
            postgresql_where=text("labels <> '{}'"),
        ),
        Index(
            "ix_tickets_ranked",
            "priority",
            "state",
            text(f"coalesce(next_due_at, {NEVER_DUE})"),
            "last_customer_at",
            "id",
            postgresql_include=("next_due_at", "brand_id", "assignee_id", "language"),
            postgresql_where=text("priority <> 1"),
        ),
        Index("ix_tickets_counted", "brand_id", "state", "assignee_id"),
        Index("ix_tickets_brand_customer", "brand_id", "customer_id", "last_message_at"),
        Index("ix_tickets_snoozed", "snoozed_until", postgresql_where=text("state = 'snoozed'")),
        Index("ix_tickets_labels", "labels", postgresql_using="gin"),
        Index("ix_tickets_conversation", "conversation_id"),
        Index("ix_tickets_follows", "follows_id", postgresql_where=text("follows_id is not null")),
    )


class TicketConversation(Table):
    """Which conversations a ticket works on: its first, later root posts that joined it, private ones."""

    __tablename__ = "ticket_conversations"

    ticket_id: Mapped[str] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), primary_key=True, index=True)


class TicketReference(Stamped, Table):
    """What another system calls a ticket; within a brand the name stands for that ticket alone."""

    __tablename__ = "ticket_references"

    reference: Mapped[str] = mapped_column(primary_key=True)
    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id"), primary_key=True)
    ticket_id: Mapped[str] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"), index=True)
    url: Mapped[str | None]  # where it stands in that system
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agents.id"))  # who gave it; null: an import of before
    fingerprint: Mapped[str | None]  # of the request that opened the ticket by this name


class Message(Stamped, Table):
    """One post in our books, in or out, as the network showed it."""

    __tablename__ = "messages"

    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("brand_accounts.id"))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    ticket_id: Mapped[str | None] = mapped_column(ForeignKey("tickets.id"))  # null: only context
    customer_id: Mapped[str | None] = mapped_column(ForeignKey("customers.id"))  # as written: read through merged_into
    kind: Mapped[str]  # customer | brand | other
    uri: Mapped[str]
    remote_id: Mapped[str]
    in_reply_to: Mapped[str | None]
    url: Mapped[str | None]
    author: Mapped[dict[str, Any]]
    visibility: Mapped[str]
    lane: Mapped[str]
    segments: Mapped[list[dict[str, Any]]]
    text: Mapped[str]
    content_warning: Mapped[str | None]
    language: Mapped[str | None]
    media: Mapped[list[dict[str, Any]]]
    addressed: Mapped[list[str]]
    quotes: Mapped[str | None]
    posted_at: Mapped[datetime]
    received_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    versions: Mapped[list[dict[str, Any]]] = mapped_column(default=list)  # what it said before, oldest first
    vanished_at: Mapped[datetime | None]
    vanished_why: Mapped[str | None]  # deleted | hidden
    backfilled: Mapped[bool] = mapped_column(default=False)
    reply_id: Mapped[str | None]  # the reply that became this post
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agents.id"))  # who wrote it; null: outside Mentiondesk
    sent_by: Mapped[str | None]
    role: Mapped[str | None]  # why the network handed it to us; null: from before that was kept
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=_NOTHING)  # read by the adapter alone

    __table_args__ = (
        UniqueConstraint("account_id", "uri"),
        Index("ix_messages_remote", "account_id", "remote_id"),
        Index("ix_messages_ticket", "ticket_id", "posted_at", "id"),
        Index("ix_messages_conversation", "conversation_id", "posted_at", "id"),
    )


class Note(Stamped, Table):
    """An inside remark; never leaves."""

    __tablename__ = "notes"

    id: Mapped[str] = mapped_column(primary_key=True)
    ticket_id: Mapped[str] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"), index=True)
    agent_id: Mapped[str] = mapped_column(ForeignKey("agents.id"))
    text: Mapped[str]
    key: Mapped[str] = mapped_column(unique=True)


class Label(Stamped, Table):
    """A word to sort tickets by."""

    __tablename__ = "labels"

    name: Mapped[str] = mapped_column(primary_key=True)


class SearchEntry(Table):
    """The folded words of one message, note or handle, for finding its ticket; see search.py."""

    __tablename__ = "search_entries"

    source_id: Mapped[str] = mapped_column(primary_key=True)
    ticket_id: Mapped[str] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"), index=True)
    words: Mapped[Any] = mapped_column(TSVECTOR)

    __table_args__ = (Index("ix_search_entries_words", "words", postgresql_using="gin"),)
