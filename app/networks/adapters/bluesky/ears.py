"""Tells which of everybody's posts concern an account, as a Jetstream tells of them; pure."""

import json
from dataclasses import dataclass
from typing import Any, Final

from app.networks.adapters.bluesky import facets
from app.networks.adapters.bluesky.embeds import quoted
from app.networks.adapters.bluesky.names import POST, AtUri, post_uri, read_did
from app.networks.foreign import identifier, member, objects
from app.networks.port import Hint

_MOST_KEPT: Final = 5_000


@dataclass(frozen=True, slots=True)
class Heard:
    """What happened to one post."""

    uri: str
    did: str  # whose post it is
    deleted: bool
    record: Any


def read_frame(frame: str | bytes) -> Heard | None:
    """What a frame tells of a post, of the first wire and the second; None for anything else."""
    try:
        event = json.loads(frame)
    except (ValueError, RecursionError):
        return None
    inner = member(event, "payload") or event
    commit = member(inner, "commit") or inner
    did, key = read_did(member(inner, "did")), identifier(member(commit, "rkey"), 512)
    if did is None or key is None or member(commit, "collection") != POST:
        return None
    deleted = member(commit, "operation") == "delete"
    return Heard(str(AtUri(did, POST, key)), did, deleted, member(commit, "record"))


class Ears:
    """Of one account; they remember what concerned it, for when that is deleted."""

    def __init__(self, did: str) -> None:
        """`did`: the account's."""
        self._did = did
        self._kept: dict[str, None] = {}

    def hear(self, heard: Heard) -> Hint | None:
        """What it hints at; None for what does not concern the account."""
        if heard.deleted:
            return Hint(heard.uri) if heard.uri in self._kept else None
        if heard.did != self._did and not self._names_us(heard.record):
            return None
        while len(self._kept) >= _MOST_KEPT:
            del self._kept[next(iter(self._kept))]
        self._kept[heard.uri] = None
        return Hint(heard.uri)

    def _names_us(self, record: Any) -> bool:
        near = (member(record, "reply", "parent", "uri"), member(record, "reply", "root", "uri"))
        places = map(post_uri, (*near, quoted(member(record, "embed"))))
        if any(place is not None and place.did == self._did for place in places):
            return True
        return any(
            feature.get("did") == self._did
            for facet in objects(member(record, "facets"))[: facets.MOST]
            for feature in objects(facet.get("features"))
        )
