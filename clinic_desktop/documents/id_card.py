"""Identity cards as PDF: one face a page for card printers, or ten cards a sheet of A4, their backs where a duplex printer puts them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clinic_desktop.clinic.patients.card_design import STANDARD, CardLayout, Shape, Side
from clinic_desktop.documents.card_face import Cut, draw_face
from clinic_desktop.documents.cleaning import cleaned
from clinic_desktop.documents.data import CardPaper, IdCard
from clinic_desktop.documents.sheet import MM, Sheet
from clinic_desktop.kernel.i18n import Language

_DOT = 72 / 300
# In whole dots of a printer: else a page is stretched by a part of one as it is rendered, and narrow bars run together.
CR80 = (1011 * _DOT, 638 * _DOT)
_PAGE = (2480 * _DOT, 3508 * _DOT)
_COLUMNS, _ROWS = 2, 5
A_SHEET = _COLUMNS * _ROWS
_GUTTER = 4 * MM, 3 * MM
_MARK, _OFF = 2.4 * MM, 0.6 * MM
"""Length of a mark to cut along, and how far it keeps from the card."""


@dataclass(frozen=True, slots=True)
class PrintedCard:
    """A card, how it looks and the language that its layout leaves open."""

    card: IdCard
    layout: CardLayout
    language: Language

    @property
    def own_language(self) -> Language:
        """The first language of the layout, else that of whoever prints."""
        return Language(self.layout.languages[0]) if self.layout.languages else self.language


def id_card_pdf(card: IdCard, language: Language, layout: CardLayout = STANDARD, *, cut: Cut | None = None) -> bytes:
    """Two pages: front and back of one card. ``cut`` hears of texts that are longer than their boxes."""
    return cards_pdf([PrintedCard(card, layout, language)], CardPaper.CARD, cut=cut)


def cards_pdf(cards: Sequence[PrintedCard], paper: CardPaper, *, cut: Cut | None = None) -> bytes:
    """All these cards, at least one."""
    clean = [PrintedCard(cleaned(one.card), one.layout, one.language) for one in cards]
    return _on_sheets(clean) if paper is CardPaper.A4 else _on_cards(clean, cut)


def _size(one: PrintedCard) -> tuple[float, float]:
    return CR80 if one.layout.shape is Shape.LANDSCAPE else (CR80[1], CR80[0])


def _on_cards(cards: Sequence[PrintedCard], cut: Cut | None) -> bytes:
    first = cards[0]
    sheet = Sheet(*_size(first), first.own_language, first.card.patient.number)
    pages = [(one, side) for one in cards for side in Side]
    for number, (one, side) in enumerate(pages):
        if number:
            sheet.next_page(_size(one))
        with sheet.inset(0, 0, *_size(one), one.own_language):
            draw_face(sheet, one.card, one.layout, side, cut=cut)
    return sheet.finish()


def _on_sheets(cards: Sequence[PrintedCard]) -> bytes:
    sheet = Sheet(*_PAGE, Language("en"), cards[0].card.patient.number)
    pages = [(cards[first : first + A_SHEET], side) for first in range(0, len(cards), A_SHEET) for side in Side]
    for number, (batch, side) in enumerate(pages):
        if number:
            sheet.next_page()
        for place, one in enumerate(batch):
            _place(sheet, one, place, side)
    return sheet.finish()


def _place(sheet: Sheet, one: PrintedCard, place: int, side: Side) -> None:
    """Draw a face at its place of ten; a sheet is turned over along its long edge, so that backs change columns."""
    down, across = divmod(place, _COLUMNS)
    column = across if side is Side.FRONT else _COLUMNS - 1 - across
    wide, high = CR80
    left = (_PAGE[0] - _COLUMNS * wide - _GUTTER[0]) / 2 + column * (wide + _GUTTER[0])
    top = (_PAGE[1] - _ROWS * high - (_ROWS - 1) * _GUTTER[1]) / 2 + down * (high + _GUTTER[1])
    _marks(sheet, left, top, wide, high)
    # What stands upright lies on its side here: its back the other way round, so that both heads are at one end.
    turned = 0 if one.layout.shape is Shape.LANDSCAPE else 90 if side is Side.FRONT else -90
    with sheet.inset(left, top, *_size(one), one.own_language, turned=turned):
        draw_face(sheet, one.card, one.layout, side)


def _marks(sheet: Sheet, left: float, top: float, wide: float, high: float) -> None:
    length = min(_MARK, _GUTTER[1] / 2 - _OFF)
    for x, outwards in ((left, -1), (left + wide, 1)):
        for y, up in ((top, -1), (top + high, 1)):
            start = x - _OFF - length if outwards < 0 else x + _OFF
            sheet.rule(start, y, length, weight=0.4, colour="#9aa1ab")
            above = y - _OFF - length if up < 0 else y + _OFF
            sheet.upright(x, above, length, weight=0.4, colour="#9aa1ab")
