"""X, by version 2 of its API and with the brand's own developer app."""

from typing import Final

from app.networks.adapters.x.adapter import X
from app.networks.port import Network

NETWORK: Final[Network] = X()
