"""Where a network may call us about an account: an address of the account's own, which nobody can guess."""

import hmac
from typing import Final

from app.core.secrets import tokens_for
from app.core.settings import settings

_PURPOSE: Final = "incoming"


def incoming_path(account_id: str) -> str:
    """The path of the account's own address."""
    return f"/api/v1/incoming/{account_id}/{tokens_for(_PURPOSE, account_id)[0]}"


def incoming_url(account_id: str) -> str | None:
    """The whole address as a network on the web reaches it; None while our own public address is not set."""
    public = settings().public_url
    return f"{public.rstrip('/')}{incoming_path(account_id)}" if public else None


def is_address(account_id: str, token: str) -> bool:
    """Whether this token is of the account's address, made with any key that still opens; compared in constant time."""
    right = [hmac.compare_digest(one.encode(), token.encode()) for one in tokens_for(_PURPOSE, account_id)]
    return any(right)
