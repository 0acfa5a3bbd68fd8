"""Choosing a printer for each kind of document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtPrintSupport import QPrinterInfo
from PySide6.QtWidgets import QComboBox, QGridLayout, QWidget

from clinic_desktop.clinic.organisation.printers import MOST_COPIES, PrinterProfile
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screens.organisation.words import document_titles
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import GAP_4, GAP_8
from clinic_desktop.ui.widgets import Label, NumberField
from clinic_desktop.ui.widgets.inputs import keep_side


def printers_here() -> list[str]:
    """The printers that this computer knows, by the names the system gives them. May take a second: not on the UI thread."""
    return list(QPrinterInfo.availablePrinterNames())


class PrinterName(QComboBox):
    """A printer of this computer, or the name of one of another computer, typed; nothing: the program asks each time."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setAccessibleName(name)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        line = self.lineEdit()
        assert line is not None
        line.setAccessibleName(name)
        line.setPlaceholderText(_("asks first"))
        line.setMaxLength(200)
        keep_side(line)

    def offer(self, names: Sequence[str]) -> None:
        """Offer these; what is there stays."""
        kept = self.currentText()
        self.blockSignals(True)
        self.clear()
        self.addItems(["", *names])
        self.setEditText(kept)
        self.blockSignals(False)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        # Scrolling a form must not change what was chosen in it.
        event.ignore()


class PrintersEditor(QWidget):
    """One line a kind of document: its printer and the number of copies. ``value()`` is by kind, without those that ask."""

    valueChanged = Signal()  # noqa: N815 - as Qt calls it, so that forms hear it

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines: dict[str, tuple[PrinterName, NumberField]] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GAP_8)
        grid.setVerticalSpacing(GAP_4)
        grid.setColumnStretch(1, 1)
        for place, (kind, title) in enumerate(document_titles().items()):
            printer, copies = PrinterName(title), NumberField(1, MOST_COPIES, name=_("Copies of {kind}").format(kind=title))
            copies.setSuffix(" ×")
            copies.setFixedWidth(scaled(68))
            copies.setToolTip(copies.accessibleName())
            printer.editTextChanged.connect(self._changed)
            copies.valueChanged.connect(self._changed)
            for column, widget in enumerate((Label(title, tone="muted"), printer, copies)):
                grid.addWidget(widget, place, column)
            self.lines[kind] = (printer, copies)
        first = next(iter(self.lines.values()))[0]
        self.setFocusProxy(first)

    def offer(self, names: Sequence[str]) -> None:
        """Offer the printers of this computer."""
        for printer, _copies in self.lines.values():
            printer.offer(names)

    def set_value(self, profiles: Mapping[str, PrinterProfile]) -> None:
        """Show the printers of a workstation."""
        for kind, (printer, copies) in self.lines.items():
            profile = profiles.get(kind)
            printer.setEditText(profile.printer if profile else "")
            copies.setValue(profile.copies if profile else 1)

    def value(self) -> dict[str, PrinterProfile]:
        """The printers by kind of document."""
        return {
            kind: PrinterProfile(printer.currentText().strip(), copies.value())
            for kind, (printer, copies) in self.lines.items()
            if printer.currentText().strip()
        }

    def draft(self) -> dict[str, list[Any]]:
        """What stands in each line."""
        return {kind: [printer.currentText(), copies.value()] for kind, (printer, copies) in self.lines.items()}

    def restore(self, draft: dict[str, list[Any]]) -> None:
        """Put it back."""
        for kind, (name, number) in draft.items():
            if kind in self.lines:
                printer, copies = self.lines[kind]
                printer.setEditText(name)
                copies.setValue(number)

    def _changed(self, _what: object) -> None:
        self.valueChanged.emit()
