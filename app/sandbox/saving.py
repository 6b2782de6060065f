"""Writing the network down and reading it again, so that the demo's posts outlive a restart."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any, Final, TypeVar

import orjson

from app.core.errors import Unavailable
from app.sandbox.records import Account, Application, Notice, Picture, Status, Token, Version
from app.sandbox.world import World

VERSION: Final = 1
RETRY_SECONDS: Final = 5.0
_log: Final = logging.getLogger(__name__)
_PLAIN: Final = ("blocks", "follows", "read_talks", "keys", "given", "orphans")
_ROWS: Final = ("accounts", "pictures", "applications", "tokens", "statuses", "notices")

T = TypeVar("T")


class MemoryUnreadable(Unavailable):
    """What the sandbox wrote down cannot be read; move the file away to begin anew."""


UNSEEN: Final = 100_000
"""How far notification ids jump after a death: nobody may be told an id again that was given out but not written."""


def dump(world: World, *, clean: bool = False) -> bytes:
    """Write everything that must outlive the process; authorisation codes need not. `clean`: nothing will follow."""
    body: dict[str, Any] = {
        "version": VERSION,
        "flavour": world.flavour.name,
        "last_id": str(world.flakes.last),
        "notice_number": world.notice_number + (0 if clean else UNSEEN),
    }
    body |= {name: list(getattr(world, name).values()) for name in _ROWS}
    body |= {name: getattr(world, name) for name in _PLAIN}
    return orjson.dumps(body)


def load(world: World, data: bytes) -> None:
    """Read a network back into an empty world, indexes and all."""
    body = orjson.loads(data)
    if body["version"] != VERSION:
        raise ValueError(f"version {body['version']}")
    world.flakes.last, world.notice_number = int(body["last_id"]), body["notice_number"]
    for row in body["accounts"]:
        account = _make(Account, row)
        world.accounts[account.id] = account
        world.by_acct[account.acct.casefold()] = account.id
    world.pictures = {row["id"]: _make(Picture, row) for row in body["pictures"]}
    world.applications = {row["client_id"]: _make(Application, row) for row in body["applications"]}
    world.tokens = {row["value"]: _make(Token, row) for row in body["tokens"]}
    for row in body["statuses"]:
        row["history"] = [_make(Version, one) for one in row["history"]]
        world.shelve(_make(Status, row))
    for row in body["notices"]:
        world.note(_make(Notice, row))
    for name in _PLAIN:
        setattr(world, name, body[name])
    world.keys = {key: (status_id, at_ms) for key, (status_id, at_ms) in body["keys"].items()}


def _make(kind: type[T], row: dict[str, Any]) -> T:
    known = {one.name for one in fields(kind)}  # type: ignore[arg-type]
    return kind(**{name: value for name, value in row.items() if name in known})


class Memory:
    """A file that follows the world: written soon after a change, whole or not at all."""

    def __init__(self, world: World, path: Path, *, rest: float = 0.5) -> None:
        """Remember `world` in `path`; after writing, rest at least so many seconds, and longer when writing is slow."""
        self.world = world
        self.path = path
        self.rest = rest
        self.written = 0
        self._changed = asyncio.Event()

    def recall(self) -> None:
        """Read the file, if there is one. Raises MemoryUnreadable."""
        if not self.path.exists():
            return
        try:
            load(self.world, self.path.read_bytes())
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            sentence = f"The sandbox cannot read its memory {self.path} ({error}); move the file away to begin anew."
            raise MemoryUnreadable(sentence) from error
        self.world.changes = 0

    def follow(self) -> Callable[[], None]:
        """Answer what the world calls after each change."""
        return self._changed.set

    async def run(self) -> None:
        """Write after changes, for ever."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            began = time.monotonic()
            data, self.written = dump(self.world), self.world.changes
            took = time.monotonic() - began
            try:
                await asyncio.to_thread(self._write, data)
            except OSError:
                # a full disk may get room again; meanwhile the network goes on, and the reason is on the screen
                _log.exception("The sandbox cannot write %s; it tries again", self.path)
                self._changed.set()
                await asyncio.sleep(RETRY_SECONDS)
            await asyncio.sleep(max(self.rest, took * 20))

    def save(self) -> None:
        """Write for the last time, if anything changed at all."""
        if self.written or self.world.changes:
            self._write(dump(self.world, clean=True))
            self.written = self.world.changes

    def _write(self, data: bytes) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.path.with_suffix(".new")
        fresh.write_bytes(data)
        fresh.replace(self.path)
