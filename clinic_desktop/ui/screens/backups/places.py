"""A folder for backups: typed or chosen, with what is there below it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinic_desktop.clinic.backups.looking import FolderRow
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.formats import size_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screens.backups.reading import folder
from clinic_desktop.ui.screens.setup.file_edit import FileEdit
from clinic_desktop.ui.theme.tokens import GAP_4
from clinic_desktop.ui.widgets import Label
from clinic_desktop.ui.work import Work

_PAUSE_MS = 300


class PlaceEdit(QWidget):
    """``value()`` is the folder's path, "" for none; raises InvalidInput on one that is not whole."""

    textChanged = Signal(str)  # noqa: N815 - the signal that forms listen to

    def __init__(self, work: Work, name: str, *, placeholder: str = "") -> None:
        super().__init__()
        self._work = work
        self.file = FileEdit(name, kinds=None, placeholder=placeholder)
        self.file.edit.setAccessibleName(name)
        self.about = Label(tone="muted", wrap=True)
        self.about.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_4)
        column.addWidget(self.file)
        column.addWidget(self.about)
        self.setFocusProxy(self.file)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self.look)
        self.file.textChanged.connect(self._typed)

    def value(self) -> str:
        """The folder."""
        text = self.draft().strip()
        if text and not Path(text).is_absolute():
            raise InvalidInput(self.objectName(), "not_a_folder")
        return text

    def set_value(self, text: str) -> None:
        """Show a folder."""
        self.file.restore(text)

    def draft(self) -> str:
        """What stands there."""
        return self.file.draft()

    def restore(self, text: str) -> None:
        """Put it back."""
        self.file.restore(text)

    def look(self) -> None:
        """See what is there, off the UI thread: a disk may sleep."""
        text = self.draft().strip()
        if not text or not Path(text).is_absolute():
            self.about.hide()
            return
        self._work.background(self, folder, then=self._show, db=self._work.db, path=Path(text))

    def _typed(self, text: str) -> None:
        self._pause.start()
        self.textChanged.emit(text)

    def _show(self, found: FolderRow) -> None:
        if str(found.path) != str(Path(self.draft().strip())):
            return  # typed on meanwhile
        if not found.is_there:
            self.about.setText(_("Not there now. Plug the disk in, or create the folder."))
        elif found.is_same_disk:
            self.about.setText(_("On the same disk as the database: a broken disk takes both."))
        else:
            self.about.setText(_("{free} free.").format(free=size_text(found.free or 0)))
        self.about.set_tone("warn" if not found.is_there or found.is_same_disk else "muted")
        self.about.show()
