"""What the console may know of a customer."""

from datetime import datetime

from app.core.event import View


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

    id: str
    name: str
    note: str
    identities: list[IdentityView]
    created_at: datetime
    revision: int


class CustomersView(View):
    """A page of customers, the newest first."""

    items: list[CustomerView]
    next: str | None
