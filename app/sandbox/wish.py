"""What somebody wants to post, read from a client's parameters or a control call, before anything is checked."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Wish:
    """A status to be; None and empty mean that the client did not say."""

    text: str = ""
    visibility: str | None = None
    parent_id: str | None = None
    spoiler: str = ""
    sensitive: bool = False
    language: str | None = None
    media_ids: list[str] = field(default_factory=list)
    quote_id: str | None = None
    quote_policy: str = "public"
    allowed: list[str] | None = None  # account ids the text may mention; None: anybody
    key: str | None = None
    application: str | None = None
    website: str | None = None
