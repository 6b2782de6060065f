"""Village: a small network in memory that keeps the adapter's promises, so that connecting can be tested alone."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.networks.errors import NetworkError, Unauthorized
from app.networks.port import Account, Author, Authorization, Connected, ConnectField, Limits
from app.networks.words import Language, Words


def connected(name: str = "acme", token: str = "secret", server: str = "https://village.example") -> Connected:
    account = Account("village", server, f"id-{name}", name, {"token": token}, {"max_characters": 500})
    return Connected(account, name.title(), None, f"{server}/@{name}")


class Village:
    name = "village"
    words: Mapping[Language, Words] = dict.fromkeys(
        ("en", "fr"), Words(label="The village", connect={"token": "Token"}, answer={}, cost={}, trouble={})
    )
    mark = "M0 0h24v24H0z"
    can = frozenset({"public", "oauth", "token"})
    prices = ()
    connect_fields = (
        ConnectField("server", "connect.village.server", "url"),
        ConnectField("token", "connect.village.token", "secret", required=False),
    )

    def __init__(self) -> None:
        self.registered = 0
        self.failure: NetworkError | None = None
        self.present = connected()
        self.returned: list[tuple[dict[str, str], dict[str, str], str]] = []

    def limits(self, account: Account) -> Limits:
        return Limits(account.traits["max_characters"], "graphemes", 23, True, True, 4, ("image/png",), 1000, 1500)

    async def authorize(self, fields: dict[str, str], return_url: str) -> Authorization:
        self._fail()
        app = fields.get("client_id")
        if app is None:
            self.registered += 1
            app = f"app-{self.registered}"
        state = f"state-{app}-{len(self.returned)}"
        return Authorization(f"{fields['server']}/go?{app}", state, {"client_id": app, "client_secret": "s"})

    async def connect(
        self, fields: dict[str, str], keep: dict[str, str], answer: dict[str, str], return_url: str
    ) -> Connected:
        self.returned.append((keep, answer, return_url))
        self._fail()
        token = fields.get("token") or answer["code"]
        if token == "wrong":
            raise Unauthorized("This token is not ours.")
        account = replace(self.present.account, credentials={"token": token})
        return replace(self.present, account=account)

    async def refresh(self, account: Account) -> Connected:
        self._fail()
        return replace(self.present, account=replace(self.present.account, credentials=account.credentials))

    def _fail(self) -> None:
        if self.failure is not None:
            raise self.failure


def an_author(remote_id: str, **known: Any) -> Author:
    return Author(remote_id, known.pop("handle", f"{remote_id}@village.example"), known.pop("name", remote_id), **known)
