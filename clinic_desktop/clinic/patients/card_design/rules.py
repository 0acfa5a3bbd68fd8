"""What a layout must be before it is kept, and what a designer is warned of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import combinations
from math import isfinite

from clinic_desktop.clinic.patients.card_design.layout import (
    LANGUAGES,
    REPEATED,
    SYMBOLS,
    CardLayout,
    Element,
    Item,
    Side,
)
from clinic_desktop.kernel.colours import READABLE, contrast, is_colour
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.text import clean_text

MOST_ELEMENTS = 40
SMALLEST_TEXT, LARGEST_TEXT = 4.0, 28.0
LONGEST_TEXT = 200
SAFE_EDGE = 2.0
"""Card printers and cutters miss by so many mm."""
SAFE_QUIET = 1.0
"""The same for symbols: their boxes hold a quiet zone."""
SMALLEST_BOX = 2.0
LEAST_SIDE = {Item.QR: (17.0, 17.0), Item.BARCODE: (48.0, 5.0), Item.PHOTO: (10.0, 12.0)}
"""Below this a hand scanner gives up, and nobody knows a face."""
_ROUNDING = 0.01


class FaultKind(StrEnum):
    """What is wrong with an element."""

    OVERLAP = "OVERLAP"
    NEAR_EDGE = "NEAR_EDGE"
    TOO_SMALL = "TOO_SMALL"
    NO_CODE = "NO_CODE"


@dataclass(frozen=True, slots=True)
class Fault:
    """A warning about an element (its place on its side), and about another where two are in it."""

    kind: FaultKind
    side: Side
    place: int
    other: int | None = None


def checked_layout(layout: CardLayout) -> CardLayout:
    """The layout, its texts cleaned and its places rounded; raises InvalidInput where no card could be made of it."""
    for name in ("background", "accent"):
        if not is_colour(getattr(layout, name)):
            raise InvalidInput(name, "not_a_colour")
    if contrast(layout.accent, layout.background) < READABLE:
        raise InvalidInput("accent", "too_little_contrast")
    if len(layout.languages) > 2 or len(set(layout.languages)) < len(layout.languages) or not set(layout.languages) <= set(LANGUAGES):
        raise InvalidInput("languages", "unknown_language")
    faces = {side: _checked_side(layout, layout.side(side)) for side in Side}
    return replace(
        layout,
        background=layout.background.lower(),
        accent=layout.accent.lower(),
        front=faces[Side.FRONT],
        back=faces[Side.BACK],
    )


def _checked_side(layout: CardLayout, elements: tuple[Element, ...]) -> tuple[Element, ...]:
    if len(elements) > MOST_ELEMENTS:
        raise InvalidInput("layout", "too_many_elements", limit=MOST_ELEMENTS)
    counted = Counter(one.item for one in elements if one.item not in REPEATED)
    if any(count > 1 for count in counted.values()):
        raise InvalidInput("layout", "element_twice")
    return tuple(_checked_element(layout, one) for one in elements)


def _checked_element(layout: CardLayout, one: Element) -> Element:
    if not all(isfinite(value) for value in (one.x, one.y, one.width, one.height, one.size)):
        raise InvalidInput("layout", "outside_the_card")
    x, y, width, height = (round(value, 2) for value in (one.x, one.y, one.width, one.height))
    least = 0.1 if one.item is Item.BAND else SMALLEST_BOX
    inside = x >= 0 and y >= 0 and x + width <= layout.width + _ROUNDING and y + height <= layout.height + _ROUNDING
    if not inside or width < least or height < least:
        raise InvalidInput("layout", "outside_the_card")
    if not SMALLEST_TEXT <= one.size <= LARGEST_TEXT:
        raise InvalidInput("layout", "size_of_text", low=SMALLEST_TEXT, high=LARGEST_TEXT)
    text = clean_text(one.text).strip() if one.item is Item.TEXT else ""
    if len(text) > LONGEST_TEXT:
        raise InvalidInput("text", "too_long", limit=LONGEST_TEXT)
    return replace(one, x=x, y=y, width=width, height=height, size=round(one.size, 1), text=text)


def faults(layout: CardLayout) -> list[Fault]:
    """What a designer should look at again: nothing of it stops a card from being made."""
    found = [fault for side in Side for fault in _faults_of(layout, side)]
    if not any(layout.shows(item) for item in SYMBOLS):
        found.append(Fault(FaultKind.NO_CODE, Side.FRONT, -1))
    return found


def _faults_of(layout: CardLayout, side: Side) -> Iterator[Fault]:
    shown = [(place, one) for place, one in enumerate(layout.side(side)) if one.is_shown and one.item is not Item.BAND]
    for place, one in shown:
        wide, high = LEAST_SIDE.get(one.item, (0.0, 0.0))
        if one.width < wide or one.height < high:
            yield Fault(FaultKind.TOO_SMALL, side, place)
        safe = SAFE_QUIET if one.item in SYMBOLS else SAFE_EDGE
        if one.x < safe or one.y < safe or one.right > layout.width - safe or one.bottom > layout.height - safe:
            yield Fault(FaultKind.NEAR_EDGE, side, place)
    for (place, one), (other_place, other) in combinations(shown, 2):
        if one.item is not Item.COPY and other.item is not Item.COPY and overlap(one, other):
            yield Fault(FaultKind.OVERLAP, side, place, other_place)


def overlap(one: Element, other: Element) -> bool:
    """Whether two boxes share more than an edge."""
    return min(one.right, other.right) - max(one.x, other.x) > _ROUNDING and min(one.bottom, other.bottom) - max(one.y, other.y) > _ROUNDING
