"""Facts about the people who ask."""

from typing import ClassVar, Literal

from app.core.event import Event


class CustomerChanged(Event):
    """A customer's name or note was changed by an agent."""

    audience: ClassVar[str] = "all"
    type: Literal["customer.changed"] = "customer.changed"
    customer_id: str


class CustomersMerged(Event):
    """Two customers turned out to be one; `gone_id` now answers as `customer_id`."""

    audience: ClassVar[str] = "all"
    type: Literal["customer.merged"] = "customer.merged"
    customer_id: str
    gone_id: str
