"""The sign-in of an account: the token that holds now, renewed before it ends by whoever comes first and nobody else.

A refresh token works once. Should a process die between asking for a new one and storing it, the old one is spent and
the new one lost: then nothing but connecting again helps, and that is what people are told. So that this stays rare,
the token is renewed while it still works, an answer that got lost is asked for once more at once, and what was
answered is stored before it is used (Account.renew).
"""

from base64 import b64encode
from datetime import timedelta
from typing import Any, Final

from app.core.clock import now
from app.networks.adapters.x.memory import Memory
from app.networks.adapters.x.wire import Wire, read
from app.networks.errors import NetworkError, Rejected, Transient, Unauthorized
from app.networks.foreign import identifier, member, whole, words
from app.networks.port import Account, Credentials

_EARLY: Final = timedelta(minutes=10)
"""So long before its end a token is renewed: a renewal that fails can be tried again meanwhile."""
_ORDINARY_SECONDS: Final = 7200
_RENEWAL_SECONDS: Final = 9.0
"""For one renewal, whatever is left to the call that needs it: cut short, its answer would be lost."""
SECRETS: Final = ("token", "refresh", "client_secret", "consumer_secret", "bearer")


class SignInLost(Unauthorized):
    """X does not renew this sign-in any more. Connect the account again."""


async def token(account: Account, memory: Memory, *, refused: str = "") -> str:
    """A token that holds; `refused` is one that X has just turned away. Raises Unauthorized, or Transient."""
    held = newest(account, memory)
    if not _must_renew(held, refused):
        return usable(held)
    async with memory.renewing:
        for _ in range(2):  # what somebody else stored meanwhile may be old as well
            held = newest(account, memory)
            if not _must_renew(held, refused):
                return usable(held)
            try:
                memory.credentials = await _renewed(account, held)
            except Transient:
                if refused or _seconds_left(held) <= 0:
                    raise
                return usable(held)
    return usable(newest(account, memory))


def newest(account: Account, memory: Memory) -> Credentials:
    """The newer of what the account was opened with and what this process got since."""
    kept = memory.credentials
    if kept is None or float(kept.get("got_at", 0)) <= float(account.credentials.get("got_at", 0)):
        return account.credentials
    return kept


def given(body: Any, before: Credentials) -> Credentials:
    """What a token endpoint answered, beside what we knew before. Raises Rejected when there is no token in it."""
    access = identifier(member(body, "access_token"))
    if access is None:
        raise Rejected("X gave no token.")
    seconds = whole(member(body, "expires_in"), 10**8) or _ORDINARY_SECONDS
    at = now().timestamp()
    refresh = identifier(member(body, "refresh_token")) or before.get("refresh", "")
    scopes = words(member(body, "scope")) or before.get("scopes", "")
    fresh = {"token": access, "refresh": refresh, "scopes": scopes}
    return {**before, **fresh, "got_at": f"{at:.3f}", "expires_at": f"{at + seconds:.0f}"}


def app_authorization(held: Credentials) -> str:
    """How the brand's app says who it is; empty for an app that has no secret."""
    if not held.get("client_secret"):
        return ""
    return "Basic " + b64encode(f"{held.get('client_id', '')}:{held['client_secret']}".encode()).decode()


async def _renewed(account: Account, held: Credentials) -> Credentials:
    async def ask(current: Credentials) -> Credentials:
        return await _ask_for_new(current, account.server)

    return await (ask(held) if account.renew is None else account.renew(held, ask))


async def _ask_for_new(held: Credentials, server: str) -> Credentials:
    form = {"grant_type": "refresh_token", "refresh_token": held["refresh"], "client_id": held.get("client_id", "")}
    secrets = [held.get(name, "") for name in SECRETS]
    lost: NetworkError | None = None
    for _ in range(2):
        try:
            answer = await Wire(server, budget=_RENEWAL_SECONDS).ask(
                "POST", "/2/oauth2/token", form=form, authorization=app_authorization(held)
            )
            return given(read(answer, secrets=secrets), held)
        except Transient as problem:
            lost = problem
        except (Rejected, Unauthorized) as refused:
            raise SignInLost(_why(refused, after_loss=lost is not None)) from refused
    assert lost is not None
    raise lost


def _why(refused: NetworkError, *, after_loss: bool) -> str:
    begin = f"X does not renew this sign-in any more ({refused.sentence.rstrip('.')})."
    lost = " Its last answer to us was lost, and a renewal works only once." if after_loss else ""
    return f"{begin}{lost} Connect the account again."


def _must_renew(held: Credentials, refused: str) -> bool:
    if not held.get("refresh"):
        return False
    return held.get("token") == refused or _seconds_left(held) <= _EARLY.total_seconds()


def _seconds_left(held: Credentials) -> float:
    return float(held.get("expires_at") or "inf") - now().timestamp()


def usable(held: Credentials) -> str:
    """The token as it may stand in a header. Raises Unauthorized for what was typed wrong."""
    value = held.get("token", "")
    if not value or not value.isascii() or not value.isprintable() or " " in value:
        raise Unauthorized
    return value
