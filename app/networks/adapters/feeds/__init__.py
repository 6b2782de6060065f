"""Feeds: RSS, Atom and JSON Feed, listened to and never answered."""

from app.networks.adapters.feeds.adapter import Feeds
from app.networks.port import Network

NETWORK: Network = Feeds()
