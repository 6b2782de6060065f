"""What a post carries beside its text: pictures with their descriptions, a film, a card, another post; pure."""

from typing import Any, Final

from app.networks.adapters.bluesky.names import post_uri
from app.networks.foreign import member, objects, whole, words
from app.networks.html import web_address
from app.networks.port import Media

_MOST: Final = 32


def pictures(embed: Any, view: Any) -> tuple[Media, ...]:
    """The pictures and films, by their addresses where the network shows them, else only by their descriptions."""
    shown = _media(view)
    found = [_picture(one) for one in _images(shown)[:_MOST]]
    if member(shown, "playlist") is not None:
        found.append(_film(shown))
    if found:
        return tuple(found)
    stored = _media(embed)
    found = [_picture(one) for one in _images(stored)[:_MOST] if one.get("image") is not None]
    if member(stored, "video") is not None:
        found.append(_film(stored))
    return tuple(found)


def card(embed: Any, view: Any) -> str | None:
    """The address of the page that a post shows a card of."""
    for one in (_media(view), _media(embed)):
        link = web_address(member(one, "external", "uri"))
        if link:
            return link
    return None


def quoted(embed: Any) -> str | None:
    """The address of the post that is quoted; None for lists, feeds and whatever else can be embedded."""
    for uri in (member(embed, "record", "uri"), member(embed, "record", "record", "uri")):
        found = post_uri(uri)
        if found is not None:
            return str(found)
    return None


def _media(embed: Any) -> Any:
    """The part with pictures of an embed that has a quoted post beside them."""
    inner = member(embed, "media")
    return inner if isinstance(inner, dict) else embed


def _images(embed: Any) -> list[dict[str, Any]]:
    return objects(member(embed, "images")) or objects(member(embed, "items"))


def _picture(image: dict[str, Any]) -> Media:
    return Media(
        kind="image",
        url=web_address(image.get("fullsize")),
        preview_url=web_address(image.get("thumb")) or web_address(image.get("thumbnail")),
        alt=words(image.get("alt"), 10_000),
        width=whole(member(image, "aspectRatio", "width"), 100_000),
        height=whole(member(image, "aspectRatio", "height"), 100_000),
    )


def _film(embed: Any) -> Media:
    return Media(
        kind="video",
        url=web_address(member(embed, "playlist")),
        preview_url=web_address(member(embed, "thumbnail")),
        alt=words(member(embed, "alt"), 10_000),
        width=whole(member(embed, "aspectRatio", "width"), 100_000),
        height=whole(member(embed, "aspectRatio", "height"), 100_000),
    )
