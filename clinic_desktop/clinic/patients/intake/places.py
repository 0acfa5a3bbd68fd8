"""Where a photograph was taken is nobody's business: the location is blanked inside the file, byte for byte as long as before."""

from __future__ import annotations

import re
import struct

_GPS_TAG, _XMP_TAG, _MOST_ENTRIES, _MOST_DIRECTORIES = 0x8825, 700, 4096, 512
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_XMP_ATTRIBUTE = re.compile(rb"((?:GPS\w+|:(?:City|State|Location|Sublocation|CountryName|ProvinceState))\s*=\s*)(\"[^\"]*\"|'[^']*')")
_XMP_ELEMENT = re.compile(rb"(<[\w-]+:(GPS\w+|City|State|Location|Sublocation|CountryName|ProvinceState)\b[^>]*>)([^<]*)(</)")


def blank_tiff(data: bytearray, start: int = 0, end: int | None = None) -> bool:
    """Blank the location in an EXIF or TIFF structure that stands in ``data``; True when there was one."""
    end = len(data) if end is None else end
    order = {b"II": "<", b"MM": ">"}.get(bytes(data[start : start + 2]))
    if order is None or end - start < 8:
        return False
    found, seen = False, set[int]()
    (at,) = struct.unpack_from(f"{order}I", data, start + 4)
    while at and at not in seen and len(seen) < _MOST_DIRECTORIES:
        seen.add(at)
        entries, after = _entries(data, order, start, at, end)
        for place, tag, kind, count in entries:
            found |= _blank_entry(data, order, (start, end), place, tag, kind, count)
        at = after
    return found


def _entries(data: bytearray, order: str, start: int, at: int, end: int) -> tuple[list[tuple[int, int, int, int]], int]:
    """Each entry's place, tag, type and count; and where the next directory begins."""
    base = start + at
    if base + 2 > end:
        return [], 0
    (count,) = struct.unpack_from(f"{order}H", data, base)
    if count > _MOST_ENTRIES or base + 2 + 12 * count > end:
        return [], 0
    places = [base + 2 + 12 * number for number in range(count)]
    tail = base + 2 + 12 * count
    after = struct.unpack_from(f"{order}I", data, tail)[0] if tail + 4 <= end else 0
    return [(place, *struct.unpack_from(f"{order}HHI", data, place)) for place in places], after


def _blank_entry(data: bytearray, order: str, within: tuple[int, int], place: int, tag: int, kind: int, count: int) -> bool:
    start, end = within
    (value,) = struct.unpack_from(f"{order}I", data, place + 8)
    if tag == _XMP_TAG:
        first, last = start + value, min(start + value + count, end)
        packet = blank_xmp(bytes(data[first:last]))
        changed = packet != data[first:last]
        data[first:last] = packet
        return changed
    if tag != _GPS_TAG:
        return False
    inner, _after = _entries(data, order, start, value, end)
    for at, _tag, inner_kind, inner_count in inner:
        size = _SIZES.get(inner_kind, 1) * inner_count
        if size > 4:
            (far,) = struct.unpack_from(f"{order}I", data, at + 8)
            first, last = start + far, min(start + far + size, end)
            data[first:last] = bytes(max(last - first, 0))
        data[at : at + 12] = bytes(12)
    if start + value + 2 <= end:
        data[start + value : start + value + 2] = bytes(2)
    return bool(inner)


def blank_xmp(packet: bytes) -> bytes:
    """An XMP packet without places, as long as before."""
    packet = _XMP_ATTRIBUTE.sub(lambda m: m[1] + m[2][:1] + b" " * (len(m[2]) - 2) + m[2][:1], packet)
    return _XMP_ELEMENT.sub(lambda m: m[1] + b" " * len(m[3]) + m[4], packet)
