"""Where a dragged field comes to lie: on the edges and middles of the others, of the card, and its margins (no Qt)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from clinic_desktop.clinic.patients.card_design import CardLayout, Element

REACH = 0.9
"""From how many mm away a line draws."""
MARGIN = 4.0


@dataclass(frozen=True, slots=True)
class Snapped:
    """The place found, and the lines that drew: upright ones by x, level ones by y."""

    x: float
    y: float
    upright: float | None = None
    level: float | None = None


def snapped(layout: CardLayout, others: Iterable[Element], one: Element, x: float, y: float) -> Snapped:
    """The place nearest to (x, y) on a line that others lie on, else that very place."""
    shown = [other for other in others if other.is_shown]
    across = _nearest(x, one.width, _lines(layout.width, ((other.x, other.right) for other in shown)))
    down = _nearest(y, one.height, _lines(layout.height, ((other.y, other.bottom) for other in shown)))
    return Snapped(across[0], down[0], across[1], down[1])


def _lines(length: float, spans: Iterable[tuple[float, float]]) -> Iterator[float]:
    yield from (MARGIN, length / 2, length - MARGIN)
    for start, end in spans:
        yield from (start, (start + end) / 2, end)


def _nearest(start: float, length: float, lines: Iterable[float]) -> tuple[float, float | None]:
    found, drawn, least = start, None, REACH
    for line in lines:
        for part in (0.0, length / 2, length):
            off = abs(start + part - line)
            if off < least:
                found, drawn, least = line - part, line, off
    return found, drawn
