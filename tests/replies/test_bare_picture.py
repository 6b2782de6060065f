"""Pictures leave upright, in their colours, and without a word about where, when and by whom they were taken."""

import struct
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageSequence
from PIL.PngImagePlugin import PngInfo

from app.core import db
from app.core.transaction import transaction
from app.replies import bare_picture
from app.replies.bare_picture import NotAPicture, bare
from app.replies.errors import PictureRefused
from app.replies.models import Picture
from app.replies.picture import take_picture
from app.replies.views import PictureView
from tests.given import a_desk, a_lean_account
from tests.lean import Lean
from tests.networks.pictures import red_square
from tests.replies.test_widened import House
from tests.security.stage import cookie, whole_app

RED, BLUE = (250, 5, 5), (5, 5, 250)
PLACE = "Sesame Street 4711"
TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif"}
TURNS = (1, 2, 3, 4, 5, 6, 7, 8)
XMP = f"<x:xmpmeta><photoshop:City>{PLACE}</photoshop:City></x:xmpmeta>".encode()


def a_photograph(kind: str, orientation: int = 6) -> bytes:
    """48 x 32 pixels, red above and blue below when it is shown upright, with everything that a camera tells."""
    wide = orientation < 5
    shown = Image.new("RGB", (48, 32) if wide else (32, 48), BLUE)
    shown.paste(RED, (0, 0, shown.width, shown.height // 2))
    back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # how the pixels lie for each way of holding the camera
    lying = shown if orientation == 1 else shown.transpose(Image.Transpose(back[orientation]))
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = orientation, PLACE
    exif.get_ifd(0x8825)[2] = (48.0, 8.0, 1.0)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    more = {"xmp": XMP, "comment": PLACE.encode()}
    if kind == "PNG":
        notes = PngInfo()
        notes.add_text("Location", PLACE)
        notes.add_itxt("XML:com.adobe.xmp", XMP.decode())
        more = {"pnginfo": notes}  # type: ignore[dict-item]
    out = BytesIO()
    lying.save(out, kind, exif=exif, icc_profile=profile, **more)
    made = out.getvalue()
    if kind == "JPEG":  # and as agencies write it
        iptc = b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x12" + PLACE.encode()
        made = made[:2] + b"\xff\xed" + struct.pack(">H", len(iptc) + 2) + iptc + made[2:]
    return made


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("turned", TURNS)
def test_a_photograph_stands_upright_and_tells_nothing(kind: str, turned: int) -> None:
    taken = a_photograph(kind, turned)
    assert PLACE.encode() in taken
    left = bare(taken, TYPES[kind])
    assert PLACE.encode() not in left
    with Image.open(BytesIO(left)) as shown:
        assert not shown.getexif()
        assert shown.info.get("icc_profile")
        assert shown.size == ((48, 32) if turned < 5 else (32, 48))
        colours = shown.convert("RGB")
        for x in (2, shown.width - 3):
            for y, wanted in ((2, RED), (shown.height - 3, BLUE)):
                assert colours.getpixel((x, y)) == pytest.approx(wanted, abs=12)
    assert bare(left, TYPES[kind]) == left


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_a_moving_picture_goes_on_moving_at_its_pace(kind: str) -> None:
    frames = [Image.new("RGB", (20, 20), (n * 60, 0, 0)) for n in range(4)]
    told = {"GIF": {"comment": PLACE}, "WEBP": {"xmp": XMP}, "PNG": {"pnginfo": PngInfo()}}[kind]
    if isinstance(told.get("pnginfo"), PngInfo):
        told["pnginfo"].add_text("Location", PLACE)  # type: ignore[attr-defined]
    out = BytesIO()
    frames[0].save(out, kind, save_all=True, append_images=frames[1:], duration=[50, 60, 70, 80], **told)
    left = bare(out.getvalue(), TYPES[kind])
    assert PLACE.encode() in out.getvalue()
    assert PLACE.encode() not in left
    pace, shown = [], []
    with Image.open(BytesIO(left)) as moving:
        for frame in ImageSequence.Iterator(moving):
            shown.append(frame.convert("RGB").getpixel((5, 5))[0])  # type: ignore[index]
            pace.append(frame.info["duration"])
    assert pace == [50, 60, 70, 80]
    assert shown == pytest.approx([0, 60, 120, 180], abs=6)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_what_says_nothing_goes_out_byte_for_byte(kind: str) -> None:
    out = BytesIO()
    Image.new("RGB", (30, 20), RED).save(out, kind)
    assert bare(out.getvalue(), TYPES[kind]) == out.getvalue()


def test_what_cannot_be_read_or_is_far_too_large_is_refused_before_its_pixels_are_made() -> None:
    huge = bytearray(red_square())
    huge[16:24] = struct.pack(">II", 60_000, 60_000)
    for data in (bytes(huge), red_square()[:40], b"\x89PNG\r\n\x1a\n" + b"0" * 20, b"\xff\xd8\xff"):
        with pytest.raises(NotAPicture):
            bare(data, "image/jpeg" if data.startswith(b"\xff") else "image/png")


@settings(max_examples=60)
@given(
    kind=st.sampled_from(["JPEG", "PNG", "WEBP"]),
    changes=st.lists(st.tuples(st.integers(0, 5_000), st.integers(0, 255)), max_size=6),
    cut=st.integers(0, 5_000),
)
@pytest.mark.filterwarnings("ignore:.*:UserWarning")  # Pillow says what is wrong with the EXIF that we take out
def test_damage_is_a_refusal_and_never_another_fault(kind: str, changes: list[tuple[int, int]], cut: int) -> None:
    damaged = bytearray(a_photograph(kind))
    for place, value in changes:
        damaged[place % len(damaged)] = value
    if cut < 1_000:
        del damaged[cut:]
    try:
        left = bare(bytes(damaged), TYPES[kind])
    except NotAPicture:
        return
    with Image.open(BytesIO(left)) as shown:
        assert 0x8825 not in shown.getexif()


async def test_what_an_agent_attaches_is_kept_bare_so_that_no_network_gets_more(
    database: str, lean: Lean, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = await a_desk(agents=1)
    house = House(desk, lean, (await a_lean_account(desk)).id)
    ticket_id = await house.hear()
    held: list[str] = []

    def watched(data: bytes, media_type: str) -> bytes:
        held.append(db.engine().pool.status())
        return bare(data, media_type)

    monkeypatch.setattr(bare_picture, "bare", watched)
    async with whole_app(database) as (_, client):
        files = {"file": ("home.png", a_photograph("PNG"), "image/png")}
        path = f"/api/v1/tickets/{ticket_id}/pictures"
        who = await cookie(desk.agents[0])
        answer = await client.post(path, files=files, data={"alt": "Our shop"}, headers=who)
        taken = PictureView.model_validate(answer.json())
        stranger = await client.post(path, files=files)
    assert (stranger.status_code, len(held)) == (401, 1)
    assert "Current Checked out connections: 0" in held[0], "no connection waits for the work on a picture"
    async with transaction() as tx:
        kept = await tx.get_one(Picture, taken.id)
        assert PLACE.encode() not in kept.data
        assert taken.size == len(kept.data)
    with pytest.raises(PictureRefused):
        await take_picture(desk.agents[0], ticket_id, red_square()[:40], "half.png", "")
