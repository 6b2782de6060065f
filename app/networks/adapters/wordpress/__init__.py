"""WordPress: the comments under a brand's own posts, answered as the brand through the site's REST interface."""

from typing import Final

from app.networks.adapters.wordpress.adapter import WordPress
from app.networks.port import Network

NETWORK: Final[Network] = WordPress()
