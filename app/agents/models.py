"""Tables of those who answer."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.table import Revised, Stamped, Table


class Agent(Stamped, Revised, Table):
    """Somebody who answers: a person, who may lead the others, or another system's key, which acts under its own name."""

    __tablename__ = "agents"

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(default="person", server_default=text("'person'"))  # person | key
    name: Mapped[str]
    email: Mapped[str]  # of a person; a key has none
    password_hash: Mapped[str]
    role: Mapped[str]  # lead | agent
    availability: Mapped[str] = mapped_column(default="available")  # available | away | handover
    signature: Mapped[str] = mapped_column(default="")
    locale: Mapped[str | None]
    disabled_at: Mapped[datetime | None]
    last_given_at: Mapped[datetime | None]  # when a ticket was last handed to them by itself, for round robin

    __table_args__ = (
        Index("uq_agents_email", text("lower(email)"), unique=True, postgresql_where=text("kind = 'person'")),
    )


class Team(Stamped, Revised, Table):
    """Several agents who work for the same brands."""

    __tablename__ = "teams"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)


class TeamMember(Table):
    """An agent in a team."""

    __tablename__ = "team_members"

    team_id: Mapped[str] = mapped_column(ForeignKey("teams.id", ondelete="CASCADE"), primary_key=True)
    agent_id: Mapped[str] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True, index=True)


class SignIn(Stamped, Table):
    """One signed-in browser; the cookie holds the secret whose SHA-256 is kept here."""

    __tablename__ = "sign_ins"

    id: Mapped[str] = mapped_column(primary_key=True)
    agent_id: Mapped[str] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"), index=True)
    secret_hash: Mapped[str] = mapped_column(unique=True)
    browser: Mapped[str] = mapped_column(default="")
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class SignInAttempt(Table):
    """How often somebody guessed lately, by e-mail address and by network address."""

    __tablename__ = "sign_in_attempts"

    key: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    blocked_until: Mapped[datetime | None]
    last_at: Mapped[datetime]
