"""The shapes of imports and exports."""

from datetime import datetime
from typing import Literal

from app.core.event import View
from app.core.shown import shown
from app.transfer import examples

JobKind = Literal["import", "export"]
JobState = Literal["uploading", "queued", "running", "done", "failed", "cancelled"]


class JobView(View):
    """An import or export and how far it is."""

    model_config = shown(examples.JOB)

    id: str
    kind: JobKind
    state: JobState
    name: str
    agent_id: str
    brand_id: str | None
    """The brand an import goes into; null when its lines say."""
    brand_ids: list[str] | None
    """The brands an export is of; null for all."""
    created_at: datetime
    finished_at: datetime | None
    expires_at: datetime | None
    """Until when an export can be downloaded; null when it cannot."""
    problem: str | None
    """Why it came to nothing, in a sentence."""
    problem_code: str | None
    """The same as a name that stays."""
    size: int
    """Bytes of the file so far."""
    pieces: int
    """Pieces uploaded; the number of the next one."""
    position: int
    """Bytes of the file an import has dealt with."""
    lines: int
    """Lines dealt with: read by an import, written by an export."""
    fresh: int
    """Lines that made something."""
    already: int
    """Lines about what was here already."""
    passed: int
    """Lines of kinds that an import leaves out."""
    refused: int


class JobsView(View):
    """A page of imports and exports, the newest first; ask for the next with `before=next`."""

    model_config = shown({"items": [examples.JOB], "next": None})

    items: list[JobView]
    next: str | None


class RefusalView(View):
    """A line that was not taken: its number from 1, where in it (a JSON pointer), and why."""

    line: int
    place: str
    reason: str
    code: str | None
    """The reason as a name that stays; null for what is rarely wrong with a value."""


class RefusalsView(View):
    """A page of refused lines in their order; ask for the next with `after=next`."""

    model_config = shown(
        {
            "items": [
                {"line": 311, "place": "/identities/0/server", "reason": "Field required", "code": "field_missing"}
            ],
            "next": None,
        }
    )

    items: list[RefusalView]
    next: int | None
