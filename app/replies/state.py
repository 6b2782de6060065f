"""Which states of a reply are unfinished; pure."""

from typing import Final

UNFINISHED: Final = ("queued", "sending", "unsure")
"""What may still leave, or may have left without our knowing; nothing leads out of `sent`: what is out stays out."""
