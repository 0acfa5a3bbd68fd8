"""A file, typed or chosen."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.files import ask_file, ask_folder
from clinic_desktop.ui.theme.tokens import GAP_8
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.inputs import LineEdit


class FileEdit(QWidget):
    """``value()`` is the path; ``kinds`` are a file dialog's filters, and None chooses a folder."""

    textChanged = Signal(str)  # noqa: N815 - the signal that forms listen to

    def __init__(self, name: str, *, kinds: str | None, placeholder: str = "") -> None:
        super().__init__()
        self._name, self._kinds = name, kinds
        self.edit = LineEdit(name, placeholder=placeholder, limit=1000, parent=self)
        self.edit.textChanged.connect(self.textChanged)
        self.choose = Button("", icon_name="folder-open", parent=self)
        self.choose.setAccessibleName(_("{name}: choose").format(name=name))
        self.choose.clicked.connect(self._choose)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(GAP_8)
        across.addWidget(self.edit, 1)
        across.addWidget(self.choose)
        self.setFocusProxy(self.edit)

    def value(self) -> str | None:
        """The path; None when nothing is chosen."""
        return self.edit.text().strip() or None

    def draft(self) -> str:
        """What stands there."""
        return self.edit.text()

    def restore(self, text: str) -> None:
        """Put it back."""
        self.edit.setText(text)

    def _choose(self) -> None:
        if self._kinds is None:
            ask_folder(self, self._name, self._take, start=self.edit.text())
        else:
            ask_file(self, self._name, self._kinds, self._take, start=self.edit.text())

    def _take(self, chosen: Path) -> None:
        self.edit.setText(str(chosen))
