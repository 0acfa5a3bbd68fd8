"""The week of the whole clinic: a doctor a row, a day a column; appointments go from day to day and from doctor to doctor."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QHelpEvent, QHideEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QToolTip, QWidget

from clinic_desktop.clinic.frontdesk.queries import CalendarRow, PlannedRow, WalkInRow
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screens.calendar.choosing import Filters
from clinic_desktop.ui.screens.calendar.keys import HELD_KEYS
from clinic_desktop.ui.screens.calendar.painting import Brushes
from clinic_desktop.ui.screens.calendar.strips import Part, Strips
from clinic_desktop.ui.screens.calendar.taking import Taking
from clinic_desktop.ui.screens.calendar.week_cells import WeekCell, piece_of, strip_of
from clinic_desktop.ui.screens.calendar.week_model import Index, Week
from clinic_desktop.ui.screens.calendar.week_taking import WeekTaking
from clinic_desktop.ui.screens.calendar.words import told
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.widgets.text import plain_tooltip

_ROW, _NAMES, _REACH = 66, 168, 5
_LEAST_ROW = 46
"""One line and the day: so ten doctors are seen at once on a small screen."""
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class WeekMatrix(QTableView):
    """Doctors and days; ``entered(doctor_id, day)`` by Enter or a double click, ``dropped(Drop)`` where an appointment is let go."""

    entered = Signal(object, object)
    dropped = Signal(object)
    menu_wanted = Signal(object)
    fixed = Signal(object)
    lost = Signal(object)

    def __init__(self, desk: Desk, rules: Taking, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk, self.week = desk, Week(self)
        self.taking = WeekTaking(self, rules)
        self._visit_id: UUID | None = None  # what was chosen stays so where another week is shown for a while
        self.chosen_row: PlannedRow | WalkInRow | None = None
        """The chosen appointment or walk-in of the selected day, found once for what is shown: every cell asks for it."""
        self._brushes: Brushes | None = None
        self.setModel(self.week)
        self.setItemDelegate(WeekCell(self))
        self.setAccessibleName(_("Week of the clinic"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        across, down = self.horizontalHeader(), self.verticalHeader()
        across.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        across.setMinimumSectionSize(scaled(96))
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.setDefaultSectionSize(scaled(_ROW))
        down.setFixedWidth(scaled(_NAMES))
        down.setTextElideMode(Qt.TextElideMode.ElideRight)
        for head in (across, down):
            head.setHighlightSections(False)
            head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        self.doubleClicked.connect(self._enter)

    def show_week(self, shown: CalendarRow, strips: Strips, filters: Filters, today: date) -> None:
        """Show a week; the selected doctor's day stays selected."""
        kept = self.chosen
        self._brushes = None
        self.week.show_week(shown, strips, filters, today)
        self.chosen_row = strips.of_visit(self._visit_id)
        why = None if self.taking.hand is None else self.taking.hand.rest_on(shown)
        if why is not None:
            self.taking.let_go()
            self.lost.emit(why)
        if self.chosen_row is not None:  # the cursor goes along with its appointment
            kept = self.chosen_row.doctor_id, self.chosen_row.day
        self._fit_rows()
        if shown.doctors:
            ids = [one.id for one in shown.doctors]
            row = ids.index(kept[0]) if kept is not None and kept[0] in ids else 0
            wanted = kept[1] if kept is not None else today
            self.setCurrentIndex(self.week.index(row, shown.days.index(wanted) if wanted in shown.days else 0))

    def _fit_rows(self) -> None:
        """As high as they may be where all of them are seen, and no lower than they can be read."""
        room = self.viewport().height() // max(self.week.rowCount(), 1)
        self.verticalHeader().setDefaultSectionSize(min(max(room, scaled(_LEAST_ROW)), scaled(_ROW)))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._fit_rows()

    @property
    def chosen(self) -> tuple[UUID, date] | None:
        """The selected doctor's day."""
        index = self.currentIndex()
        if not index.isValid() or self.week.shown is None:
            return None
        cell = self.week.cell(index)
        return cell.doctor_id, cell.day

    @property
    def picked(self) -> PlannedRow | None:
        """The chosen appointment of the selected day."""
        return self.chosen_row if isinstance(self.chosen_row, PlannedRow) else None

    @property
    def walk_in(self) -> WalkInRow | None:
        """The chosen walk-in of the selected day."""
        return self.chosen_row if isinstance(self.chosen_row, WalkInRow) else None

    def pick(self, row: PlannedRow | WalkInRow | None) -> None:
        """Choose an appointment or a walk-in, or none."""
        self.chosen_row, self._visit_id = row, None if row is None else row.visit_id
        if row is not None:
            self.setCurrentIndex(self.week.index_of(row.doctor_id, row.day))
            self.taking.say(row)
        self.viewport().update()

    def pick_next(self, by: int) -> None:
        """Choose the next or the former of those who come on the selected day; beyond the last the first again."""
        rows = [row for _part, row in self.week.stops(self.currentIndex())]
        here = rows.index(self.chosen_row) if self.chosen_row in rows else -1 if by > 0 else 0
        if rows:
            self.pick(rows[(here + by) % len(rows)])

    def pick_up(self) -> None:
        """Take the chosen appointment up by keys; the only one of the day needs not be chosen."""
        rows = [row for _part, row in self.week.pieces(self.currentIndex())]
        if self.chosen_row is None and len(rows) == 1:
            self.pick(rows[0])
        if self.picked is not None and self.taking.hand is None:
            self.taking.take(self.picked, by_keys=True)

    def row_at(self, at: QPoint) -> PlannedRow | WalkInRow | None:
        """Whose piece of the strip lies at a point, or nearest to it."""
        index = self.indexAt(at)
        strip = strip_of(QRectF(self.visualRect(index)))
        if not strip.adjusted(-_REACH, -_REACH, _REACH, _REACH).contains(at):
            return None
        far = [(_distance(self.piece(strip, part, row), at), row) for part, row in self.week.stops(index)]
        near = [one for one in far if one[0] <= _REACH]
        return min(near, key=lambda one: one[0])[1] if near else None

    def piece(self, strip: QRectF, part: Part, row: PlannedRow | WalkInRow) -> QRectF:
        """Where an appointment or a walk-in lies on its day's strip."""
        lane = self.week.lane((row.doctor_id, row.day), is_walk_in=isinstance(row, WalkInRow))
        return piece_of(strip, part, lane, right_to_left=self.isRightToLeft())

    def brushes(self) -> Brushes:
        """Colours and fonts, made once for what is shown."""
        if self._brushes is None:
            self._brushes = Brushes(right_to_left=self.isRightToLeft())
        return self._brushes

    def event(self, event: QEvent) -> bool:
        """While something is held Esc and Enter are the hand's, not those of the window."""
        is_asked = event.type() == QEvent.Type.ShortcutOverride and self.taking.hand is not None
        if is_asked and isinstance(event, QKeyEvent) and event.key() in HELD_KEYS:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if self.taking.key(event):
            return
        if event.key() in _ENTER and not event.isAutoRepeat():
            self._enter(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if not self.taking.pressed(event):
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if not self.taking.moved(event):
            super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if not self.taking.released(event):
            super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        self._enter(self.indexAt(event.position().toPoint()))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        if by_mouse:
            self.pick(self.row_at(event.pos()))
        if self.chosen_row is not None:
            room = self.visualRect(self.currentIndex())
            self.menu_wanted.emit(event.globalPos() if by_mouse else self.viewport().mapToGlobal(room.center()))

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802
        row = self.row_at(event.pos()) if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) else None
        if row is not None and self.week.shown is not None and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), plain_tooltip(told(row, self.week.shown.timezone)), self)
            return True
        return super().viewportEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        super().hideEvent(event)
        self.taking.let_go()  # another screen, or the lock: nobody holds anything any more

    def currentChanged(self, current: Index, previous: Index) -> None:  # noqa: N802
        super().currentChanged(current, previous)
        row = self.chosen_row
        if row is not None and self.chosen != (row.doctor_id, row.day):
            self.chosen_row = self._visit_id = None

    def _enter(self, index: QModelIndex) -> None:
        if index.isValid():
            cell = self.week.cell(index)
            self.entered.emit(cell.doctor_id, cell.day)


def _distance(piece: QRectF, at: QPoint) -> float:
    across = max(piece.left() - at.x(), at.x() - piece.right(), 0.0)
    return across + max(piece.top() - at.y(), at.y() - piece.bottom(), 0.0)
