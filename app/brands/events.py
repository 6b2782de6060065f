"""Facts about brands and their accounts."""

from typing import ClassVar, Literal

from app.brands.views import BrandAccountView, BrandView
from app.core.event import Event


class BrandChanged(Event):
    """A brand was made or changed; carries how it is now."""

    audience: ClassVar[str] = "brand"
    type: Literal["brand.changed"] = "brand.changed"
    brand: BrandView


class AccountConnected(Event):
    """An account was connected, or works again; so many days of what was said before are to be imported."""

    type: Literal["account.connected"] = "account.connected"
    account: BrandAccountView
    import_days: int = 0


class AccountChanged(Event):
    """The account looks different at its network, or its server's limits changed."""

    type: Literal["account.changed"] = "account.changed"
    account: BrandAccountView


class AccountBroken(Event):
    """The network no longer accepts the account's sign-in; a lead must connect it again."""

    type: Literal["account.broken"] = "account.broken"
    account: BrandAccountView


class AccountDisconnected(Event):
    """The account was taken off; its tickets stay."""

    type: Literal["account.disconnected"] = "account.disconnected"
    account: BrandAccountView
