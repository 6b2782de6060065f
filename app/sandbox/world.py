"""The whole network in memory: its tables, the indexes over them, and nothing that changes them by itself."""

from bisect import bisect_left, insort
from collections.abc import Callable
from datetime import datetime, timedelta

from app.core import clock
from app.sandbox.album import Album
from app.sandbox.flavour import MASTODON, Flavour
from app.sandbox.hub import Hub
from app.sandbox.ids import Snowflakes, Ulids, by_age
from app.sandbox.records import Account, Application, Code, Notice, Picture, Status, Token

FIRST_NOTICE = 9_990
"""Notification ids start just below a change of length, so that a client that compares them as text is found out."""


class World:
    """One network. Everything runs in one thread, so whoever changes it needs no lock, only to be synchronous."""

    def __init__(
        self,
        flavour: Flavour = MASTODON,
        *,
        address: str = "http://127.0.0.1:8420",
        domain: str = "sandbox.test",
        album: Album | None = None,
    ) -> None:
        """Begin empty. `address` is where browsers find it; `domain` is its name in handles and in uris, for ever."""
        self.flavour = flavour
        self.address = address.rstrip("/")
        self.domain = domain
        self.album = album or Album(None)
        self.hub = Hub()
        self.shift = timedelta()
        self.picture_seconds = 0.0
        self.key = by_age(flavour.numeric_ids).key
        self.flakes: Snowflakes | Ulids = Snowflakes() if flavour.numeric_ids else Ulids()
        self.notice_number = FIRST_NOTICE
        self.changes = 0
        self.on_change: Callable[[], None] | None = None
        self.empty()

    def empty(self) -> None:
        """Forget everything but the counters, which keep growing as on a real server."""
        self.accounts: dict[str, Account] = {}
        self.by_acct: dict[str, str] = {}
        self.statuses: dict[str, Status] = {}
        self.by_account: dict[str, list[str]] = {}
        self.replies: dict[str, list[str]] = {}
        self.boosts: dict[str, list[str]] = {}
        self.quotes: dict[str, list[str]] = {}
        self.notices: dict[str, Notice] = {}
        self.notices_of: dict[str, list[str]] = {}
        self.notices_about: dict[str, list[str]] = {}
        self.pictures: dict[str, Picture] = {}
        self.applications: dict[str, Application] = {}
        self.tokens: dict[str, Token] = {}
        self.codes: dict[str, Code] = {}
        self.blocks: dict[str, list[str]] = {}
        self.follows: dict[str, list[str]] = {}
        self.read_talks: dict[str, str] = {}
        self.keys: dict[str, tuple[str, int]] = {}
        self.given: dict[str, str] = {}
        self.orphans: dict[str, list[str]] = {}
        self.rendered: dict[str, str] = {}

    def now(self) -> datetime:
        """Answer the sandbox's instant: the house's clock, moved by what a test asked for."""
        return clock.now() + self.shift

    def now_ms(self) -> int:
        """Answer the sandbox's instant in milliseconds since 1970."""
        return int(self.now().timestamp() * 1000)

    def new_id(self, at_ms: int | None = None) -> str:
        """Make the id of a status, account or picture."""
        return self.flakes.next(self.now_ms() if at_ms is None else at_ms)

    def new_notice_id(self) -> str:
        """Make the id of a notification, always greater than the one before."""
        if isinstance(self.flakes, Ulids):
            return self.new_id()
        self.notice_number += 1
        return str(self.notice_number)

    def touch(self) -> None:
        """Note that something changed, so that it will be written down."""
        self.changes += 1
        if self.on_change:
            self.on_change()

    def shelve(self, status: Status) -> None:
        """Put a status into the tables and every index."""
        self.statuses[status.id] = status
        insort(self.by_account.setdefault(status.account_id, []), status.id, key=self.key)
        if status.parent_id:
            insort(self.replies.setdefault(status.parent_id, []), status.id, key=self.age)
        if status.boost_of:
            self.boosts.setdefault(status.boost_of, []).append(status.id)
        if status.quote_id:
            self.quotes.setdefault(status.quote_id, []).append(status.id)
        self.touch()

    def age(self, status_id: str) -> tuple[int, tuple[int, str]]:
        """Order answers by when they were written; given ids need not follow time."""
        return (self.statuses[status_id].created_ms, self.key(status_id))

    def unshelve(self, status: Status) -> None:
        """Take a status out of the tables and every index."""
        del self.statuses[status.id]
        self.rendered.pop(status.id, None)
        self.by_account[status.account_id].remove(status.id)
        for shelf, key in (
            (self.replies, status.parent_id),
            (self.boosts, status.boost_of),
            (self.quotes, status.quote_id),
        ):
            if key and status.id in shelf.get(key, []):
                shelf[key].remove(status.id)
        self.touch()

    def note(self, notice: Notice) -> None:
        """Put a notification into the tables."""
        self.notices[notice.id] = notice
        self.notices_of.setdefault(notice.owner_id, []).append(notice.id)
        if notice.status_id:
            self.notices_about.setdefault(notice.status_id, []).append(notice.id)
        self.touch()

    def drop_notice(self, notice: Notice) -> None:
        """Take a notification out of the tables."""
        del self.notices[notice.id]
        shelf = self.notices_of[notice.owner_id]
        place = bisect_left(shelf, self.key(notice.id), key=self.key)
        del shelf[place]
        if notice.status_id:
            self.notices_about[notice.status_id].remove(notice.id)
        self.touch()

    def account_named(self, acct: str) -> Account | None:
        """Find somebody by handle, with or without a leading @ and this server's own domain."""
        name = acct.removeprefix("@").casefold()
        user, _, domain = name.partition("@")
        found = self.by_acct.get(user if self.is_home(domain) else name)
        return self.accounts[found] if found else None

    def is_home(self, domain: str) -> bool:
        """Say whether a handle's domain means this server; its network address counts too."""
        return domain in {"", self.domain, self.address.partition("://")[2], "127.0.0.1", "localhost"}
