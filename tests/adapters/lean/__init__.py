"""The lean network, in the shape in which any network is found."""

from tests.lean import Lean

NETWORK = Lean()
