"""The demo's desk: three people with passwords that are printed, a brand, and its account on the sandbox."""

from typing import Final

from sqlalchemy import select, update

from app.agents.invite import add_agent
from app.agents.password import hash_password
from app.agents.permit import Actor
from app.agents.queries import teams
from app.brands.begin import begin
from app.brands.connect import connect_account
from app.brands.edit import edit_brand
from app.brands.models import BrandAccount
from app.brands.queries import brands
from app.core.transaction import transaction
from app.customers.models import Identity
from app.demo.neighbour import tell
from app.ingest.poll import poll_due

PASSWORD: Final = "mentiondesk"  # noqa: S105 - printed for everybody, on a desk that holds nothing
PEOPLE: Final = (
    ("Lea Morel", "lea@demo.example"),
    ("Ana Costa", "ana@demo.example"),
    ("Ben Keller", "ben@demo.example"),
)
BRAND: Final = "acme"
_SAID: Final = (
    ("nora", "Nora Lind", "en", "@acme hi, my order 2041 was due on Monday and nobody tells me anything 😕"),
    ("omar", "Omar Haddad", "ar", "@acme الخدمة لا تعمل منذ الصباح، هل من جديد؟"),
    ("lucie", "Lucie Bernard", "fr", "@acme ma facture de novembre est fausse, je paie deux fois le même abonnement"),
    ("kenji", "Kenji Mori", "ja", "@acme 注文した商品がまだ届きません。確認してもらえますか？"),
    ("tom", "Tom Baker", "en", "@acme love the new app, one thing: dark mode forgets itself after every update"),
)

_SPOKEN: Final = "mastodon"
"""The network whose language the sandbox speaks."""


async def set_up(address: str) -> None:
    """Make the desk on an empty database; on a known one only follow the sandbox to its present address."""
    async with transaction() as tx:
        account = await tx.scalar(select(BrandAccount).where(BrandAccount.network == _SPOKEN).limit(1))
        if account is not None:
            await _follow(account.server, address)
            return
    hashed = await hash_password(PASSWORD)
    async with transaction() as tx:
        lead = await begin(tx, name=PEOPLE[0][0], email=PEOPLE[0][1], hashed=hashed, brand_name="Acme")
        team = (await teams(tx, lead))[0]
        for name, email in PEOPLE[1:]:
            await add_agent(tx, name=name, email=email, role="agent", hashed=hashed, team_ids=[team.id])
        brand = (await brands(tx, lead))[0]
        await edit_brand(tx, lead, brand.id, colour="#0f766e", revision=brand.revision)
    await _connect(lead, brand.id, address)
    for handle, name, language, text in _SAID:
        tell(address, "people", handle=handle, name=name, language=language)
        tell(address, "posts", author=handle, text=text, language=language)


async def _connect(lead: Actor, brand_id: str, address: str) -> None:
    """Connect the brand, and begin to listen before anybody speaks."""
    made = tell(address, "brands", handle=BRAND, name="Acme")
    fields = {"server": address, "token": made["token"]}
    await connect_account(lead, brand_id, _SPOKEN, fields, import_days=0, return_url=f"{address}/")
    await poll_due()


async def _follow(before: str, address: str) -> None:
    """The sandbox may be on another port than last time; for the desk it is the same server."""
    if before == address:
        return
    async with transaction() as tx:
        await tx.execute(update(BrandAccount).where(BrandAccount.server == before).values(server=address))
        await tx.execute(update(Identity).where(Identity.server == before).values(server=address))
