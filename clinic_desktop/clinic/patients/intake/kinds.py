"""Which kinds of files are taken, and how their content tells which one it is: no name is believed."""

from __future__ import annotations

from enum import StrEnum

from clinic_desktop.kernel.errors import InvalidInput


class MediaType(StrEnum):
    """What is taken; anything else is refused. No office files, web pages, archives, SVG: they can carry programs."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    TIFF = "image/tiff"
    PDF = "application/pdf"
    TEXT = "text/plain"

    @property
    def is_picture(self) -> bool:
        """Whether it is one picture, or several."""
        return self.value.startswith("image/")


SUFFIXES: dict[MediaType, tuple[str, ...]] = {
    MediaType.JPEG: (".jpg", ".jpeg"),
    MediaType.PNG: (".png",),
    MediaType.WEBP: (".webp",),
    MediaType.TIFF: (".tif", ".tiff"),
    MediaType.PDF: (".pdf",),
    MediaType.TEXT: (".txt",),
}
"""How names of each kind end; the first is given to a name that ends otherwise."""

LONGEST_TEXT = 2 * 1024 * 1024
_BEGINNINGS = (
    (b"\xff\xd8\xff", MediaType.JPEG),
    (b"\x89PNG\r\n\x1a\n", MediaType.PNG),
    (b"II*\x00", MediaType.TIFF),
    (b"MM\x00*", MediaType.TIFF),
    (b"%PDF-", MediaType.PDF),
)
_OF_PHONES = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif"))
"""No reader of these is sound and free: the one without foreign codecs fell over files with a few bytes changed."""
_IN_TEXT = frozenset("\t\n\r\f")


def kind_of(data: bytes) -> MediaType:
    """What a file is by its first bytes; raises InvalidInput at ``file``."""
    if not data:
        raise InvalidInput("file", "file_empty")
    if data[128:132] == b"DICM":  # asked first: what stands before it is free, and may look like another kind
        raise InvalidInput("file", "file_dicom")
    if data[4:8] == b"ftyp" and data[8:12] in _OF_PHONES:
        raise InvalidInput("file", "file_heic")
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return MediaType.WEBP
    for beginning, kind in _BEGINNINGS:
        if data.startswith(beginning):
            return kind
    if is_text(data):
        return MediaType.TEXT
    raise InvalidInput("file", "file_kind_refused")


def text_of(data: bytes) -> str:
    """The words of a text in UTF-8, or in UTF-16 with its mark; raises UnicodeDecodeError."""
    return data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")


def is_text(data: bytes) -> bool:
    """Whether a file is plain text that people can read; marked-up pages and scripts of printers and browsers are none."""
    if len(data) > LONGEST_TEXT:
        return False
    try:
        text = text_of(data)
    except UnicodeDecodeError:
        return False
    begins = text.lstrip()[:14].casefold()
    if begins.startswith(("<!doctype", "<html", "<svg", "<?xml", "<script", "%!", "#!", "{\\rtf")):
        return False
    return all(c.isprintable() or c in _IN_TEXT or ord(c) > 0xFF for c in text)
