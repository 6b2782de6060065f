"""The interface as a network: what other systems bring with their keys, told apart from what networks tell us."""

from app.networks.adapters.interface.adapter import Interface
from app.networks.port import Network

NETWORK: Network = Interface()
