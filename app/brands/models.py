"""Tables of the voices we answer with."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.secrets import SEALED
from app.core.table import Revised, Stamped, Table


class Brand(Stamped, Revised, Table):
    """A voice we answer with."""

    __tablename__ = "brands"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    colour: Mapped[str]  # #rrggbb, as the brand has it; the console corrects it for contrast
    reopen_seconds: Mapped[int] = mapped_column(default=7 * 86400)  # a later word reopens, afterwards it is a follow-up
    join_seconds: Mapped[int] = mapped_column(
        default=3600
    )  # another root post this soon joins the open ticket; 0: never
    assignment: Mapped[str] = mapped_column(default="off")  # off, or the name of a strategy in assignment/


class BrandTeam(Table):
    """A team that works for a brand; whoever is in none of its teams does not see the brand."""

    __tablename__ = "brand_teams"

    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id", ondelete="CASCADE"), primary_key=True)
    team_id: Mapped[str] = mapped_column(ForeignKey("teams.id", ondelete="CASCADE"), primary_key=True, index=True)


class BrandAccount(Stamped, Revised, Table):
    """The brand's account on one network; its credentials are sealed."""

    __tablename__ = "brand_accounts"

    id: Mapped[str] = mapped_column(primary_key=True)
    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id"), index=True)
    network: Mapped[str]
    server: Mapped[str]
    remote_id: Mapped[str]
    handle: Mapped[str]
    name: Mapped[str]
    avatar_url: Mapped[str | None]
    url: Mapped[str | None]
    credentials: Mapped[str] = mapped_column(info=SEALED)
    traits: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(default="working")  # working | broken | disconnected
    problem: Mapped[str | None]
    warnings: Mapped[list[str]] = mapped_column(default=list)
    connected_at: Mapped[datetime]
    renewal: Mapped[int] = mapped_column(default=0, server_default=text("0"))  # counts who renews; fences who is late
    renewal_lease: Mapped[datetime | None]  # until when one process alone asks the network for new credentials

    __table_args__ = (UniqueConstraint("network", "server", "remote_id"),)


class Connecting(Stamped, Table):
    """A connection begun in a browser, until the network sends the browser back."""

    __tablename__ = "connecting"

    state: Mapped[str] = mapped_column(primary_key=True)
    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id", ondelete="CASCADE"))
    agent_id: Mapped[str] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"))
    network: Mapped[str]
    fields: Mapped[str] = mapped_column(info=SEALED)  # what was typed, and what the adapter wants back
    import_days: Mapped[int] = mapped_column(default=0)


class NetworkApp(Stamped, Table):
    """Our registration at one server, made once and used for all its accounts; sealed."""

    __tablename__ = "network_apps"

    network: Mapped[str] = mapped_column(primary_key=True)
    server: Mapped[str] = mapped_column(primary_key=True)
    return_url: Mapped[str] = mapped_column(primary_key=True)
    sealed: Mapped[str] = mapped_column(info=SEALED)
