"""The outer form of pictures: read part by part, so that what hangs behind a picture is cut off and where it was taken is blanked.

All else of the file, the picture itself above all, stays as it came, byte for byte.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator

from clinic_desktop.clinic.patients.intake.kinds import MediaType
from clinic_desktop.clinic.patients.intake.places import blank_tiff, blank_xmp
from clinic_desktop.kernel.errors import InvalidInput

_EXIF, _XMP, _MORE_XMP, _IPTC = (
    b"Exif\x00\x00",
    b"http://ns.adobe.com/xap/1.0/\x00",
    b"http://ns.adobe.com/xmp/extension/\x00",
    b"Photoshop 3.0\x00",
)
_SECOND_PICTURES = b"MPF\x00"
_AFTER_SCAN = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_PNG_TEXTS = (b"tEXt", b"zTXt", b"iTXt")


def whole_alone(kind: MediaType, data: bytes) -> bytes:
    """The picture alone; raises InvalidInput at ``file`` when its form is broken or torn."""
    try:
        if kind is MediaType.JPEG:
            return b"".join(_jpeg(data))
        if kind is MediaType.PNG:
            return b"".join(_png(data))
        return _webp(data) if kind is MediaType.WEBP else _tiff(data)
    except (struct.error, IndexError) as error:
        raise InvalidInput("file", "file_torn") from error


def _torn() -> InvalidInput:
    return InvalidInput("file", "file_torn")


def _jpeg(data: bytes) -> Iterator[bytes]:
    yield data[:2]
    at = 2
    while True:
        if data[at] != 0xFF:
            raise _torn()
        marker = data[at + 1]
        if marker == 0xFF:  # a fill byte
            at += 1
            continue
        if marker == 0x01 or 0xD0 <= marker <= 0xD7:  # stands alone
            yield data[at : at + 2]
            at += 2
            continue
        if marker == 0xD9:
            yield data[at : at + 2]
            return
        (length,) = struct.unpack_from(">H", data, at + 2)
        end = at + 2 + length
        if length < 2 or end > len(data):
            raise _torn()
        yield from _jpeg_part(marker, data[at:end])
        at = end
        if marker == 0xDA:
            found = _AFTER_SCAN.search(data, at)
            if found is None:
                raise _torn()
            yield data[at : found.start()]
            at = found.start()


def _jpeg_part(marker: int, part: bytes) -> Iterator[bytes]:
    body = part[4:]
    if marker == 0xE1 and body.startswith(_EXIF):
        blanked = bytearray(part)
        blank_tiff(blanked, 4 + len(_EXIF))
        yield bytes(blanked)
    elif marker == 0xE1 and body.startswith(_XMP):
        yield part[:4] + blank_xmp(body)
    elif not (
        (marker == 0xE1 and body.startswith(_MORE_XMP))
        or (marker == 0xED and body.startswith(_IPTC))  # captions, and where it was
        or (marker == 0xE2 and body.startswith(_SECOND_PICTURES))  # of what hung behind and was cut off
    ):
        yield part


def _png(data: bytes) -> Iterator[bytes]:
    yield data[:8]
    at, kind = 8, b""
    while kind != b"IEND":
        (length,) = struct.unpack_from(">I", data, at)
        kind, end = data[at + 4 : at + 8], at + 12 + length
        if end > len(data) or zlib.crc32(data[at + 4 : end - 4]) != struct.unpack_from(">I", data, end - 4)[0]:
            raise _torn()
        body = data[at + 8 : end - 4]
        if kind == b"eXIf":
            blanked = bytearray(body)
            yield _chunk(kind, bytes(blanked)) if blank_tiff(blanked) else data[at:end]
        elif kind not in _PNG_TEXTS or not _tells_place(body):
            yield data[at:end]
        at = end


def _tells_place(text: bytes) -> bool:
    """Whether a PNG's text may say where it was: EXIF or XMP as text, or words about it."""
    keyword = text.partition(b"\x00")[0].lower()
    return keyword.startswith((b"raw profile", b"xml:com.adobe.xmp")) or b"gps" in text.lower() or keyword == b"location"


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _webp(data: bytes) -> bytes:
    (size,) = struct.unpack_from("<I", data, 4)
    end = 8 + size
    if end > len(data):
        raise _torn()
    whole, at = bytearray(data[:end]), 12
    while at + 8 <= end:
        kind = bytes(whole[at : at + 4])
        (length,) = struct.unpack_from("<I", whole, at + 4)
        first, last = at + 8, at + 8 + length
        if last > end:
            raise _torn()
        if kind == b"EXIF":
            blank_tiff(whole, first + (6 if whole[first : first + 6] == _EXIF else 0), last)
        elif kind == b"XMP ":
            whole[first:last] = blank_xmp(bytes(whole[first:last]))
        at = last + length % 2
    return bytes(whole)


def _tiff(data: bytes) -> bytes:
    whole = bytearray(data)
    blank_tiff(whole)
    return bytes(whole)
