"""PDF files from outside: those that would run, open or carry something else are refused, all others kept as they came.

Refused rather than cleaned: a cleaned letter is no longer what was signed, and printing it to PDF again makes a clean one.
Looked for in the file as it is and as the reader writes it anew, where nothing hides in packed objects or odd spellings.
"""

from __future__ import annotations

import io
import re
import zlib
from threading import Lock

from clinic_desktop.kernel.errors import InvalidInput

MOST_PAGES = 2_000
MOST_UNPACKED, MOST_UNPACKED_IN_ALL = 160 * 1024 * 1024, 1024 * 1024 * 1024
"""Bytes that one packed part, and all together, may grow to: a page scanned at 600 dpi has 105 MB."""
_LONGEST_SIDE = 40_000
_PIECE = 256 * 1024
_reader = Lock()
"""PDFium reads one file at a time."""
_ACTIVE = re.compile(
    rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia\w*|XFA|SubmitForm|ImportData|GoToE|Movie|Rendition|Sound)(?=[\s/<>\[\](){}%]|$)"
)
_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
_PACKED = re.compile(rb"stream\r?\n")
_TWICE = re.compile(rb"/(?:FlateDecode|Fl|LZWDecode|RunLengthDecode)\s*/(?:FlateDecode|Fl|LZWDecode|RunLengthDecode)\b")
_SIDES = re.compile(rb"/(?:Width|Height|W|H)\s+(\d{5,})")


def checked_pdf(data: bytes) -> tuple[bytes, dict[str, int]]:
    """The file as it came and how many pages it has; raises InvalidInput at ``file``."""
    _quiet(data)
    _no_bomb(data)
    with _reader:
        return data, {"pages": _read(data)}


def _quiet(data: bytes) -> None:
    """Refuse what acts by itself or carries files; names may be spelt with ``#4A`` for ``J``."""
    plain = _HEX.sub(lambda found: bytes((int(found[1], 16),)), data) if b"#" in data else data
    if _ACTIVE.search(plain):
        raise InvalidInput("file", "pdf_active")


def _no_bomb(data: bytes) -> None:
    if _TWICE.search(data) or any(int(side) > _LONGEST_SIDE for side in _SIDES.findall(data)):
        raise InvalidInput("file", "pdf_too_much")
    left, at = MOST_UNPACKED_IN_ALL, 0
    while (found := _PACKED.search(data, at)) is not None:
        size, at = _unpacked(data, found.end(), min(MOST_UNPACKED, left))
        left -= size
        if left <= 0:
            raise InvalidInput("file", "pdf_too_much")


def _unpacked(data: bytes, start: int, most: int) -> tuple[int, int]:
    """How much a packed part grows to, and where it ends; a part that is packed otherwise counts for nothing."""
    if data[start : start + 1] not in (b"x", b"h", b"\x08", b"\x18", b"(", b"8", b"H", b"X"):
        return 0, start
    unpacker, size, at = zlib.decompressobj(), 0, start
    view = memoryview(data)
    try:
        while at < len(data) and not unpacker.eof:
            piece = view[at : at + _PIECE]
            at += len(piece)
            size += len(unpacker.decompress(piece, _PIECE * 8))
            while unpacker.unconsumed_tail and size <= most:
                size += len(unpacker.decompress(unpacker.unconsumed_tail, _PIECE * 8))
            if size > most:
                raise InvalidInput("file", "pdf_too_much")
    except zlib.error:
        return size, start
    return size, at - len(unpacker.unused_data)


def _read(data: bytes) -> int:
    """Let the reader open it, look at what it found, and count the pages."""
    import pypdfium2  # noqa: PLC0415 - loads a library of 5 MB that few starts of the program need

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        needs_password = error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD
        raise InvalidInput("file", "pdf_password" if needs_password else "pdf_unreadable") from error
    try:
        pages = len(document)
        if not pages:
            raise InvalidInput("file", "pdf_unreadable")
        if pages > MOST_PAGES:
            raise InvalidInput("file", "file_too_many_pages", limit=MOST_PAGES)
        document[0].close()  # a file that was cut off has its table of pages, and no pages
        _quiet(_rewritten(document))
    except pypdfium2.PdfiumError as error:
        raise InvalidInput("file", "pdf_unreadable") from error
    finally:
        document.close()
    return pages


def _rewritten(document: object) -> bytes:
    import pypdfium2.raw as pdfium  # noqa: PLC0415

    written = io.BytesIO()
    document.save(written, flags=pdfium.FPDF_REMOVE_SECURITY)  # type: ignore[attr-defined]
    return written.getvalue()


def page_bitmap(data: bytes, page: int, side: int) -> tuple[int, int, bytes]:
    """A page as width, height and RGB pixels, the longer side of ``side`` pixels however large the paper says that it is."""
    import pypdfium2  # noqa: PLC0415

    with _reader:
        document = pypdfium2.PdfDocument(data)
        try:
            leaf = document[page]
            bitmap = leaf.render(scale=side / max(*leaf.get_size(), 1), rev_byteorder=True, prefer_bgrx=False)
            picture = bitmap.to_pil().convert("RGB")
            return picture.width, picture.height, picture.tobytes()
        except (pypdfium2.PdfiumError, IndexError) as error:
            raise InvalidInput("file", "pdf_unreadable") from error
        finally:
            document.close()
