"""How the columns of a list share its room: each has its own width, and what is left goes where something would be cut."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QObject

from clinic_desktop.ui.grid import Grid
from clinic_desktop.ui.rows import Column
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import GAP_12

_LEAST_OPEN = 140
_MEASURED_ROWS = 30
_AIR, _STEP = 120, 40
"""How much wider than its longest text a column may be, and in which steps that grows: a letter more must not move every column."""


class ColumnWidths(QObject):
    """The widths of one grid. A column grows with its rows and shrinks only with the window: nothing jumps under the eye."""

    def __init__(self, grid: Grid, columns: Sequence[Column]) -> None:
        super().__init__(grid)
        self._grid, self._head = grid, grid.horizontalHeader()
        self._open = {place for place, column in enumerate(columns) if not column.width}
        self._titled = {place: self._head.fontMetrics().horizontalAdvance(one.title) + 2 * GAP_12 + 2 for place, one in enumerate(columns)}
        # Widths are made for English: a longer word of another language is not cut.
        self._least = {place: max(scaled(one.width or _LEAST_OPEN), self._titled[place]) for place, one in enumerate(columns)}
        self._needed: dict[int, int] = {}
        self._dragged: set[int] = set()
        self._is_sharing = False
        self._head.setResizeContentsPrecision(_MEASURED_ROWS)
        self._head.sectionResized.connect(self._remember_dragged)
        grid.resized.connect(self._start_afresh)
        self._put(self._least)

    def share(self) -> None:
        """Share the room anew: other rows are shown, or other columns."""
        shown = [place for place in self._least if not self._grid.isColumnHidden(place)]
        for place in shown:
            self._needed[place] = max(self._needed.get(place, 0), self._grid.sizeHintForColumn(place))
        widths = {place: self._head.sectionSize(place) if place in self._dragged else self._least[place] for place in shown}
        flexible = [place for place in shown if place not in self._dragged]
        is_open = [place for place in flexible if place in self._open]
        self._level(widths, is_open)
        if any(widths[place] < self._needed[place] for place in flexible):
            # Whoever has more than it needs gives of it, then gets back what is left.
            widths.update({place: min(self._least[place], max(self._needed[place], self._titled[place])) for place in flexible})
            self._give_up_to(self._needed, widths, flexible)
            self._give_up_to(self._least, widths, flexible)
            self._level(widths, is_open)
        self._spread(widths, is_open, flexible)
        self._put(widths)

    def _left(self, widths: dict[int, int]) -> int:
        return max(self._grid.viewport().width() - sum(widths.values()), 0)

    def _give_up_to(self, wanted: Mapping[int, int], widths: dict[int, int], places: Iterable[int]) -> None:
        """Those that lack least come first: most columns are whole then."""
        for place in sorted(places, key=lambda one: wanted[one] - widths[one]):
            widths[place] += min(max(wanted[place] - widths[place], 0), self._left(widths))

    def _level(self, widths: dict[int, int], places: Sequence[int]) -> None:
        """Spread what is left over these columns, the narrow ones first, so that they become alike."""
        widest_first = sorted(places, key=lambda one: -widths[one])
        for number, place in enumerate(widest_first):
            rest = widest_first[number:]
            widths[place] = max(widths[place], (self._left(widths) + sum(widths[one] for one in rest)) // len(rest))

    def _spread(self, widths: dict[int, int], is_open: Sequence[int], places: Sequence[int]) -> None:
        """On a wide screen no column takes all that is left: the eye would lose the row on its way across the gap."""
        roomy = {place: -(-(max(self._needed[place], self._least[place]) + _AIR) // _STEP) * _STEP for place in is_open}
        over = sum(max(widths[place] - roomy[place], 0) for place in is_open)
        if over and len(places) > len(is_open):
            widths.update({place: min(widths[place], roomy[place]) for place in is_open})
            whole = sum(widths[place] for place in places)
            for place in places:  # each by its own width: a column of ticks stays narrow
                share = over * widths[place] // whole
                whole -= widths[place]
                widths[place] += share
                over -= share

    def _put(self, widths: dict[int, int]) -> None:
        self._is_sharing = True
        for place, width in widths.items():
            self._head.resizeSection(place, width)
        self._is_sharing = False

    def _start_afresh(self) -> None:
        self._needed.clear()
        self.share()

    def _remember_dragged(self, place: int, _before: int, _now: int) -> None:
        if not self._is_sharing:
            self._dragged.add(place)
