"""The logo: whatever the file was, what is kept is a small clean picture; hostile files are refused within limits."""

from __future__ import annotations

import io
import struct
import time
import zlib

import pytest
from PIL import Image, PngImagePlugin

from clinic_desktop.clinic.organisation import commands, queries
from clinic_desktop.clinic.organisation.logo import keep_logo, logo
from clinic_desktop.clinic.organisation.pictures import MOST_BYTES, logo_picture
from clinic_desktop.kernel.errors import InvalidInput, PermissionDenied
from clinic_desktop.kernel.key_secrets import Passphrase
from clinic_desktop.kernel.store import store_of
from tests.clinic.world import World


def picture(width: int = 40, height: int = 20, *, kind: str = "PNG", mode: str = "RGB", **save: object) -> bytes:
    written = io.BytesIO()
    Image.new(mode, (width, height), "red" if mode != "P" else 3).save(written, kind, **save)
    return written.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A small PNG that says it is a huge one."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "data",
    [picture(), picture(kind="JPEG"), picture(mode="P"), picture(mode="LA"), picture(mode="1"), picture(kind="JPEG", mode="CMYK")],
    ids=["png", "jpeg", "palette", "grey with alpha", "black and white", "cmyk"],
)
def test_pictures_of_every_kind_become_a_png(data: bytes) -> None:
    with Image.open(io.BytesIO(logo_picture(data))) as kept:
        assert (kept.format, kept.size) == ("PNG", (40, 20))


def test_a_large_picture_is_made_small_in_its_proportions_and_upright() -> None:
    turned = Image.Exif()
    turned[0x0112] = 6  # lies on its side
    with Image.open(io.BytesIO(logo_picture(picture(1200, 600, kind="JPEG", exif=turned)))) as kept:
        assert kept.size == (300, 600)


def test_what_else_was_in_the_file_is_left_behind() -> None:
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", "GPS 18.52,73.85")
    data = picture(pnginfo=words)
    assert b"GPS" in data
    assert b"GPS" not in logo_picture(data)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not_a_picture"),
        (b"%PDF-1.7", "not_a_picture"),
        (picture()[:60], "not_a_picture"),
        (picture(kind="GIF"), "not_a_picture"),
        (picture(kind="BMP"), "not_a_picture"),
        (bomb(20_000, 20_000), "picture_too_many_pixels"),
        (bomb(5_000, 4_000), "picture_too_many_pixels"),
        (bomb(3_000, 3_000), "not_a_picture"),
        (picture() + bytes(MOST_BYTES), "picture_too_large"),
    ],
    ids=["empty", "pdf", "torn", "gif", "bmp", "bomb", "middling bomb", "small bomb", "large"],
)
def test_what_is_no_picture_is_refused_soon(data: bytes, reason: str) -> None:
    started = time.process_time()
    with pytest.raises(InvalidInput) as refused:
        logo_picture(data)
    assert (refused.value.field, refused.value.reason) == ("logo", reason)
    assert time.process_time() - started < 2


def test_a_logo_is_kept_replaced_and_removed(world: World) -> None:
    admin = world.actor("admin")
    if world.db.engine.dialect.name == "postgresql":
        world.db.vault.add(Passphrase("correct horse battery"))  # a server keeps documents encrypted only
    assert logo(world.db) is None
    keep_logo(world.db, admin, picture())
    keep_logo(world.db, admin, picture())  # the same again is the same document
    first = logo(world.db)
    assert first == logo_picture(picture())
    keep_logo(world.db, admin, picture(60, 60))
    assert logo(world.db) == logo_picture(picture(60, 60))
    assert len(list(store_of(world.db).every())) == 2
    world.db.run(admin, commands.remove_logo)
    assert logo(world.db) is None
    with world.db.read() as session:
        assert queries.hospital(session).logo_sha256 is None


def test_who_may_not_set_up_puts_nothing_into_the_store(world: World) -> None:
    with pytest.raises(PermissionDenied):
        keep_logo(world.db, world.actor("cashier"), picture())
    assert list(store_of(world.db).every()) == []
