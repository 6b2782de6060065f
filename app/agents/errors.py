"""What can go wrong with the people who answer, in the sentences they read."""

from app.core.errors import Conflict, Invalid, NotFound, Refused, TooMany, Unauthenticated


class WrongPassword(Unauthenticated):
    """The e-mail address or the password is not right."""


class OldPasswordWrong(Invalid):
    """This is not your present password."""


class PasswordTooShort(Invalid):
    """A password needs at least 8 characters."""


class TooManyGuesses(TooMany):
    """Too many attempts to sign in; wait a little and try again."""


class AgentDisabled(Refused):
    """This sign-in was switched off; ask a lead."""


class AgentNotFound(NotFound):
    """There is no such colleague."""


class TeamNotFound(NotFound):
    """There is no such team."""


class SignInNotFound(NotFound):
    """This browser is not signed in any more."""


class EmailTaken(Conflict):
    """Somebody already signs in with this e-mail address."""


class TeamNameTaken(Conflict):
    """There is already a team of this name."""


class LastLead(Conflict):
    """At least one lead must remain; make somebody else a lead first."""


class StaleAgent(Conflict):
    """Somebody changed this colleague since you looked."""


class StaleTeam(Conflict):
    """Somebody changed this team since you looked."""


class UnknownMember(Invalid):
    """One of these people, teams or brands does not exist."""
