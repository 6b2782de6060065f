"""What the console may know of a customer."""

from datetime import datetime

from app.core.event import View
from app.core.shown import shown
from app.customers import examples


class IdentityView(View):
    """One handle."""

    id: str
    network: str
    handle: str
    name: str
    url: str | None
    avatar_url: str | None
    followers: int | None
    bot: bool
    seen_at: datetime


class CustomerView(View):
    """A person who asks."""

    model_config = shown(examples.CUSTOMER)

    id: str
    name: str
    note: str
    identities: list[IdentityView]
    created_at: datetime
    revision: int


class CustomersView(View):
    """A page of customers, the newest first."""

    model_config = shown({"items": [examples.CUSTOMER], "next": None})

    items: list[CustomerView]
    next: str | None
