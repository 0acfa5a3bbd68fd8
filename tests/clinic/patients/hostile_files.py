"""Real files, honest and hostile, made here: nothing of them comes from anywhere else."""

from __future__ import annotations

import io
import struct
import zlib

import pypdfium2
from PIL import Image, PngImagePlugin, TiffImagePlugin

HERE = (18.5204, 73.8567)


def picture(width: int = 60, height: int = 40, *, kind: str = "PNG", mode: str = "RGB", colour: object = "teal", **save: object) -> bytes:
    """A picture that an honest program wrote."""
    written = io.BytesIO()
    Image.new(mode, (width, height), colour if mode == "RGB" else 3).save(written, kind, **save)
    return written.getvalue()


def located(kind: str = "JPEG") -> bytes:
    """A photo that tells where it was taken: in EXIF, and in XMP where the format has it."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "Camera and Sons", 1
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (18.0, 31.0, 13.4), "E", (73.0, 51.0, 24.1)
    gps[27] = b"ASCII\x00\x00\x00Clinic Road 7"
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description exif:GPSLatitude="18,31.2N" photoshop:City="Pune"/></x:xmpmeta>'
    more = {"JPEG": {"xmp": xmp}, "WEBP": {"xmp": xmp}}.get(kind, {})
    if kind == "TIFF":
        tags = TiffImagePlugin.ImageFileDirectory_v2()
        tags[0x010F], tags[0x8825] = "Camera and Sons", dict(gps)
        return picture(kind=kind, tiffinfo=tags)
    return picture(kind=kind, exif=exif.tobytes(), **more)


def place_of(data: bytes) -> dict[int, object]:
    """What any program reads of where a picture was taken."""
    with Image.open(io.BytesIO(data)) as opened:
        return {tag: value for tag, value in opened.getexif().get_ifd(0x8825).items() if tag}


def chunk(kind: bytes, body: bytes) -> bytes:
    """A part of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_bomb(width: int, height: int, *, packed: bytes = b"") -> bytes:
    """A small PNG that says it is a huge one."""
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed or zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


def honest_bomb() -> bytes:
    """48 KB that unpack, truly, to a black and white picture of 400 megapixels."""
    return png_bomb(20_000, 20_000, packed=zlib.compress(bytes(20_000 * 2_501), 9))


def texts_bomb() -> bytes:
    """A small picture with a comment that unpacks to 200 MB."""
    words = chunk(b"zTXt", b"Comment\x00\x00" + zlib.compress(bytes(200_000_000), 9))
    plain = picture()
    return plain[:33] + words + plain[33:]


def pdf(pages: int = 1) -> bytes:
    """A PDF with empty pages."""
    made = pypdfium2.PdfDocument.new()
    for _page in range(pages):
        made.new_page(200, 300)
    written = io.BytesIO()
    made.save(written)
    made.close()
    return written.getvalue()


def built_pdf(*objects: str | bytes, catalog: str = "", page: str = "") -> bytes:
    """A PDF written by hand: catalog, pages, one page, and what else is wanted from object 4 on."""
    bodies: list[bytes] = [
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>".encode(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] {page} >>".encode(),
        *(one if isinstance(one, bytes) else one.encode() for one in objects),
    ]
    whole, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(bodies, start=1):
        places.append(len(whole))
        whole += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(whole)
    whole += f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n".encode()
    whole += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    whole += f"trailer << /Size {len(bodies) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF".encode()
    return bytes(whole)


def stream(body: bytes, more: str = "") -> bytes:
    """A packed part of a PDF."""
    packed = zlib.compress(body, 9)
    return f"<< /Length {len(packed)} /Filter /FlateDecode {more} >>\nstream\n".encode() + packed + b"\nendstream"


def packed_script() -> bytes:
    """A PDF whose program hides in a packed object, as modern writers pack all of theirs; the table that finds it is packed too."""
    script = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /OpenAction 4 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>",
    ]
    whole, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(whole))
        whole += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    places.append(len(whole))
    whole += b"5 0 obj\n" + stream(b"4 0 " + script, "/Type /ObjStm /N 1 /First 4") + b"\nendobj\n"
    start = len(whole)
    rows = [(0, 0, 255), *((1, place, 0) for place in places[:3]), (2, 5, 0), (1, places[3], 0), (1, start, 0)]
    table = b"".join(struct.pack(">BIB", *row) for row in rows)
    whole += b"6 0 obj\n" + stream(table, "/Type /XRef /Size 7 /W [1 4 1] /Root 1 0 R") + b"\nendobj\n"
    whole += f"startxref\n{start}\n%%EOF".encode()
    return bytes(whole)


def png_with_words() -> bytes:
    """A PNG with a harmless comment, and words about a place."""
    words = PngImagePlugin.PngInfo()
    words.add_text("Software", "Scanner 3")
    words.add_text("Comment", "GPS 18.52,73.85")
    return picture(pnginfo=words)
