"""The two brands and the whole app, as the tests about attackers have them."""

from tests.security.conftest import brands, served

__all__ = ["brands", "served"]
