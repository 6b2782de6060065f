"""What can go wrong with brands and their accounts, in the sentences people read."""

from app.core.errors import Conflict, Invalid, NotFound, Refused, Unavailable


class BrandNotFound(NotFound):
    """There is no such brand, or you are in no team that works for it."""


class BrandNameTaken(Conflict):
    """There is already a brand of this name."""


class StaleBrand(Conflict):
    """Somebody changed this brand since you looked."""


class UnknownTeam(Invalid):
    """One of these teams does not exist."""


class AlreadySetUp(Conflict):
    """This desk was set up before; sign in."""


class UnknownNetwork(Invalid):
    """This installation knows no such network."""


class FieldMissing(Invalid):
    """Something that the network needs was left out."""


class FieldUnknown(Invalid):
    """The network does not ask for this."""


class AccountNotFound(NotFound):
    """There is no such account, or you are in no team that works for its brand."""


class StaleAccount(Conflict):
    """Somebody changed this account since you looked."""


class AccountAlreadyConnected(Conflict):
    """This account already speaks for another brand."""


class AccountDisconnectedAlready(Conflict):
    """This account was taken off; connect it again."""


class ConnectionExpired(Refused):
    """This connection was not begun here, or too long ago; start it again."""


class ConnectionDeclined(Refused):
    """The network says that access was not granted."""


class SignInRefused(Invalid):
    """The network does not accept this sign-in."""


class NetworkRefused(Invalid):
    """The network refused this."""


class NetworkSilent(Unavailable):
    """The network does not answer right now; nothing was lost."""
