"""Takes out of a picture what it says beside what it shows: where and when it was taken, with what, by whom."""

import asyncio
import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any, Final, NewType

from PIL import Image, ImageSequence
from PIL.JpegImagePlugin import JpegImageFile, get_sampling

_MOST_PIXELS: Final = 50_000_000
"""Of a picture, or of all frames of a moving one together: about 200 MB while it is worked on."""
_FORMATS: Final = {"image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF", "image/webp": "WEBP"}
_HOW_TO_DRAW: Final = frozenset(
    (
        *("icc_profile", "transparency", "gamma", "srgb", "chromaticity", "dpi", "aspect", "interlace", "background"),
        *("duration", "loop", "default_image", "bbox", "disposal", "blend", "timestamp", "version"),
        *("jfif", "jfif_version", "jfif_density", "jfif_unit", "adobe", "adobe_transform"),
        *("progressive", "progression"),
    )
)
"""What Pillow tells of a file that concerns its pixels alone; anything else is taken out, known or not."""
_SEGMENTS: Final = (b"JFIF", b"ICC_PROFILE", b"Adobe")
_ORIENTATION: Final = 0x0112
_UPRIGHT: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What to do to pixels so that they stand as EXIF says that they are to be shown."""
_BROKEN: Final = (
    *(OSError, SyntaxError, ValueError, TypeError, LookupError, EOFError, OverflowError, RuntimeError),
    *(struct.error, zlib.error),
)
"""What Pillow raises for files that are not what they begin as."""

Image.MAX_IMAGE_PIXELS = None  # it would warn of what is refused here before a pixel of it is read
_hands: Final = ThreadPoolExecutor(2, "pictures")


Bare = NewType("Bare", bytes)
"""A picture's bytes that tell nothing beside what it shows."""


class NotAPicture(Exception):
    """These bytes cannot be read as a picture, or it is too large to be worked on."""


async def bare_picture(data: bytes, media_type: str) -> Bare:
    """The picture without a word beside it, upright; byte for byte as it came if it says nothing. Raises NotAPicture.

    A JPEG is written again by its own tables, what is without loss stays so. Colours keep their profile.
    """
    return await asyncio.get_running_loop().run_in_executor(_hands, bare, data, media_type)


def bare(data: bytes, media_type: str) -> Bare:
    """As bare_picture(), at once; takes a second for a large photograph."""
    try:
        with Image.open(BytesIO(data), formats=[_FORMATS[media_type]]) as picture:
            frames = getattr(picture, "n_frames", 1)
            if picture.width * picture.height * frames > _MOST_PIXELS:
                raise NotAPicture
            picture.load()
            return Bare(_written(picture, data, media_type) if _says_something(picture) else data)
    except _BROKEN as broken:
        raise NotAPicture from broken


def _says_something(picture: Image.Image) -> bool:
    if isinstance(picture, JpegImageFile) and any(
        name == "COM" or not said.startswith(_SEGMENTS) for name, said in picture.applist
    ):
        return True
    if getattr(picture, "private_chunks", None):
        return True
    return any(told.keys() - _HOW_TO_DRAW for told in _told(picture))


def _told(picture: Image.Image) -> list[dict[Any, Any]]:
    """What the file tells of each frame, known once that is read."""
    told = []
    for frame in ImageSequence.Iterator(picture):
        frame.load()
        told.append(dict(frame.info))
    picture.seek(0)
    return told


def _written(picture: Image.Image, data: bytes, media_type: str) -> bytes:
    """The picture anew; of a JPEG with several the first, which is the one that is shown."""
    how: dict[str, Any] = {"icc_profile": picture.info.get("icc_profile"), "comment": b""}
    if isinstance(picture, JpegImageFile):
        how |= {"qtables": picture.quantization, "subsampling": get_sampling(picture), "optimize": True}
        how |= {"progressive": "progressive" in picture.info}
    elif getattr(picture, "is_animated", False):
        how |= {"save_all": True, "duration": [told.get("duration", 0) for told in _told(picture)]}
        if media_type == "image/png":
            how |= {"blend": 0, "disposal": 0}  # Pillow hands out whole frames
    if media_type == "image/webp":
        how |= {"quality": 90, "lossless": b"VP8L" in data[:64]}
    turn = None if "save_all" in how else _UPRIGHT.get(picture.getexif().get(_ORIENTATION, 1))
    out = BytesIO()
    (picture if turn is None else picture.transpose(turn)).save(out, _FORMATS[media_type], **how)
    return out.getvalue()
