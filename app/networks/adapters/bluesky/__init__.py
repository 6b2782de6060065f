"""Bluesky, and other servers of the AT Protocol that carry its posts."""

from typing import Final

from app.networks.adapters.bluesky.adapter import Bluesky
from app.networks.port import Network

NETWORK: Final[Network] = Bluesky()
