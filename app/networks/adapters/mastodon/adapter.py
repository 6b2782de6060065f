"""The promises of the port, kept for Mastodon, GoToSocial and Akkoma."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from app.networks.adapters.mastodon import compose as mentions_
from app.networks.adapters.mastodon import connect as connecting
from app.networks.adapters.mastodon import line, pages, publish, server, sign_in, vanished
from app.networks.adapters.mastodon.client import LARGE, Api, Unreadable, segment
from app.networks.adapters.mastodon.translate import to_inbound
from app.networks.answerable import YES, Answerable, Asked
from app.networks.cost import Price
from app.networks.errors import Rejected
from app.networks.foreign import member
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
from app.networks.together import together
from app.networks.words import Language, Words, words_beside


class Mastodon:
    """The Mastodon client API, as its own server and the families that speak it answer it."""

    name: str = "mastodon"
    words: Mapping[Language, Words] = words_beside(__file__)
    mark: str = (
        "M12 2.5a9.5 9.5 0 1 0 4.2 18l-.8-1.8a7.5 7.5 0 1 1 4.1-6.7v.9c0 1-.7 1.7-1.5 1.7s-1.5-.7-1.5-1.7V8h-2v.6"
        "a4.7 4.7 0 1 0 .5 6.4 3.5 3.5 0 0 0 6.5-2.1V12A9.5 9.5 0 0 0 12 2.5Zm0 6.7a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6Z"
    )
    can: frozenset[str] = frozenset(
        (
            *("public", "private", "media", "content_warning", "edit", "backfill"),
            *("hint", "oauth", "token", "reread", "late"),
        )
    )
    connect_fields: tuple[ConnectField, ...] = (
        ConnectField("server", "connect.mastodon.server", "url", placeholder="social.example"),
        ConnectField("token", "connect.mastodon.token", "secret", required=False),
        ConnectField("accept_filtered", "connect.mastodon.accept_filtered", "yes_no", required=False),
    )

    prices: tuple[Price, ...] = ()

    def limits(self, account: Account) -> Limits:
        """How this account's own server counts."""
        return server.limits(account.traits)

    async def authorize(self, fields: dict[str, str], return_url: str) -> Authorization:
        """Register the app on that server if needed, and say where to send the browser."""
        begun = await sign_in.begin(fields, return_url)
        begun.keep["accept_filtered"] = fields.get("accept_filtered", "")
        return begun

    async def connect(
        self, fields: dict[str, str], keep: dict[str, str], answer: dict[str, str], return_url: str
    ) -> Connected:
        """Finish a connection from the browser's return or from a pasted token."""
        return await connecting.connect(fields, keep, answer, return_url, self.name)

    async def refresh(self, account: Account) -> Connected:
        """Read again who the account is and what its server can do."""
        return await connecting.describe(account.server, account.credentials, self.name)

    async def mentions(self, account: Account, cursor: str | None, *, limit: int = 80) -> Page:
        """The page right after `cursor`; with None the newest one, whose cursor is never None."""
        return await pages.after(account, cursor, limit)

    async def older_mentions(
        self, account: Account, before: str | None, *, limit: int = 80, since: datetime | None = None
    ) -> Page:
        """The page right before `before`; `cursor` is the next `before`."""
        return await pages.before(account, before, limit)

    async def thread(self, account: Account, remote_id: str) -> Thread:
        """The post and what its server knows around it; posts that cannot be read are left out. Raises Gone."""
        api = Api.of(account)
        path = f"/api/v1/statuses/{segment(remote_id)}"
        status, context = await together(
            api.get(path, one_post=True), api.get(f"{path}/context", one_post=True, largest=LARGE)
        )
        around = [self._readable(account, member(context, name)) for name in ("ancestors", "descendants")]
        own = self._readable(account, [status])
        return Thread(ancestors=around[0], descendants=around[1], post=own[0] if own else None)

    async def post(self, account: Account, remote_id: str) -> Inbound:
        """One post as it is now. Raises Gone when it vanished."""
        status = await Api.of(account).get(f"/api/v1/statuses/{segment(remote_id)}", one_post=True)
        found = self._readable(account, [status])
        if not found:
            raise Unreadable
        return found[0]

    def checks(self, account: Account) -> int:
        """A hundred where the server answers for many at once, else twenty."""
        return vanished.at_once(account)

    async def vanished(self, account: Account, remote_ids: Sequence[str], job: str | None) -> Checked:
        """Those that the server says are not there, or not for us."""
        return Checked(await vanished.gone(account, remote_ids))

    def hints(self, account: Account) -> AsyncIterator[Hint]:
        """Yield once the line stands and whenever something may have happened."""
        return line.listen(account)

    def answerable(self, account: Account, asked: Asked, at: datetime) -> Answerable:
        """What is there can be answered: nobody can forbid a reply."""
        return Answerable("no", "answer.vanished") if asked.vanished else YES

    async def incoming(self, account: Account, request: Request) -> Answer:
        """Nothing calls us here. Raises Rejected."""
        raise Rejected

    async def prepare(self, account: Account, outgoing: Outgoing) -> dict[str, Any]:
        """Nothing: the key and the text are enough."""
        return {}

    async def upload(self, account: Account, upload: Upload) -> str:
        """Upload a picture and wait until it can be used; its id."""
        return await publish.upload(account, upload)

    async def publish(self, account: Account, outgoing: Outgoing) -> Published:
        """Publish once, under the reply's key."""
        return await publish.publish(account, outgoing)

    def repeat_safe(self, account: Account, outgoing: Outgoing) -> float | None:
        """55 minutes where the family is known to keep keys; else None."""
        return server.REPEAT_SECONDS if account.traits.get("family") in server.KEEPS_KEYS else None

    async def find(self, account: Account, outgoing: Outgoing, since: datetime) -> Published | None:
        """Look through what we posted since, and under the parent, for exactly this reply."""
        return await publish.find(account, outgoing, since)

    def compose(
        self, parent_handle: str, others: Sequence[str], text: str, visibility: Visibility, *, own: str = ""
    ) -> str:
        """Put the missing mentions in front. Raises ExtraMentions for a direct text that names anybody else."""
        return mentions_.compose(parent_handle, others, text, visibility, own)

    @staticmethod
    def _readable(account: Account, statuses: Any) -> tuple[Inbound, ...]:
        reader = pages.reader_of(account)
        read = [to_inbound(one, reader) for one in statuses] if isinstance(statuses, list) else []
        return tuple(one for one in read if isinstance(one, Inbound))
