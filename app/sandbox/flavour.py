"""The two personalities of the sandbox: a Mastodon server, or one like GoToSocial, which differs where clients trip."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Flavour:
    """What a family of servers does differently."""

    name: str
    version: str
    api_versions: dict[str, int] | None
    numeric_ids: bool
    honours_keys: bool  # a repeated Idempotency-Key gives the first status again
    counts_graphemes: bool  # else code points, without any discount
    max_characters: int
    per_url: int
    max_media: int
    max_alt: int
    max_image_bytes: int
    invalid: int  # the code for a text it will not take
    bulk_read: bool  # GET /api/v1/statuses?id[]=
    policies: bool  # /api/v2/notifications/policy and what filters
    dismiss: bool
    quotes: bool
    events_over_http: bool  # /api/v1/streaming/user as server-sent events, and its health page
    edit_tells: str  # who gets an `update` notification: those who boosted, or all who reacted
    locked: bool
    default_privacy: str
    forgets_blockers: bool  # being blocked by an author removes the author's notifications
    streaming_scheme: str | None  # advertised whatever the server itself speaks
    max_page: int = 80


MASTODON: Final = Flavour(
    name="mastodon", version="4.6.3", api_versions={"mastodon": 10}, numeric_ids=True, honours_keys=True,
    counts_graphemes=True, max_characters=500, per_url=23, max_media=4, max_alt=1500, max_image_bytes=16 * 1024 * 1024,
    invalid=422, bulk_read=True, policies=True, dismiss=True, quotes=True, events_over_http=True, edit_tells="boosted",
    locked=False, default_privacy="public", forgets_blockers=False, streaming_scheme=None,
)  # fmt: skip

GOTOSOCIAL: Final = Flavour(
    name="gotosocial", version="3.5.3+0.20.0-sandbox", api_versions=None, numeric_ids=False, honours_keys=False,
    counts_graphemes=False, max_characters=5000, per_url=25, max_media=6, max_alt=1500, max_image_bytes=40 * 1024 * 1024,
    invalid=400, bulk_read=False, policies=False, dismiss=False, quotes=False, events_over_http=False,
    edit_tells="reacted", locked=True, default_privacy="unlisted", forgets_blockers=True, streaming_scheme="wss",
)  # fmt: skip

FLAVOURS: Final = {flavour.name: flavour for flavour in (MASTODON, GOTOSOCIAL)}
