"""A picture on its way up: announced, sent, finished, waited for, and described."""

import asyncio
from typing import Any, Final

from app.networks.adapters.x.client import Api
from app.networks.errors import Rejected, Transient
from app.networks.foreign import identifier, member, whole, words
from app.networks.port import Account, Upload

CATEGORIES: Final = {
    "image/jpeg": "tweet_image",
    "image/png": "tweet_image",
    "image/webp": "tweet_image",
    "image/gif": "tweet_gif",
}
"""What X calls the kinds of pictures it takes."""
_PIECE: Final = 1_000_000
_SHORTEST_PAUSE: Final = 0.5
_LONGEST_PAUSE: Final = 5


async def upload(account: Account, picture: Upload) -> str:
    """Upload a picture and wait until it may be used; its id, which lasts a day. Raises Rejected in X's words."""
    api = Api(account)
    announced = {
        "media_type": picture.media_type,
        "total_bytes": len(picture.data),
        "media_category": CATEGORIES.get(picture.media_type, "tweet_image"),
    }
    media_id = identifier(member(await api.send("/2/media/upload/initialize", announced), "data", "id"), 60)
    if media_id is None or not media_id.isdigit():
        raise Transient("X gave the picture no id.")
    for number, start in enumerate(range(0, len(picture.data), _PIECE)):
        piece = (picture.filename, picture.data[start : start + _PIECE], "application/octet-stream")
        await api.send(
            f"/2/media/upload/{media_id}/append", form={"segment_index": str(number)}, files={"media": piece}
        )
    await _finished(api, media_id, await api.send(f"/2/media/upload/{media_id}/finalize"))
    if picture.alt:
        await api.send("/2/media/metadata", {"id": media_id, "metadata": {"alt_text": {"text": picture.alt}}})
        account.meter.add("media.description")
    return media_id


async def _finished(api: Api, media_id: str, said: Any) -> None:
    """Wait while X works on the picture. Raises Rejected when it cannot, Transient when it takes long."""
    while (work := member(said, "data", "processing_info")) is not None:
        state = member(work, "state")
        if state == "succeeded":
            return
        if state == "failed":
            detail = words(member(work, "error", "message"), 300) or words(member(work, "error", "detail"), 300)
            raise Rejected(detail or "X could not read this picture.")
        pause = min(max(whole(member(work, "check_after_secs")) or 0, _SHORTEST_PAUSE), _LONGEST_PAUSE)
        if api.wire.left() <= 2 * pause:
            raise Transient("X is still working on the picture.")
        await asyncio.sleep(pause)
        said = await api.get("/2/media/upload", [("command", "STATUS"), ("media_id", media_id)])
