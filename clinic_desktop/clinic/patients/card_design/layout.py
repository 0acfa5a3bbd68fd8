"""A card's layout as data: elements of a fixed list of fields, each with its place in mm from the corner where reading starts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import msgspec

from clinic_desktop.kernel.errors import InvalidInput

LANGUAGES = ("en", "ar", "hi")
"""The languages that a card can be in."""
LONG, SHORT = 85.6, 53.98
"""Edges of a CR80 card."""


class Shape(StrEnum):
    """How the card is held."""

    LANDSCAPE = "LANDSCAPE"
    PORTRAIT = "PORTRAIT"


class Side(StrEnum):
    """Which face of the card."""

    FRONT = "FRONT"
    BACK = "BACK"


class Align(StrEnum):
    """Where a text stands in its box, in reading order."""

    START = "START"
    CENTRE = "CENTRE"
    END = "END"


class Tone(StrEnum):
    """The colour of a text; the exact one follows from the ground below it, so that it can be read."""

    INK = "INK"
    MUTED = "MUTED"
    ACCENT = "ACCENT"
    ALARM = "ALARM"


class Item(StrEnum):
    """What a card can show: nothing else of a record ever gets onto one."""

    BAND = "BAND"
    CLINIC = "CLINIC"
    HOSPITAL = "HOSPITAL"
    ADDRESS_OF_CLINIC = "ADDRESS_OF_CLINIC"
    PHONE_OF_CLINIC = "PHONE_OF_CLINIC"
    LOGO = "LOGO"
    TITLE = "TITLE"
    PHOTO = "PHOTO"
    NAME = "NAME"
    NUMBER = "NUMBER"
    CARD_NUMBER = "CARD_NUMBER"
    SEX = "SEX"
    BORN = "BORN"
    AGE = "AGE"
    BLOOD_GROUP = "BLOOD_GROUP"
    ALLERGIES = "ALLERGIES"
    PHONE = "PHONE"
    ADDRESS = "ADDRESS"
    EMERGENCY_CONTACT = "EMERGENCY_CONTACT"
    VALID_UNTIL = "VALID_UNTIL"
    BARCODE = "BARCODE"
    QR = "QR"
    COPY = "COPY"
    NOTICE = "NOTICE"
    TEXT = "TEXT"


SYMBOLS = frozenset({Item.BARCODE, Item.QR})
WORDLESS = frozenset({Item.BAND, Item.LOGO, Item.PHOTO, Item.BARCODE, Item.QR})
"""What is drawn and not written."""
TITLED = frozenset(
    {
        *(Item.SEX, Item.BORN, Item.AGE, Item.BLOOD_GROUP, Item.ALLERGIES, Item.PHONE, Item.ADDRESS),
        *(Item.EMERGENCY_CONTACT, Item.VALID_UNTIL, Item.NUMBER, Item.CARD_NUMBER),
    }
)
"""What may have its caption before it."""
REPEATED = frozenset({Item.TEXT, Item.BAND})
"""What may stand on a side more than once."""


@dataclass(frozen=True, slots=True)
class Element:
    """One field in its box; ``size`` is the largest that its letters have, and smaller ones are taken where the text needs it."""

    item: Item
    x: float
    y: float
    width: float
    height: float
    size: float = 8.0
    is_bold: bool = False
    align: Align = Align.START
    tone: Tone = Tone.INK
    is_titled: bool = False
    is_shown: bool = True
    text: str = ""

    @property
    def right(self) -> float:
        """Where the box ends in reading order."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class CardLayout:
    """Both faces of a card. ``languages``: none is that of the program that prints; a second one stands beside the first."""

    shape: Shape
    background: str
    accent: str
    front: tuple[Element, ...]
    back: tuple[Element, ...]
    languages: tuple[str, ...] = ()

    @property
    def width(self) -> float:
        """Width in mm."""
        return LONG if self.shape is Shape.LANDSCAPE else SHORT

    @property
    def height(self) -> float:
        """Height in mm."""
        return SHORT if self.shape is Shape.LANDSCAPE else LONG

    def side(self, side: Side) -> tuple[Element, ...]:
        """The elements of one face."""
        return self.front if side is Side.FRONT else self.back

    def shows(self, item: Item) -> bool:
        """Whether a field is on the card."""
        return any(one.item is item and one.is_shown for one in (*self.front, *self.back))


def written_layout(layout: CardLayout) -> str:
    """The layout as a template keeps it; one layout has one spelling."""
    return msgspec.json.encode(replace(layout, front=_spelt(layout.front), back=_spelt(layout.back))).decode()


def _spelt(elements: tuple[Element, ...]) -> tuple[Element, ...]:
    return tuple(
        replace(one, x=float(one.x), y=float(one.y), width=float(one.width), height=float(one.height), size=float(one.size))
        for one in elements
    )


def read_layout(text: str) -> CardLayout:
    """What ``written_layout`` wrote; raises InvalidInput for anything else."""
    try:
        return msgspec.json.decode(text, type=CardLayout)
    except (msgspec.MsgspecError, ValueError) as error:
        raise InvalidInput("layout", "unreadable_layout") from error
