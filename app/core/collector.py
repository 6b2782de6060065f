"""settle(): what start-up made is never looked at for rings of objects again, and what comes after it more seldom."""

import gc
from typing import Final

_YOUNG: Final = 50_000
"""So many new containers are kept before they are looked at. The pages a worker takes in at once keep more than the usual
700 alive at any moment, and more than 10,000 too, so that each look found nothing; rings are rare here, and what waits in
them meanwhile is some megabytes."""


def settle() -> None:
    """Say that the process has started: to be called once, when it is ready."""
    gc.freeze()
    gc.set_threshold(_YOUNG, *gc.get_threshold()[1:])
