"""What can be wrong with webhooks, in sentences."""

from app.core.errors import Conflict, Invalid, NotFound


class WebhookNotFound(NotFound):
    """There is no such webhook."""


class DeliveryNotFound(NotFound):
    """There is no such delivery; the log keeps them for 30 days."""


class StaleWebhook(Conflict):
    """Somebody changed this webhook meanwhile; look at it as it is now."""


class AddressRefused(Invalid):
    """A webhook needs an https address with a name and no sign-in in it, at port 443 or 8443."""


class AddressInside(Invalid):
    """This address lies inside a private network; the operator can allow that with MENTIONDESK_ALLOW_PRIVATE_NETWORKS."""


class AddressUnknown(Invalid):
    """There is no server of this name."""


class UnknownType(Invalid):
    """There is no such type of event."""


class UnknownWebhookBrand(Invalid):
    """There is no such brand, or you do not see it."""


class NumberAhead(Invalid):
    """The log does not go so far yet."""
