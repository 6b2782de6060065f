"""Tables of the people who ask."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.table import Revised, Stamped, Table


class Customer(Stamped, Revised, Table):
    """A person who asks, across all their handles."""

    __tablename__ = "customers"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    merged_into: Mapped[str | None] = mapped_column(ForeignKey("customers.id"), index=True)


class Identity(Stamped, Table):
    """One handle of a customer on one network, as seen from one server (remote ids are local to it)."""

    __tablename__ = "identities"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    network: Mapped[str]
    server: Mapped[str]
    remote_id: Mapped[str]
    handle: Mapped[str]
    name: Mapped[str]
    url: Mapped[str | None]
    avatar_url: Mapped[str | None]
    followers: Mapped[int | None]
    bot: Mapped[bool] = mapped_column(default=False)
    seen_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("network", "server", "remote_id"),
        Index("ix_identities_customer", "customer_id", "network"),
    )
