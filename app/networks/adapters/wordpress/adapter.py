"""The promises of the port, kept for the comments of a WordPress site."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from app.networks.adapters.wordpress import answer, pages, publish, vanished
from app.networks.adapters.wordpress import connect as connecting
from app.networks.adapters.wordpress.client import Api, Unreadable
from app.networks.adapters.wordpress.posts import posts_of
from app.networks.adapters.wordpress.translate import to_inbound
from app.networks.answerable import Answerable, Asked
from app.networks.cost import Price
from app.networks.errors import Gone, Rejected
from app.networks.foreign import member, whole
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
from app.networks.silence import no_hints
from app.networks.words import Language, Words, words_beside

LONGEST: int = 65_525
"""Bytes of a comment (WordPress, wp_get_comment_fields_max_lengths)."""
_MOST_ABOVE = 20


class WordPress:
    """Comments under a brand's own posts."""

    name: str = "wordpress"
    words: Mapping[Language, Words] = words_beside(__file__)
    mark: str = (
        "M4 4h16a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-7l-5 4v-4H4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2Zm2.2 3.5 2.3 7h1.7L12 9.6l1.8"
        " 4.9h1.7l2.3-7h-1.9l-1.3 4.4-1.6-4.4h-2L9.4 11.9 8.1 7.5Z"
    )
    can: frozenset[str] = frozenset(("public", "backfill", "oauth", "token", "edit", "reread", "late"))
    connect_fields: tuple[ConnectField, ...] = (
        ConnectField("server", "connect.wordpress.server", "url", placeholder="blog.example"),
        ConnectField("user", "connect.wordpress.user", "text", required=False),
        ConnectField("token", "connect.wordpress.token", "secret", required=False),
        ConnectField("close_days", "connect.wordpress.close_days", "text", required=False, placeholder="14"),
    )
    prices: tuple[Price, ...] = ()

    def limits(self, account: Account) -> Limits:
        """Long, and words only."""
        return Limits(LONGEST, "code_points", None, False, False, 0, (), 0, 0, max_bytes=LONGEST)

    async def authorize(self, fields: dict[str, str], return_url: str) -> Authorization:
        """Say where a person gives us an application password."""
        return await connecting.begin(fields, return_url)

    async def connect(
        self, fields: dict[str, str], keep: dict[str, str], answer: dict[str, str], return_url: str
    ) -> Connected:
        """Finish a connection from the browser's return or from a pasted application password."""
        if keep:
            return await connecting.finish(keep, answer, self.name)
        site = connecting.site_address(fields.get("server", ""))
        credentials = {"user": fields.get("user", ""), "token": fields.get("token", "")}
        return await connecting.describe(site, credentials, self.name, connecting.close_days(fields))

    async def refresh(self, account: Account) -> Connected:
        """Read again who the account is and what it may do."""
        days = answer.days_of(account.traits.get("close_days"))
        return await connecting.describe(account.server, account.credentials, self.name, days)

    async def mentions(self, account: Account, cursor: str | None, *, limit: int = 80) -> Page:
        """The comments right after the cursor; with None the newest."""
        return await pages.after(account, cursor, limit)

    async def older_mentions(
        self, account: Account, before: str | None, *, limit: int = 80, since: datetime | None = None
    ) -> Page:
        """The comments right before `before`; `cursor` is the next `before`."""
        return await pages.before(account, before, limit)

    async def thread(self, account: Account, remote_id: str) -> Thread:
        """What is above and below a comment under the same post. Raises Gone."""
        api, post = Api.of(account), await self._comment(account, remote_id)
        around = await pages.of_post(api, whole(member(post, "post")) or 0, account)
        by_id = {pages.place_of(one).number: one for one in around}
        ancestors: list[Any] = []
        above = whole(member(post, "parent"), 10**18)
        while above and len(ancestors) < _MOST_ABOVE:
            parent = by_id.get(above)
            if parent is None:
                try:
                    parent = await self._comment(account, str(above))
                except Gone:
                    break
            ancestors.insert(0, parent)
            above = whole(member(parent, "parent"), 10**18)
        below, known = [], {whole(member(post, "id"), 10**18)}
        for number, one in sorted(by_id.items()):
            if whole(member(one, "parent"), 10**18) in known:
                known.add(number)
                below.append(one)
        posts = await posts_of(account, api, [post])
        read = self._readable(account, [post], posts)
        return Thread(
            tuple(self._readable(account, ancestors, posts)),
            tuple(self._readable(account, below, posts)),
            read[0] if read else None,
        )

    async def post(self, account: Account, remote_id: str) -> Inbound:
        """One comment as it is now. Raises Gone when it was deleted, binned or marked as spam."""
        comment = await self._comment(account, remote_id)
        read = self._readable(account, [comment], await posts_of(account, Api.of(account), [comment]))
        if not read:
            raise Gone
        return read[0]

    def checks(self, account: Account) -> int:
        """A hundred."""
        return vanished.AT_ONCE

    async def vanished(self, account: Account, remote_ids: Sequence[str], job: str | None) -> Checked:
        """Those that were deleted, binned or marked as spam."""
        return Checked(await vanished.gone(account, remote_ids))

    def hints(self, account: Account) -> AsyncIterator[Hint]:
        """WordPress has no line to listen at."""
        return no_hints()

    def answerable(self, account: Account, asked: Asked, at: datetime) -> Answerable:
        """What is there can be answered as long as its post takes comments."""
        return answer.answerable(asked, answer.days_of(account.traits.get("close_days")), at)

    async def incoming(self, account: Account, request: Request) -> Answer:
        """Nothing calls us here. Raises Rejected."""
        raise Rejected

    async def prepare(self, account: Account, outgoing: Outgoing) -> dict[str, Any]:
        """Nothing: the text and its parent are enough."""
        return {}

    async def upload(self, account: Account, upload: Upload) -> str:
        """Comments carry no pictures. Raises Rejected."""
        raise Rejected("Comments carry no pictures.")

    async def publish(self, account: Account, outgoing: Outgoing) -> Published:
        """Publish once."""
        return await publish.publish(account, outgoing)

    def repeat_safe(self, account: Account, outgoing: Outgoing) -> float | None:
        """Never: the site refuses a repeat as a duplicate only as long as nobody has changed that."""
        return None

    async def find(self, account: Account, outgoing: Outgoing, since: datetime) -> Published | None:
        """Look through our own comments since then."""
        return await publish.find(account, outgoing, since)

    def compose(
        self, parent_handle: str, others: Sequence[str], text: str, visibility: Visibility, *, own: str = ""
    ) -> str:
        """The text as it is: a comment stands under the one it answers."""
        return text

    async def _comment(self, account: Account, remote_id: str) -> Any:
        if not remote_id.isascii() or not remote_id.isdecimal():
            raise Gone
        comment = await Api.of(account).get(f"wp/v2/comments/{remote_id}", one_post=True)
        if not isinstance(comment, dict):
            raise Unreadable
        if to_inbound(comment, pages.reader_of(account)) is None:
            raise Gone
        return comment

    @staticmethod
    def _readable(account: Account, comments: list[Any], posts: dict[int, Any]) -> list[Inbound]:
        reader = pages.reader_of(account, posts)
        read = [to_inbound(one, reader) for one in comments]
        return [one for one in read if isinstance(one, Inbound)]
