"""Tables of what was used, what the operator pays, and what an account may cost in a month."""

from datetime import date

from sqlalchemy import BigInteger, Date, ForeignKey, Integer, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.table import Table


class Spending(Table):
    """What an account used of one thing on one day (UTC), and what that cost at the price of the moment it was used."""

    __tablename__ = "spending"

    account_id: Mapped[str] = mapped_column(ForeignKey("brand_accounts.id"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)  # the adapter's: networks.cost.Price.name
    uses: Mapped[int] = mapped_column(BigInteger)
    micros: Mapped[int] = mapped_column(BigInteger)  # millionths of a US dollar


class OwnPrice(Table):
    """What the operator pays for one use, where that is not what the adapter says."""

    __tablename__ = "own_prices"

    network: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    micros: Mapped[int] = mapped_column(BigInteger)


class Budget(Table):
    """What an account may cost in a calendar month (UTC), and what was said of that already."""

    __tablename__ = "budgets"

    account_id: Mapped[str] = mapped_column(ForeignKey("brand_accounts.id"), primary_key=True)
    limit_micros: Mapped[int] = mapped_column(BigInteger)
    warn_percent: Mapped[int] = mapped_column(Integer)
    told_month: Mapped[date | None] = mapped_column(Date)  # the month in which somebody was last warned
    told_level: Mapped[int] = mapped_column(Integer, default=0, server_default=text("0"))  # 1: the level, 2: the limit
