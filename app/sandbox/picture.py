"""Telling a picture by its first bytes: what it is and how large, without decoding it."""

from dataclasses import dataclass
from typing import Final

MIMES: Final = ("image/jpeg", "image/png", "image/gif", "image/webp")


@dataclass(frozen=True, slots=True)
class Shape:
    """What a file's head says it is."""

    mime: str
    suffix: str
    width: int
    height: int


def shape(data: bytes) -> Shape | None:
    """Answer what a picture is, or None when it is none that microblogs take."""
    found = _png(data) or _gif(data) or _jpeg(data) or _webp(data)
    return found if found and found.width and found.height else None


def _number(data: bytes, at: int, size: int, order: str = "big") -> int:
    return int.from_bytes(data[at : at + size], "little" if order == "little" else "big")


def _png(data: bytes) -> Shape | None:
    if data[:8] != b"\x89PNG\r\n\x1a\n" or data[12:16] != b"IHDR":
        return None
    return Shape("image/png", "png", _number(data, 16, 4), _number(data, 20, 4))


def _gif(data: bytes) -> Shape | None:
    if data[:6] not in {b"GIF87a", b"GIF89a"}:
        return None
    return Shape("image/gif", "gif", _number(data, 6, 2, "little"), _number(data, 8, 2, "little"))


def _jpeg(data: bytes) -> Shape | None:
    """Walk the segments of a JPEG to its frame header (ITU T.81, B.2.2)."""
    if data[:2] != b"\xff\xd8":
        return None
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        kind = data[at + 1]
        if 0xC0 <= kind <= 0xCF and kind not in {0xC4, 0xC8, 0xCC}:
            return Shape("image/jpeg", "jpg", _number(data, at + 7, 2), _number(data, at + 5, 2))
        at += 2 + _number(data, at + 2, 2)
    return None


def _webp(data: bytes) -> Shape | None:
    """Read the three kinds of WebP (RFC 9649, section 2)."""
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        return None
    kind = data[12:16]
    if kind == b"VP8X":
        return Shape("image/webp", "webp", _number(data, 24, 3, "little") + 1, _number(data, 27, 3, "little") + 1)
    if kind == b"VP8L":
        bits = _number(data, 21, 4, "little")
        return Shape("image/webp", "webp", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    if kind == b"VP8 ":
        width, height = _number(data, 26, 2, "little") & 0x3FFF, _number(data, 28, 2, "little") & 0x3FFF
        return Shape("image/webp", "webp", width, height)
    return None
