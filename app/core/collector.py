"""settle(): what start-up made is never looked at for rings of objects again, and what comes after it more seldom."""

import gc
from typing import Final

_YOUNG: Final = 10_000
"""So many new containers are kept before they are looked at. A page of mentions keeps more than the usual 700 alive at
any moment, so that each look found nothing and cost the page a fourteenth of Python's time; rings are rare here."""


def settle() -> None:
    """Say that the process has started: to be called once, when it is ready."""
    gc.freeze()
    gc.set_threshold(_YOUNG, *gc.get_threshold()[1:])
