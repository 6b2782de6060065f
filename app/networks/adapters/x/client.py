"""The calls we make for one account: signed in, by the names its server understands, counted for the ledger."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from app.core import client
from app.networks.adapters.x import names
from app.networks.adapters.x.memory import memory_of
from app.networks.adapters.x.session import SECRETS, newest, token, usable
from app.networks.adapters.x.wire import Params, Unreadable, Wire, read
from app.networks.errors import Unauthorized
from app.networks.foreign import identifier, member, objects
from app.networks.port import Account

MOST_AT_ONCE: Final = 100
"""Posts or profiles that one look-up may ask for."""


class Api:
    """X as one account sees it; made for one call of the port and its 20 seconds."""

    def __init__(self, account: Account, *, budget: float = client.BUDGET, renews: bool = True) -> None:
        """`budget` in seconds is for all requests together; without `renews`, the sign-in is used as it is."""
        self.account = account
        self.memory = memory_of(account)
        self._renews = renews
        self.wire = Wire(account.server, budget=budget)

    async def get(self, path: str, params: Params = ()) -> Any:
        """Read JSON signed in as the account. Raises what failure() says, Unreadable for no JSON object."""
        return self._object(self._read(await self._signed("GET", path, params=params)))

    async def get_page(self, path: str, params: Params = ()) -> Any:
        """Read a page of a list, which says how long it is also when it is empty; anything else is Unreadable."""
        return self._page(await self.get(path, params))

    async def get_posts(self, path: str, params: Params = (), *, by_id: bool = False) -> Any:
        """Read a page of posts with everything we want of them, by whichever names the server knows them.

        Posts asked for `by_id` come without a word of how many they are.
        """
        for _ in range(2):
            asked_by = self.memory.generation
            answer = await self._signed("GET", path, params=[*params, *names.wanted(asked_by)])
            if answer.status == 400 and names.complains_of(_json(answer), asked_by):
                self.memory.generation = names.other(asked_by)
                continue
            break
        body = self._object(self._read(answer))
        return self._listed(body) if by_id else self._page(body)

    async def send(
        self,
        path: str,
        content: Any = None,
        *,
        method: str = "POST",
        form: Mapping[str, str] | None = None,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
        wrote: bool = False,
    ) -> Any:
        """Send JSON or a form, signed in as the account; with `wrote`, an open fate is Unknown. None when it says nothing.

        A refusal is about what was sent and leaves the sign-in alone.
        """
        answer = await self._signed(method, path, content=content, form=form, files=files, wrote=wrote)
        if answer.status == 204 or (not answer.body and 200 <= answer.status < 300 and not wrote):
            return None
        return self._read(answer, wrote=wrote, act=True)

    async def app(self, method: str, path: str, content: Any = None, params: Params = ()) -> Any:
        """Ask as the brand's app itself, by its bearer token. Raises Unauthorized without one."""
        bearer = self.account.credentials.get("bearer", "")
        if not bearer or not bearer.isascii() or not bearer.isprintable() or " " in bearer:
            raise Unauthorized("The developer app's bearer token is missing.")
        answer = await self.wire.ask(method, path, content=content, params=params, authorization=f"Bearer {bearer}")
        return self._read(answer) if answer.body else None

    async def profiles(self, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
        """People's profiles by id, asked for once a day; nobody is in it whom X does not show."""
        wanted = sorted(set(ids))
        missing = [one for one in wanted if self.memory.profile(one) is None]
        found = {one: known for one in wanted if (known := self.memory.profile(one)) is not None}
        for start in range(0, len(missing), MOST_AT_ONCE):
            part = missing[start : start + MOST_AT_ONCE]
            page = await self.get("/2/users", [("ids", ",".join(part)), ("user.fields", names.PROFILE)])
            fresh = objects(member(page, "data"))
            self.count("profile.read", fresh)
            for profile in fresh:
                if (number := identifier(profile.get("id"), 60)) is not None:
                    found[number] = profile
                    self.memory.keep_profile(number, profile)
        return found

    def count(self, name: str, entities: Iterable[Any]) -> None:
        """Count what was read; the same thing once a day, as X charges."""
        ids = {number for one in entities if (number := identifier(member(one, "id"), 60)) is not None}
        self.account.meter.add(name, self.memory.charge(name, ids))

    async def _signed(self, method: str, path: str, *, wrote: bool = False, **more: Any) -> client.Answer:
        known = newest(self.account, self.memory)
        holding = await token(self.account, self.memory) if self._renews else usable(known)
        answer = await self.wire.ask(method, path, authorization=f"Bearer {holding}", wrote=wrote, **more)
        if (
            answer.status == 401 and self._renews
        ):  # nothing was done; perhaps it ended early, or somebody renewed it meanwhile
            again = await token(self.account, self.memory, refused=holding)
            if again != holding:
                answer = await self.wire.ask(method, path, authorization=f"Bearer {again}", wrote=wrote, **more)
        return answer

    def _read(self, answer: client.Answer, *, wrote: bool = False, act: bool = False) -> Any:
        held = newest(self.account, self.memory)
        return read(answer, wrote=wrote, act=act, secrets=[held.get(name, "") for name in SECRETS])

    @staticmethod
    def _object(body: Any) -> dict[str, Any]:
        if not isinstance(body, dict) or not {"data", "meta", "errors"} & body.keys():
            raise Unreadable
        return body

    @classmethod
    def _page(cls, body: Any) -> Any:
        if not isinstance(body.get("meta"), dict):
            raise Unreadable
        return cls._listed(body)

    @staticmethod
    def _listed(body: Any) -> Any:
        if not isinstance(body.get("data", []), list):
            raise Unreadable
        return body


def _json(answer: client.Answer) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None
