"""A sheet of paper: positions from the top and from the side where reading starts, so that one layout serves both directions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from io import BytesIO

from reportlab.lib.colors import HexColor
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.units import mm as _mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from clinic_desktop.documents.fitting import fit, wrap
from clinic_desktop.documents.lettering import Line, has_right_to_left, line
from clinic_desktop.kernel.formats import money_text
from clinic_desktop.kernel.i18n import Language
from clinic_desktop.kernel.money import Money

MM: float = _mm
A4 = (210 * MM, 297 * MM)
A5 = (148 * MM, 210 * MM)
INK, BLACK, MUTED, HAIR, WASH = "#111827", "#000000", "#5B6472", "#D8DCE2", "#F4F6F8"
ACCENT, ACCENT_WASH, WHITE, ALARM, ALARM_WASH = "#0F5E6B", "#E7F1F3", "#FFFFFF", "#B42318", "#FDECEA"
_DOT = 72 / 300
_TALLEST = 14_000.0  # PDF viewers refuse pages over 14 400 points


class Align(Enum):
    """Where a text stands at its point, in reading order."""

    START = 0
    CENTRE = 1
    END = 2


class Sheet:
    """Draws on pages of one size; ``x`` counts from the reading side, ``y`` from the top, both in points."""

    def __init__(self, width: float, height: float, language: Language, title: str, *, sealed: StandardEncryption | None = None) -> None:
        self.width, self.height, self.language = width, height, language
        self.page = 1
        self._bytes = BytesIO()
        self._canvas = Canvas(
            self._bytes, pagesize=(width, height), invariant=1, pageCompression=1, lang=language.code.replace("_", "-"), encrypt=sealed
        )
        self._canvas.setTitle(title)
        self._canvas.setCreator("Clinic Desktop")
        self._canvas.setViewerPreference("PrintScaling", "None")

    @property
    def is_right_to_left(self) -> bool:
        """Whether reading starts at the right edge."""
        return self.language.is_right_to_left

    def left_of(self, x: float, width: float) -> float:
        """The left edge of a box of that width that starts at ``x``."""
        return self.width - x - width if self.is_right_to_left else x

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = 9,
        bold: bool = False,
        align: Align = Align.START,
        width: float | None = None,
        least: float | None = None,
        colour: str = INK,
        follows_language: bool = False,
    ) -> float:
        """Write one line with its baseline at ``y``, fitted into ``width`` when given; returns the width it took.

        In a right-to-left language a line with such letters runs that way, and with ``follows_language`` one of figures too.
        """
        if width is not None:
            text, size = fit(text, width, size, least=size * 0.75 if least is None else least, bold=bold)
        turned = self.is_right_to_left and (follows_language or has_right_to_left(text))
        set_line = line(text, bold, True if turned else None)
        taken = set_line.width * size
        before = {Align.START: 0.0, Align.CENTRE: taken / 2, Align.END: taken}[align]
        self._draw(set_line, self.left_of(x - before, taken), y, size, colour)
        return taken

    def _draw(self, set_line: Line, left: float, y: float, size: float, colour: str) -> None:
        canvas = self._canvas
        canvas.setFillColor(HexColor(colour))
        if not set_line.is_simple:
            # Shaped glyphs have no characters of their own: this is what a search or a copy finds.
            said = ("\ufeff" + set_line.text).encode("utf-16-be").hex()
            canvas.addLiteral(f"/Span <</ActualText <{said}>>> BDC")
        for run in set_line.runs:
            written = canvas.beginText(left, self.height - y)
            written.setFont(run.font, size)
            written.textOut(run.drawn)
            canvas.drawText(written)
            left += run.width * size
        if not set_line.is_simple:
            canvas.addLiteral("EMC")

    def money(
        self, x: float, y: float, amount: Money, *, size: float = 9, bold: bool = False, width: float | None = None, colour: str = INK
    ) -> None:
        """Write an amount with its currency sign, ending at ``x``."""
        # A left-to-right mark keeps the minus at the left of the figures in a right-to-left line.
        text = money_text(amount, self.language).replace("-", "\u200e-") if self.is_right_to_left else money_text(amount, self.language)
        self.text(x, y, text, size=size, least=size * 0.4, bold=bold, align=Align.END, width=width, colour=colour, follows_language=True)

    def paragraph(
        self,
        x: float,
        y: float,
        text: str,
        *,
        width: float,
        size: float = 9,
        bold: bool = False,
        leading: float = 1.35,
        most: int | None = None,
        colour: str = INK,
        align: Align = Align.START,
    ) -> float:
        """Write lines from a first baseline at ``y``; returns the baseline after the last."""
        for one in wrap(text, width, size, bold=bold, most=most):
            self.text(x, y, one, size=size, bold=bold, colour=colour, align=align)
            y += size * leading
        return y

    def rule(self, x: float, y: float, width: float, *, weight: float = 0.6, colour: str = HAIR, dashed: bool = False) -> None:
        """Draw a level line."""
        left = self.left_of(x, width)
        self._canvas.setStrokeColor(HexColor(colour))
        self._canvas.setLineWidth(weight)
        self._canvas.setDash((2, 2) if dashed else ())
        self._canvas.line(left, self.height - y, left + width, self.height - y)

    def upright(self, x: float, y: float, height: float, *, weight: float = 0.6, colour: str = HAIR) -> None:
        """Draw an upright line downwards."""
        left = self.left_of(x, 0)
        self._canvas.setStrokeColor(HexColor(colour))
        self._canvas.setLineWidth(weight)
        self._canvas.setDash(())
        self._canvas.line(left, self.height - y, left, self.height - y - height)

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: str | None = None,
        stroke: str | None = None,
        radius: float = 0,
        weight: float = 0.6,
    ) -> None:
        """Draw a box whose top start corner is at (x, y)."""
        if fill:
            self._canvas.setFillColor(HexColor(fill))
        if stroke:
            self._canvas.setStrokeColor(HexColor(stroke))
            self._canvas.setLineWidth(weight)
            self._canvas.setDash(())
        left = self.left_of(x, width)
        self._canvas.roundRect(left, self.height - y - height, width, height, radius, stroke=int(bool(stroke)), fill=int(bool(fill)))

    def ink_rectangle(self, left: float, y: float, width: float, height: float) -> None:
        """Fill a black rectangle at an absolute left edge: the bars of a symbol are never mirrored."""
        self._canvas.setFillColor(HexColor(BLACK))
        self._canvas.rect(left, self.height - y - height, width, height, stroke=0, fill=1)

    def picture(self, x: float, y: float, width: float, height: float, image: ImageReader, *, radius: float = 0) -> None:
        """Draw a picture so that it covers a rounded box, cut at the edges rather than squeezed."""
        wide, tall = image.getSize()
        scale = max(width / wide, height / tall)
        left, bottom = self.left_of(x, width), self.height - y - height
        canvas = self._canvas
        canvas.saveState()
        outline = canvas.beginPath()
        outline.roundRect(left, bottom, width, height, radius)
        canvas.clipPath(outline, stroke=0, fill=0)
        canvas.drawImage(
            image, left + (width - wide * scale) / 2, bottom + (height - tall * scale) / 2, wide * scale, tall * scale, mask="auto"
        )
        canvas.restoreState()

    def emblem(self, x: float, y: float, width: float, height: float, image: ImageReader, *, align: Align = Align.START) -> float:
        """Draw a picture whole inside a box, in its own proportions; returns the width that it takes."""
        wide, tall = image.getSize()
        scale = min(width / wide, height / tall)
        taken: float = wide * scale
        start = x - taken / 2 if align is Align.CENTRE else x
        bottom = self.height - y - tall * scale
        self._canvas.drawImage(image, self.left_of(start, taken), bottom, taken, tall * scale, mask="auto")
        return taken

    @contextmanager
    def inset(self, left: float, top: float, width: float, height: float, language: Language, *, turned: int = 0) -> Iterator[None]:
        """Draw as on a small sheet of that size, whose corner lies there; ``turned`` by 90 or -90 degrees, it lies on its side."""
        whole = self.width, self.height, self.language
        canvas = self._canvas
        canvas.saveState()
        bottom = self.height - top - (width if turned else height)
        origin = (left + height, bottom) if turned > 0 else (left, bottom + width) if turned else (left, bottom)
        # On a printer's dots: bars that lie between them are smeared.
        canvas.translate(*(round(one / _DOT) * _DOT for one in origin))
        canvas.rotate(turned)
        self.width, self.height, self.language = width, height, language
        try:
            yield
        finally:
            self.width, self.height, self.language = whole
            canvas.restoreState()

    def next_page(self, size: tuple[float, float] | None = None) -> None:
        """Go on with a new page, of another size where one is given."""
        self._canvas.showPage()
        self.page += 1
        if size is not None:
            self.width, self.height = size
            self._canvas.setPageSize(size)

    def finish(self) -> bytes:
        """The finished PDF."""
        self._canvas.showPage()
        self._canvas.save()
        return self._bytes.getvalue()


def roll(width: float, language: Language, title: str, draw: Callable[[Sheet], float]) -> bytes:
    """A sheet off a paper roll, as long as its content: ``draw`` returns where it ended."""
    trial = Sheet(width, _TALLEST, language, title)
    height = min(draw(trial), _TALLEST)
    sheet = Sheet(width, height, language, title)
    draw(sheet)
    return sheet.finish()


def pages(
    size: tuple[float, float],
    language: Language,
    title: str,
    draw: Callable[[Sheet, int], None],
    *,
    sealed: StandardEncryption | None = None,
) -> bytes:
    """A document of several pages: ``draw`` is told how many there are, known from a first pass. ``sealed`` asks for a password."""
    trial = Sheet(*size, language, title)
    draw(trial, 1)
    sheet = Sheet(*size, language, title, sealed=sealed)
    draw(sheet, trial.page)
    return sheet.finish()
