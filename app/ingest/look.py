"""look_at_account(): who an account is and what its server allows is read again, so that a changed handle is known."""

from dataclasses import replace

from app.brands.attach import keep_up
from app.brands.models import Brand, BrandAccount
from app.ingest.models import Round
from app.ingest.round_row import a_day_later, held, went_well
from app.ledger.charge import charged
from app.networks.port import Account
from app.networks.registry import network


async def look_at_account(opened: Account, row: Round, account: BrandAccount, brand: Brand) -> None:
    """Ask its network and keep what it says; a fact tells consoles when they would see it. Raises NetworkError, RoundLost."""
    connected = await network(account.network).refresh(opened)
    async with charged(opened, replace(connected.account, id=account.id)) as tx:
        mine = await held(tx, row)
        await keep_up(tx, account.id, connected, opened_with=opened.credentials)
        await went_well(tx, mine, brand.id, a_day_later())
