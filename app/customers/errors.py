"""What can go wrong with customers, in the sentences people read."""

from app.core.errors import Conflict, Invalid, NotFound


class CustomerNotFound(NotFound):
    """There is no such customer, or they wrote to none of your brands."""


class CannotMergeWithSelf(Invalid):
    """These are already one and the same customer."""


class StaleCustomer(Conflict):
    """Somebody changed this customer since you looked."""


class CustomerUnnamed(Invalid):
    """Say who asks: by a customer's id here, or by the reference your system has for them."""


class CustomerTaken(Conflict):
    """This reference stands for another customer of this brand; their id comes with this answer."""
