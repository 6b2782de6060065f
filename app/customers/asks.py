"""The shapes of requests about customers."""

from typing import Annotated

from pydantic import StringConstraints

from app.agents.asks import Id
from app.core.event import Ask
from app.core.http_match import Seen
from app.core.shown import shown
from app.customers.examples import OTHER_CUSTOMER_ID


class DescribeAsk(Ask):
    """What to change about a customer; what is left out stays."""

    model_config = shown({"revision": 2, "note": "Prefers to be answered in private."})

    revision: Seen = None
    name: (
        Annotated[
            str,
            StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$"),
        ]
        | None
    ) = None
    note: Annotated[str, StringConstraints(max_length=20_000, pattern=r"^[^\x00]*$")] | None = None


class MergeAsk(Ask):
    """Who is the same person."""

    model_config = shown({"other_id": OTHER_CUSTOMER_ID})

    other_id: Id
    revision: Seen = None
