"""The questions we ask as one account, within one budget of time, with a session that is renewed when it ends."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from app.core import client
from app.networks.adapters.bluesky import session
from app.networks.adapters.bluesky.call import Params, call
from app.networks.adapters.bluesky.failures import SessionOver
from app.networks.port import Account
from app.networks.reach import TimeLeft

LARGE: Final = 32_000_000
"""Bytes of a thread at most."""
CHAT: Final = {"atproto-proxy": "did:web:api.bsky.chat#bsky_chat"}
"""What makes an account's own server pass a question on to the service for private messages."""
_RENEWALS: Final = 2


class Api:
    """An account's own server, asked as it; made for one call of the port and its 20 seconds."""

    def __init__(self, account: Account, *, budget: float = client.BUDGET) -> None:
        """`budget` in seconds is for all requests together."""
        self.account = account
        self.left = TimeLeft(budget)

    async def get(self, name: str, params: Params = (), *, chat: bool = False, largest: int = client.LARGEST) -> Any:
        """Ask a question by its name. Raises what failures.py says of other answers."""
        return await self._ask("GET", name, params=params, headers=CHAT if chat else None, largest=largest)

    async def post(self, name: str, content: Any, *, chat: bool = False, wrote: bool = False) -> Any:
        """Have something done. With `wrote`, an open fate is Unknown."""
        return await self._ask("POST", name, content=content, headers=CHAT if chat else None, wrote=wrote)

    async def send(self, name: str, data: bytes, media_type: str) -> Any:
        """Hand over a file."""
        return await self._ask("POST", name, data=(data, media_type))

    async def _ask(
        self,
        method: str,
        name: str,
        *,
        params: Params = (),
        content: Any = None,
        data: tuple[bytes, str] | None = None,
        headers: Mapping[str, str] | None = None,
        wrote: bool = False,
        largest: int = client.LARGEST,
    ) -> Any:
        url = f"{session.home(self.account)}/xrpc/{name}"

        async def once(access: str) -> Any:
            return await call(
                method,
                url,
                token=access,
                params=params,
                content=content,
                data=data,
                headers=headers,
                wrote=wrote,
                largest=largest,
                budget=self.left(),
            )

        access = session.current(self.account).get("access", "")
        for _ in range(_RENEWALS):
            with suppress(SessionOver):  # nothing was done there: it is asked again with a new one
                if access:
                    return await once(access)
            access = (await session.renewed(self.account, access)).get("access", "")
        return await once(access)
