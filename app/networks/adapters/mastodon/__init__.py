"""Mastodon, and the servers that speak its client API: GoToSocial, Akkoma and their kin."""

from typing import Final

from app.networks.adapters.mastodon.adapter import Mastodon
from app.networks.port import Network

NETWORK: Final[Network] = Mastodon()
