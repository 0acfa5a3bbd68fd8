"""The menu of a patient's file: what other screens' folders can do with the record."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QWidget

from clinic_desktop.clinic.patients.queries import PatientRow
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens import file_actions
from clinic_desktop.ui.spec import ActionSpec
from clinic_desktop.ui.theme.icons import icon
from clinic_desktop.ui.widgets import Button


class FileMenu(Button):
    """A button whose menu holds what this person may do; keys work without it. ``patient()`` is whom the file shows, if anybody."""

    def __init__(self, screen: Screen, patient: Callable[[], PatientRow | None], parent: QWidget) -> None:
        super().__init__(_("More"), icon_name="ellipsis", parent=parent)
        self._screen, self._patient = screen, patient
        self.specs = [spec for spec in file_actions() if spec.is_for(screen.desk.actor)]
        self.clicked.connect(self._pop_up)
        for spec in self.specs:
            if spec.keys:
                shortcut = QShortcut(QKeySequence(spec.keys), parent)
                shortcut.setAutoRepeat(False)
                shortcut.setWhatsThis(_(spec.title))
                shortcut.activated.connect(partial(self.start, spec))

    def start(self, spec: ActionSpec) -> None:
        """Do one of them with the patient who is shown."""
        patient = self._patient()
        if patient is not None and self.isVisible():
            spec.start(self._screen, self, patient)

    def _pop_up(self) -> None:
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        for spec in self.specs:
            entry = menu.addAction(icon(spec.icon), _(spec.title), partial(self.start, spec))
            if spec.keys:
                entry.setText(f"{_(spec.title)}\t{QKeySequence(spec.keys).toString(QKeySequence.SequenceFormat.NativeText)}")
        menu.setEnabled(self._patient() is not None)
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))
