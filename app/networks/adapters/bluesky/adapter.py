"""The promises of the port, kept for Bluesky."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from app.networks.adapters.bluesky import answer, connect, line, pages, posts, publish, record, server
from app.networks.adapters.bluesky.client import Api
from app.networks.answerable import Answerable, Asked
from app.networks.cost import Price
from app.networks.errors import Rejected
from app.networks.incoming import Answer, Request
from app.networks.port import (
    Account,
    Authorization,
    Checked,
    Connected,
    ConnectField,
    Hint,
    Inbound,
    Limits,
    Outgoing,
    Page,
    Published,
    Thread,
    Upload,
    Visibility,
)
from app.networks.words import Language, Words, words_beside


class Bluesky:
    """Bluesky and its private messages, through the server where an account lives."""

    name: str = "bluesky"
    words: Mapping[Language, Words] = words_beside(__file__)
    mark: str = (
        "M12 10.6c-1-2-3.7-5.6-6.2-7.4C3.4 1.5 2 2.4 2 4.9c0 .6.3 4.6.5 5.3.6 2.3 2.8 2.9 4.8 2.5-3.4.6-4.4 2.6-2.5 4.6"
        " 3.6 3.7 5.4-.9 6-2.5l1.2-3 1.2 3c.6 1.6 2.4 6.2 6 2.5 1.9-2 .9-4-2.5-4.6 2 .4 4.2-.2 4.8-2.5.2-.7.5-4.7.5-5.3"
        " 0-2.5-1.4-3.4-3.8-1.7-2.5 1.8-5.2 5.4-6.2 7.4Z"
    )
    can: frozenset[str] = frozenset(("public", "private", "media", "backfill", "hint", "token", "reread"))
    connect_fields: tuple[ConnectField, ...] = (
        ConnectField("identifier", "connect.bluesky.identifier", "text", placeholder="acme.bsky.social"),
        ConnectField("password", "connect.bluesky.password", "secret", placeholder="xxxx-xxxx-xxxx-xxxx"),
        ConnectField("server", "connect.bluesky.server", "url", required=False, placeholder="bsky.social"),
        ConnectField("directory", "connect.bluesky.directory", "url", required=False, placeholder="plc.directory"),
        ConnectField("stream", "connect.bluesky.stream", "url", required=False, placeholder="jetstream.example"),
    )

    prices: tuple[Price, ...] = ()

    def limits(self, account: Account) -> Limits:
        """300 graphemes and 3,000 bytes, and more in private."""
        return server.limits()

    async def authorize(self, fields: dict[str, str], return_url: str) -> Authorization:
        """There is no way through the browser here: an app password is asked for. Raises Rejected."""
        raise Rejected("Connect this account with an app password.")

    async def connect(
        self, fields: dict[str, str], keep: dict[str, str], answer: dict[str, str], return_url: str
    ) -> Connected:
        """Sign in with an app password."""
        return await connect.connect(fields, self.name)

    async def refresh(self, account: Account) -> Connected:
        """Read again who the account is, where it lives, and what its password may do."""
        return await connect.refresh(account)

    async def mentions(self, account: Account, cursor: str | None, *, limit: int = 80) -> Page:
        """The page right after `cursor`, private messages with it; with None the newest, whose cursor is never None."""
        return await pages.after(account, cursor, limit)

    async def older_mentions(
        self, account: Account, before: str | None, *, limit: int = 80, since: datetime | None = None
    ) -> Page:
        """The page right before `before`; `cursor` is the next `before`."""
        return await pages.before(account, before, limit)

    async def thread(self, account: Account, remote_id: str) -> Thread:
        """What the network shows around a post, or what was said around a private message. Raises Gone."""
        return await posts.thread(account, pages.reader_of(account), remote_id)

    async def post(self, account: Account, remote_id: str) -> Inbound:
        """One post or private message as it is now. Raises Gone when it vanished."""
        return await posts.post(account, pages.reader_of(account), remote_id)

    def checks(self, account: Account) -> int:
        """A hundred."""
        return posts.AT_ONCE

    async def vanished(self, account: Account, remote_ids: Sequence[str], job: str | None) -> Checked:
        """Those that the network does not show any more; of private messages nobody says so."""
        return Checked(await posts.gone(account, remote_ids))

    def hints(self, account: Account) -> AsyncIterator[Hint]:
        """Yield whenever a post concerns the account, where a stream is configured; now and then in any case."""
        return line.listen(account)

    def answerable(self, account: Account, asked: Asked, at: datetime) -> Answerable:
        """Blocks, limited replies and missing rights are known before anybody types."""
        return answer.answerable(asked, chat=account.traits.get("chat") is True)

    async def incoming(self, account: Account, request: Request) -> Answer:
        """Nothing calls us here. Raises Rejected."""
        raise Rejected

    async def prepare(self, account: Account, outgoing: Outgoing) -> dict[str, Any]:
        """The whole record with its key, or the message with its conversation. Raises Gone, Rejected and their kin."""
        return await record.prepare(Api(account), outgoing)

    async def upload(self, account: Account, upload: Upload) -> str:
        """Hand a picture over; its id."""
        return await publish.upload(account, upload)

    async def publish(self, account: Account, outgoing: Outgoing) -> Published:
        """Put the prepared record there, which is one post however often; or send the message, which is one each time."""
        return await publish.publish(account, outgoing)

    def repeat_safe(self, account: Account, outgoing: Outgoing) -> float | None:
        """Ten minutes for a post: the same record under the same key is the same post. Never for a private message."""
        return None if outgoing.visibility == "direct" else publish.REPEAT_SECONDS

    async def find(self, account: Account, outgoing: Outgoing, since: datetime) -> Published | None:
        """Look where the reply must lie."""
        return await publish.find(account, outgoing)

    def compose(
        self, parent_handle: str, others: Sequence[str], text: str, visibility: Visibility, *, own: str = ""
    ) -> str:
        """The text as it is: a reply reaches the author of its parent, and a message its conversation, by themselves."""
        return text.strip()
