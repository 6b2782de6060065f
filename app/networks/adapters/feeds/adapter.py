"""The promises of the port, kept for feeds: they are read, and whoever wants to answer follows the link."""

from collections.abc import Mapping
from datetime import datetime

from app.networks.adapters.feeds import connect as connecting
from app.networks.adapters.feeds import pages, websub
from app.networks.answerable import Answerable, Asked
from app.networks.errors import Transient
from app.networks.incoming import Answer, Request
from app.networks.only_listens import OnlyListens
from app.networks.port import Account, Connected, ConnectField, Inbound, Page
from app.networks.words import Language, Words, words_beside


class Feeds(OnlyListens):
    """RSS, Atom and JSON Feed."""

    name: str = "feeds"
    words: Mapping[Language, Words] = words_beside(__file__)
    mark: str = (
        "M5 3a16 16 0 0 1 16 16h-3A13 13 0 0 0 5 6V3Zm0 6a10 10 0 0 1 10 10h-3a7 7 0 0 0-7-7V9Zm2 6a2 2 0 1 1 0 4"
        " 2 2 0 0 1 0-4Z"
    )
    can: frozenset[str] = frozenset(("token", "incoming"))
    connect_fields: tuple[ConnectField, ...] = (
        ConnectField("server", "connect.feeds.server", "url", placeholder="blog.example/feed"),
        ConnectField("words", "connect.feeds.words", "text", required=False),
        ConnectField("own", "connect.feeds.own", "text", required=False),
    )

    async def connect(
        self, fields: dict[str, str], keep: dict[str, str], answer: dict[str, str], return_url: str
    ) -> Connected:
        """Find the feed at the address, or the one that the page there names."""
        said = {name: fields.get(name, "") for name in ("server", "own", "words")}
        return await connecting.describe(said["server"], said["own"], said["words"], self.name)

    async def refresh(self, account: Account) -> Connected:
        """Read the feed's description again."""
        own, listens = (str(account.traits.get(name) or "") for name in ("own", "words"))
        return await connecting.describe(account.server, own, listens, self.name)

    async def mentions(self, account: Account, cursor: str | None, *, limit: int = 80) -> Page:
        """What was added or edited since the cursor; with None what the feed holds now."""
        return await pages.after(account, cursor, limit)

    async def post(self, account: Account, remote_id: str) -> Inbound:
        """An item cannot be asked for; edits come with the next page. Raises Transient."""
        raise Transient("A feed cannot be asked for one of its items.")

    def answerable(self, account: Account, asked: Asked, at: datetime) -> Answerable:
        """Only by a person, where it was written."""
        return Answerable("by_hand", "answer.feeds.only_listens", url=asked.url)

    async def incoming(self, account: Account, request: Request) -> Answer:
        """A hub confirms a subscription or tells of news."""
        return websub.answered(account, request)
