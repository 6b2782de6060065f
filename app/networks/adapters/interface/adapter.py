"""The promises of the port where nobody is asked: other systems come by themselves, and answer their people themselves."""

from collections.abc import Mapping
from datetime import datetime

from app.networks.answerable import Answerable, Asked
from app.networks.errors import Gone, Rejected
from app.networks.only_listens import OnlyListens
from app.networks.port import Account, Connected, ConnectField, Inbound, Page
from app.networks.words import Language, Words, words_beside


class ComesByItself(Rejected):
    """Nothing is connected here: another system opens tickets with a key."""


class Interface(OnlyListens):
    """Other systems: a form on a website, a shop, a customer database."""

    name: str = "interface"
    words: Mapping[Language, Words] = words_beside(__file__)
    mark: str = (
        "M8.5 5 1.5 12l7 7 1.8-1.8L5.1 12l5.2-5.2L8.5 5Zm7 0-1.8 1.8 5.2 5.2-5.2 5.2 1.8 1.8 7-7-7-7ZM9.4 20.3l2.4.7"
        " 2.8-17.3-2.4-.7L9.4 20.3Z"
    )
    can: frozenset[str] = frozenset(("brought",))
    connect_fields: tuple[ConnectField, ...] = ()

    async def connect(
        self, fields: dict[str, str], keep: dict[str, str], answer: dict[str, str], return_url: str
    ) -> Connected:
        """Raises ComesByItself."""
        raise ComesByItself

    async def refresh(self, account: Account) -> Connected:
        """Raises ComesByItself."""
        raise ComesByItself

    async def mentions(self, account: Account, cursor: str | None, *, limit: int = 80) -> Page:
        """Nothing: nobody is asked."""
        return Page((), (), cursor or "-", more=False)

    async def post(self, account: Account, remote_id: str) -> Inbound:
        """Nobody can be asked. Raises Gone."""
        raise Gone

    def answerable(self, account: Account, asked: Asked, at: datetime) -> Answerable:
        """By a person, where a link leads to it; else only in the system that brought it."""
        if asked.url is None:
            return Answerable("no", "answer.interface.elsewhere")
        return Answerable("by_hand", "answer.interface.by_hand", url=asked.url)
