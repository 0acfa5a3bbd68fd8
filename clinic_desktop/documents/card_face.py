"""One face of an identity card, drawn by its layout: every text shrinks or wraps into its box, every symbol keeps its quiet zone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO

from reportlab.lib.utils import ImageReader

from clinic_desktop.clinic.patients.card_design import Align, CardLayout, Element, Item, Side, Tone
from clinic_desktop.documents import sheet as paper
from clinic_desktop.documents.card_words import caption_of, words_of
from clinic_desktop.documents.data import IdCard
from clinic_desktop.documents.fitting import wrap
from clinic_desktop.documents.lettering import width_of
from clinic_desktop.documents.portrait import initials, readable_picture
from clinic_desktop.documents.sheet import MM, Sheet
from clinic_desktop.documents.symbols import code128, qr
from clinic_desktop.kernel.colours import ink_on, mixed, readable_on

_DPI = 300
_LEADING = 1.22
_ASCENT = 0.95
"""Where the baseline lies in a line of that leading, in sizes of the letters below its top."""
_SMALLEST, _SMALLEST_SHARE, _STEP = 4.2, 0.42, 0.94
_CAPTION_SHARE = 0.84
_GAP = 1.2
_LONGEST = 300
_ALARM = "#b42318"
_WHITE = "#ffffff"
_ALIGNED = {Align.START: paper.Align.START, Align.CENTRE: paper.Align.CENTRE, Align.END: paper.Align.END}


@dataclass(slots=True)
class Cut:
    """The elements whose text did not fit as a whole: a designer is told."""

    places: set[tuple[Side, int]] = field(default_factory=set)


def draw_face(sheet: Sheet, card: IdCard, layout: CardLayout, side: Side, *, cut: Cut | None = None) -> None:
    """Draw a face on a sheet of the size of a card."""
    if layout.background != _WHITE:
        sheet.box(0, 0, sheet.width, sheet.height, fill=layout.background)
    face = _Face(sheet, card, layout, side, cut or Cut())
    for place, one in enumerate(layout.side(side)):
        if one.is_shown:
            face.draw(place, one)
    if side is Side.BACK and card.is_reprint and not layout.shows(Item.COPY):
        face.copy_mark(Element(Item.COPY, layout.width - 16, layout.height - 6, 14, 3.8, 6.5, is_bold=True))


@dataclass(slots=True)
class _Face:
    sheet: Sheet
    card: IdCard
    layout: CardLayout
    side: Side
    cut: Cut

    def draw(self, place: int, one: Element) -> None:
        x, y, width, height = one.x * MM, one.y * MM, one.width * MM, one.height * MM
        if one.item is Item.BAND:
            self.sheet.box(x, y, width, height, fill=self.layout.accent)
        elif one.item is Item.PHOTO:
            self._photo(one)
        elif one.item is Item.LOGO:
            self._logo(one)
        elif one.item is Item.QR:
            self._plate(one)
            side = min(width, height)
            inset = (width - side) / 2, (height - side) / 2
            qr(self.sheet, self.card.qr_text or self.card.patient.number, x=x + inset[0], y=y + inset[1], side=side, dpi=_DPI)
        elif one.item is Item.BARCODE:
            self._barcode(one)
        elif one.item is Item.COPY:
            if self.card.is_reprint:
                self.copy_mark(one)
        else:
            self._text(place, one)

    # What is drawn

    def _ground(self, one: Element) -> str:
        """The colour below the middle of an element."""
        x, y = one.x + one.width / 2, one.y + one.height / 2
        bands = (band for band in self.layout.side(self.side) if band.item is Item.BAND and band.is_shown)
        on_band = any(band.x <= x <= band.right and band.y <= y <= band.bottom for band in bands)
        return self.layout.accent if on_band else self.layout.background

    def _plate(self, one: Element) -> None:
        """Scanners need dark bars on white, whatever the colours of the card."""
        if self._ground(one) != _WHITE:
            self.sheet.box(one.x * MM, one.y * MM, one.width * MM, one.height * MM, fill=_WHITE, radius=2)

    def _photo(self, one: Element) -> None:
        x, y, width, height = one.x * MM, one.y * MM, one.width * MM, one.height * MM
        picture = readable_picture(self.card.photo)
        if picture is not None:
            self.sheet.picture(x, y, width, height, picture, radius=4)
            return
        wash = mixed(self.layout.background, self.layout.accent, 0.1)
        self.sheet.box(x, y, width, height, fill=wash, radius=4)
        self.sheet.text(
            x + width / 2,
            y + height / 2 + 6.5,
            initials(self.card.patient.full_name),
            size=min(19, width / 2.4),
            bold=True,
            align=paper.Align.CENTRE,
            width=width * 0.8,
            colour=readable_on(self.layout.accent, wash),
        )

    def _logo(self, one: Element) -> None:
        logo = self.card.letterhead.logo
        if not logo:
            return
        self._plate(one)
        picture = ImageReader(BytesIO(logo))
        wide, tall = picture.getSize()
        room = one.width * MM, one.height * MM
        scale = min(room[0] / wide, room[1] / tall)
        top = one.y * MM + (room[1] - tall * scale) / 2
        self.sheet.emblem(one.x * MM + room[0] / 2, top, *room, picture, align=paper.Align.CENTRE)

    def _barcode(self, one: Element) -> None:
        code = self.card.barcode or self.card.patient.number
        x, y, width, height = one.x * MM, one.y * MM, one.width * MM, one.height * MM
        self._plate(one)
        below = one.size * 1.35
        quiet = 1.5
        if code128(self.sheet, code, x=x, y=y + quiet, width=width, height=max(height - below - quiet, 8), dpi=_DPI):
            middle = x + width / 2
            self.sheet.text(
                middle, y + height - one.size * 0.3, code, size=one.size, align=paper.Align.CENTRE, width=width, colour=paper.INK
            )

    def copy_mark(self, one: Element) -> None:
        """Say that the card was printed before."""
        x, y, width, height = one.x * MM, one.y * MM, one.width * MM, one.height * MM
        fill = ink_on(self._ground(one))
        self.sheet.box(x, y, width, height, fill=fill, radius=2)
        word = self.sheet.language.gettext("COPY")
        size = min(one.size, height * 0.7)
        middle = x + width / 2, y + height / 2 + size * 0.36
        self.sheet.text(*middle, word, size=size, bold=True, align=paper.Align.CENTRE, width=width * 0.9, colour=ink_on(fill))

    # What is written

    def _colour(self, one: Element) -> str:
        ground = self._ground(one)
        ink = ink_on(ground)
        wanted = {Tone.INK: ink, Tone.MUTED: mixed(ink, ground, 0.3), Tone.ACCENT: self.layout.accent, Tone.ALARM: _ALARM}
        return readable_on(wanted[one.tone], ground)

    def _text(self, place: int, one: Element) -> None:
        said = words_of(one, self.card, self.layout, self.sheet.language)[:_LONGEST]
        if not said:
            return
        x, y, width, height = one.x * MM, one.y * MM, one.width * MM, one.height * MM
        if one.is_titled:
            x, y, width, height = self._caption(one, x, y, width, height)
        lines, size, is_whole = fitted(said, width, height, one.size, one.is_bold)
        if not is_whole:
            self.cut.places.add((self.side, place))
        top = y + max(0.0, (height - len(lines) * size * _LEADING) / 2)
        start = {Align.START: x, Align.CENTRE: x + width / 2, Align.END: x + width}[one.align]
        for number, line in enumerate(lines):
            baseline = top + number * size * _LEADING + size * _ASCENT
            self.sheet.text(start, baseline, line, size=size, bold=one.is_bold, align=_ALIGNED[one.align], colour=self._colour(one))

    def _caption(self, one: Element, x: float, y: float, width: float, height: float) -> tuple[float, float, float, float]:
        """Write the caption of a field: above it where the box is high enough, else before it; returns the room that is left."""
        title = caption_of(one.item, self.layout, self.sheet.language)
        size = max(_SMALLEST, one.size * _CAPTION_SHARE)
        ground = self._ground(one)
        colour = readable_on(mixed(ink_on(ground), ground, 0.35), ground)
        if _is_stacked(one):
            start = {Align.START: x, Align.CENTRE: x + width / 2, Align.END: x + width}[one.align]
            self.sheet.text(start, y + size * _ASCENT, title, size=size, align=_ALIGNED[one.align], width=width, colour=colour)
            return x, y + size * _LEADING, width, height - size * _LEADING
        taken = min(max(self._captions_beside(one)), width * 0.5)
        baseline = y + (height - size * _LEADING) / 2 + size * _ASCENT
        self.sheet.text(x, baseline, title, size=size, width=taken, colour=colour)
        return x + taken + _GAP * MM, y, width - taken - _GAP * MM, height

    def _captions_beside(self, one: Element) -> Iterator[float]:
        """Widths of the captions that begin at the same place: what they name stands in one column."""
        for other in self.layout.side(self.side):
            if other.is_shown and other.is_titled and abs(other.x - one.x) < 0.3 and not _is_stacked(other):
                size = max(_SMALLEST, other.size * _CAPTION_SHARE)
                if words_of(other, self.card, self.layout, self.sheet.language):
                    yield width_of(caption_of(other.item, self.layout, self.sheet.language), size)


def _is_stacked(one: Element) -> bool:
    return one.height * MM >= one.size * _LEADING * (1 + _CAPTION_SHARE) * 0.98


def fitted(text: str, width: float, height: float, size: float, is_bold: bool) -> tuple[list[str], float, bool]:
    """Lines of a text that lie within a box, their size, and whether it is the whole text: smaller letters first, then an ellipsis."""
    least = max(_SMALLEST, size * _SMALLEST_SHARE)
    words = text.split()
    trial = size
    while True:
        room = max(1, int(height / (trial * _LEADING) + 0.05))
        if all(width_of(word, trial, is_bold) <= width for word in words):
            lines = [line for line in wrap(text, width, trial, bold=is_bold) if line]
            if len(lines) <= room:
                return lines, trial, True
        if trial <= least:
            break
        trial = max(least, trial * _STEP)
    lines = [line for line in wrap(" ".join(words), width, least, bold=is_bold, most=room) if line]
    return lines[:room], least, False
