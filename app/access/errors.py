"""What can go wrong with keys and with requests that are repeated, in sentences."""

from app.core.errors import Conflict, Invalid, NotFound, Refused, TooMany, Unauthenticated


class KeyRefused(Unauthenticated):
    """This key is not known here, or it was revoked or has expired."""


class ScopeMissing(Refused):
    """This key may not do this; what each scope allows stands in the reference."""


class ForPeopleOnly(Refused):
    """This is for people who sign in, not for keys."""


class TooManyRequests(TooMany):
    """This key has made as many requests as it may in a minute; go on when Retry-After says."""


class KeyNotFound(NotFound):
    """There is no such key."""


class TooManyKeys(Conflict):
    """There are as many keys as a desk may have; revoke those nobody needs."""


class ExpiryInThePast(Invalid):
    """Choose a time in the future for the key to expire at."""


class UnknownBrand(Invalid):
    """One of these brands does not exist."""


class IdempotencyKeyInvalid(Invalid):
    """An Idempotency-Key has between 1 and 200 characters, all of which can be seen."""


class AnotherRequest(Invalid):
    """This Idempotency-Key was used for another request; make a new one for each thing."""


class StillRunning(Conflict):
    """The first request with this Idempotency-Key is still being carried out; ask again in a moment."""

    come_again = 1
