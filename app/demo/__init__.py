"""A desk to try: a network on this machine, a brand on it, three people; never anywhere but in `mentiondesk demo`."""

from app.demo.start import demo

__all__ = ["demo"]
