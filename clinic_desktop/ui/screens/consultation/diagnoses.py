"""Diagnoses: typed once, offered ever after; each one stands as a piece that can be taken away."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtWidgets import QLayout, QLayoutItem, QVBoxLayout, QWidget

from clinic_desktop.clinic.clinical.commands import NewDiagnosis
from clinic_desktop.clinic.clinical.queries import DiagnosisRow
from clinic_desktop.kernel.i18n import _
from clinic_desktop.kernel.text import search_form
from clinic_desktop.ui.screens.consultation.suggest import Suggest
from clinic_desktop.ui.theme.tokens import GAP_4, GAP_8, Tone
from clinic_desktop.ui.widgets import Button, Chip, Label

_MOST_PICKS = 4


class Flow(QLayout):
    """Pieces beside each other that go on in the next line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:  # noqa: N802
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, place: int) -> QLayoutItem | None:  # noqa: N802
        return self._items[place] if 0 <= place < len(self._items) else None

    def takeAt(self, place: int) -> QLayoutItem | None:  # noqa: N802
        return self._items.pop(place) if 0 <= place < len(self._items) else None

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        return self._place(QRect(0, 0, width, 0), move=False)

    def sizeHint(self) -> QSize:  # noqa: N802
        return self.minimumSize()

    def minimumSize(self) -> QSize:  # noqa: N802
        return QSize(0, max((item.sizeHint().height() for item in self._items), default=0))

    def setGeometry(self, room: QRect) -> None:  # noqa: N802
        super().setGeometry(room)
        self._place(room, move=True)

    def _place(self, room: QRect, *, move: bool) -> int:
        x, y, height = 0, room.top(), 0
        parent = self.parentWidget()
        is_rtl = parent is not None and parent.layoutDirection() == Qt.LayoutDirection.RightToLeft
        for item in self._items:
            size = item.sizeHint().boundedTo(QSize(room.width(), item.sizeHint().height()))
            if x and x + size.width() > room.width():
                x, y, height = 0, y + height + GAP_4, 0
            if move:
                left = room.right() + 1 - x - size.width() if is_rtl else room.left() + x
                item.setGeometry(QRect(QPoint(left, y), size))
            x, height = x + size.width() + GAP_4, max(height, size.height())
        return y + height - room.top()


class DiagnosisField(QWidget):
    """``values()`` are the pieces and what stands typed."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chosen: list[NewDiagnosis] = []
        self._usual: tuple[DiagnosisRow, ...] = ()
        self._problems: tuple[DiagnosisRow, ...] = ()
        self._is_read_only = False
        self.line = Suggest(_("Diagnosis"), placeholder=_("Type and press Enter"), least_width=320)
        self._pieces = QWidget()
        self._flow = Flow(self._pieces)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_8)
        column.addWidget(self.line)
        column.addWidget(self._pieces)
        self.setFocusProxy(self.line)
        self.line.asked.connect(self._offer)
        self.line.chosen.connect(self._add_row)
        self.line.entered.connect(self._add_text)
        self.line.textEdited.connect(lambda _text: self.changed.emit())

    def offer_from(self, usual: Iterable[DiagnosisRow]) -> None:
        """The doctor's usual diagnoses."""
        self._usual = tuple(usual)

    def show_diagnoses(self, rows: Iterable[DiagnosisRow], problems: Iterable[DiagnosisRow], *, read_only: bool) -> None:
        """Show a consultation's diagnoses, with the patient's known problems to pick from."""
        self._chosen = [NewDiagnosis(one.text, one.code, one.code_system, one.certainty) for one in rows]
        self._problems, self._is_read_only = tuple(problems), read_only
        self.line.clear()
        self.line.setVisible(not read_only)
        self._redraw()

    def values(self) -> tuple[NewDiagnosis, ...]:
        """What is diagnosed; a text that was not entered yet counts."""
        typed = self.line.text().strip()
        known = {one.text for one in self._chosen}
        return (*self._chosen, *([NewDiagnosis(typed)] if typed and typed not in known else []))

    def restore(self, values: Iterable[NewDiagnosis]) -> None:
        """Put a draft back."""
        self._chosen = list(values)
        self._redraw()

    def _offer(self, text: str) -> None:
        words = search_form(text).split()
        known = {one.text for one in self._chosen}
        rows = {one.text: one for one in (*self._problems, *self._usual)}
        found = [one for name, one in rows.items() if name not in known and all(word in search_form(name) for word in words)]
        self.line.offer(text, [(one.text, one.code, one) for one in found[:8]], icon="stethoscope")

    def _add_row(self, row: DiagnosisRow) -> None:
        self._add(NewDiagnosis(row.text, row.code, row.code_system))

    def _add_text(self, text: str) -> None:
        if text:
            self._add(NewDiagnosis(text))
        else:
            self.line.focusNextChild()

    def _add(self, one: NewDiagnosis) -> None:
        self.line.clear()
        if one.text not in {known.text for known in self._chosen}:
            self._chosen.append(one)
            self._redraw()
        self.changed.emit()

    def _drop(self, one: NewDiagnosis) -> None:
        self._chosen.remove(one)
        self._redraw()
        self.line.setFocus()
        self.changed.emit()

    def _redraw(self) -> None:
        while self._flow.count():
            item = self._flow.takeAt(0)
            piece = item.widget() if item is not None else None
            if piece is not None:
                piece.hide()
                piece.deleteLater()
        for one in self._chosen:
            self._flow.addWidget(self._piece(one))
        if self._is_read_only and not self._chosen:
            self._flow.addWidget(Label("–", tone="muted"))
        known = {one.text for one in self._chosen}
        picks = [] if self._is_read_only else [one for one in self._problems if one.text not in known][:_MOST_PICKS]
        for pick in picks:
            button = Button(pick.text, icon_name="plus", role="quiet")
            button.setAccessibleName(_("Add {diagnosis}").format(diagnosis=pick.text))
            button.clicked.connect(lambda _checked=False, row=pick: self._add_row(row))
            self._flow.addWidget(button)
        self._pieces.updateGeometry()

    def _piece(self, one: NewDiagnosis) -> QWidget:
        if self._is_read_only:
            return Chip(one.text, Tone.NEUTRAL)
        piece = Button(one.text, icon_name="x")
        piece.setAccessibleName(_("Take away {diagnosis}").format(diagnosis=one.text))
        piece.clicked.connect(lambda: self._drop(one))
        return piece
