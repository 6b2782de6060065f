"""The promises of the port, kept for X."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from app.networks.adapters.x import answer, compliance, connect, costs, line, media, pages, publish, sign_in, thread
from app.networks.adapters.x import incoming as webhook
from app.networks.answerable import Answerable, Asked
from app.networks.cost import Price
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

_PICTURES: Final = tuple(media.CATEGORIES)
_LARGEST_PICTURE: Final = 5_000_000
_LONGEST_DESCRIPTION: Final = 1_000


class X:
    """X by version 2 of its API: OAuth 2, posts, direct messages, X Activity."""

    name: str = "x"
    words: Mapping[Language, Words] = words_beside(__file__)
    mark: str = "M4 3.5h4.6l4 5.6 4.9-5.6h2.3l-6.1 7 6.7 9.5h-4.6l-4.4-6.2-5.4 6.2H3.7l6.6-7.6L4 3.5Zm3.2 1.8 9.5 13.4h1.1L8.3 5.3H7.2Z"
    can: frozenset[str] = frozenset(
        (
            "public",
            "private",
            "media",
            "edit",
            "backfill",
            "reread",
            "late",
            "hint",
            "oauth",
            "token",
            "incoming",
            "forget",
        )
    )
    connect_fields: tuple[ConnectField, ...] = (
        ConnectField("client_id", "connect.x.client_id", "text"),
        ConnectField("client_secret", "connect.x.client_secret", "secret", required=False),
        ConnectField("query", "connect.x.query", "text", required=False, placeholder='"Acme" -is:retweet -from:acme'),
        ConnectField("bearer", "connect.x.bearer", "secret", required=False),
        ConnectField("consumer_secret", "connect.x.consumer_secret", "secret", required=False),
        ConnectField("exempt", "connect.x.exempt", "yes_no", required=False),
        ConnectField("token", "connect.x.token", "secret", required=False),
        ConnectField("server", "connect.x.server", "url", required=False, placeholder="api.x.com"),
    )
    prices: tuple[Price, ...] = costs.PRICES

    def limits(self, account: Account) -> Limits:
        """280 by weight, any link as 23; a direct message 10,000."""
        private = Limits(
            10_000, "code_points", None, False, False, 1, _PICTURES, _LARGEST_PICTURE, _LONGEST_DESCRIPTION
        )
        return Limits(
            max_characters=280,
            unit="weighted",
            link_weight=23,
            short_mentions=False,
            counts_warning=False,
            max_media=4,
            media_types=_PICTURES,
            max_media_bytes=_LARGEST_PICTURE,
            max_alt=_LONGEST_DESCRIPTION,
            private=private,
        )

    async def authorize(self, fields: dict[str, str], return_url: str) -> Authorization:
        """Say where to send the browser; the brand's own app is registered by hand."""
        return sign_in.begin(fields, return_url)

    async def connect(
        self, fields: dict[str, str], keep: dict[str, str], answer: dict[str, str], return_url: str
    ) -> Connected:
        """Finish a connection from the browser's return or from a pasted token."""
        return await connect.connect(fields, keep, answer, return_url, self.name)

    async def refresh(self, account: Account) -> Connected:
        """Read again who the account is."""
        return await connect.describe(account)

    async def mentions(self, account: Account, cursor: str | None, *, limit: int = 80) -> Page:
        """Everything right after `cursor`, however much it is; with None the newest page, whose cursor is never None."""
        return await pages.after(account, cursor, limit)

    async def older_mentions(
        self, account: Account, before: str | None, *, limit: int = 80, since: datetime | None = None
    ) -> Page:
        """The mentions right before `before`, down to the 800th; `cursor` is the next `before`."""
        return await pages.before(account, before, limit, since)

    async def thread(self, account: Account, remote_id: str) -> Thread:
        """The post, what it answers, and what was said below it in the last seven days. Raises Gone."""
        return await thread.thread(account, remote_id)

    async def post(self, account: Account, remote_id: str) -> Inbound:
        """One post as it is now. Raises Gone when it vanished."""
        return await thread.post_now(account, remote_id)

    def checks(self, account: Account) -> int:
        """Thousands with the developer app's bearer token. Without it each would be charged for, every day: none."""
        return compliance.AT_ONCE if account.credentials.get("bearer") else 0

    async def vanished(self, account: Account, remote_ids: Sequence[str], job: str | None) -> Checked:
        """What a compliance job says, which takes a while."""
        return await compliance.vanished(account, remote_ids, job)

    def hints(self, account: Account) -> AsyncIterator[Hint]:
        """Yield once the activity stream stands and whenever something may have happened."""
        return line.listen(account)

    def answerable(self, account: Account, asked: Asked, at: datetime) -> Answerable:
        """By the rule that the API answers only whom named or quoted the account."""
        return answer.answerable(account, asked)

    async def incoming(self, account: Account, request: Request) -> Answer:
        """Answer the webhook of X Activity."""
        return await webhook.incoming(account, request)

    async def prepare(self, account: Account, outgoing: Outgoing) -> dict[str, Any]:
        """Nothing: X knows no key of ours, so there is nothing to make beforehand."""
        return {}

    async def upload(self, account: Account, upload: Upload) -> str:
        """Upload a picture and wait until it can be used; its id."""
        return await media.upload(account, upload)

    async def publish(self, account: Account, outgoing: Outgoing) -> Published:
        """Publish once; nothing keeps a repeat from doubling but find()."""
        return await publish.publish(account, outgoing)

    def repeat_safe(self, account: Account, outgoing: Outgoing) -> float | None:
        """Never: X recognises no repeat."""
        return None

    async def find(self, account: Account, outgoing: Outgoing, since: datetime) -> Published | None:
        """Look through what we posted since for this reply."""
        return await publish.find(account, outgoing, since)

    def compose(
        self, parent_handle: str, others: Sequence[str], text: str, visibility: Visibility, *, own: str = ""
    ) -> str:
        """The text as it is: X puts the names in front by itself, and a message reaches nobody whom it names."""
        return text.strip()
