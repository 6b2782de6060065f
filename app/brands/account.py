"""open_account(): a row to the adapter's Account; and what the console may know of it."""

from dataclasses import asdict, replace
from typing import Final

from app.brands.incoming_address import incoming_url
from app.brands.models import BrandAccount
from app.brands.renew import renewer
from app.brands.views import BrandAccountView, LimitsView
from app.core.secrets import CredentialsUnreadable, unseal
from app.networks.errors import Unauthorized
from app.networks.port import Account
from app.networks.reasons import why_of
from app.networks.registry import network, networks

_NONE = LimitsView(
    max_characters=0,
    unit="graphemes",
    link_weight=None,
    short_mentions=False,
    counts_warning=False,
    max_media=0,
    media_types=[],
    max_media_bytes=0,
    max_alt=0,
    max_bytes=None,
    private=None,
)
"""What may be sent through a network that this version of the house does not know: nothing."""


def open_account(row: BrandAccount) -> Account:
    """The account as its adapter needs it, credentials unsealed. Raises CredentialsUnreadable."""
    calls = row.network in networks() and "incoming" in network(row.network).can
    return replace(
        bare_account(row),
        credentials=unseal(row.credentials),
        renew=renewer(row.id),
        incoming_url=incoming_url(row.id) if calls else None,
    )


def account_at_work(row: BrandAccount) -> Account:
    """As open_account(), for work that nobody waits for: credentials that cannot be opened are a refused sign-in.

    Raises networks.errors.Unauthorized, so that the account breaks where its lead sees it instead of falling silent.
    """
    try:
        return open_account(row)
    except CredentialsUnreadable as problem:
        raise Unauthorized(problem.sentence) from problem


BARE: Final = (
    BrandAccount.id,
    BrandAccount.network,
    BrandAccount.server,
    BrandAccount.remote_id,
    BrandAccount.handle,
    BrandAccount.traits,
)
"""The columns that bare_account() asks of a row, for statements that read no more of an account."""


def bare_account(row: BrandAccount) -> Account:
    """The account for questions that ask nobody: without credentials."""
    return Account(
        network=row.network,
        server=row.server,
        remote_id=row.remote_id,
        handle=row.handle,
        credentials={},
        traits=row.traits,
        id=row.id,
    )


def limits_of(row: BrandAccount) -> LimitsView:
    """How this account's own server counts; needs no credentials."""
    if row.network not in networks():
        return _NONE
    return LimitsView.model_validate(asdict(network(row.network).limits(bare_account(row))))


def account_view(row: BrandAccount) -> BrandAccountView:
    """The account for the console; no credential is in it."""
    return BrandAccountView.model_validate(
        {
            "id": row.id,
            "brand_id": row.brand_id,
            "network": row.network,
            "server": row.server,
            "handle": row.handle,
            "name": row.name,
            "avatar_url": row.avatar_url,
            "url": row.url,
            "state": row.state,
            "problem": row.problem,
            **why_of(row.problem),
            "warnings": row.warnings,
            "limits": limits_of(row),
            "connected_at": row.connected_at,
            "revision": row.revision,
        },
    )
