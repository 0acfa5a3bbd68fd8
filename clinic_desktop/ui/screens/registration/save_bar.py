"""The foot of the form: save, save and go on to what comes next, or leave."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from clinic_desktop.clinic.frontdesk import commands as frontdesk
from clinic_desktop.clinic.patients import commands
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.desk import Desk, Guarded
from clinic_desktop.ui.widgets import BusyButton, Button, keyed, row

_NEXT: dict[str, Guarded] = {"walk_in": frontdesk.walk_in, "book": frontdesk.book, "card": commands.issue_id_card}


class SaveBar(QWidget):
    """``save_wanted(what follows)`` is walk_in, book, card or nothing; ``cancel_wanted`` leaves the form."""

    save_wanted = Signal(str)
    cancel_wanted = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.save = BusyButton(_("Save"), icon_name="check")
        self.then = {
            "walk_in": Button(_("Save as walk-in"), icon_name="ticket"),
            "book": Button(_("Save and book"), icon_name="calendar-plus"),
            "card": Button(_("Save and print card"), icon_name="id-card"),
        }
        self.cancel = Button(_("Start over"), role="quiet")
        line = row(self.save, *self.then.values(), self.cancel, stretch_at=4)
        line.setContentsMargins(0, 0, 0, 0)
        self.setLayout(line)
        keyed(self.save, "F9")
        also = QShortcut(QKeySequence("Ctrl+S"), self, autoRepeat=False)
        also.setWhatsThis(_("Save"))
        also.activated.connect(self.save.click)
        self.save.clicked.connect(lambda: self.save_wanted.emit(""))
        for (what, button), keys in zip(self.then.items(), ("F6", "F7", "F8"), strict=True):
            keyed(button, keys)
            button.clicked.connect(partial(self.save_wanted.emit, what))
        self.cancel.clicked.connect(self.cancel_wanted)
        keyed(self.cancel, "Esc")

    def show_mode(self, *, is_new: bool) -> None:
        """Offer what the person may do with a new patient, or with one who is edited."""
        may = self._desk.may
        self.save.setVisible(may(commands.register_patient if is_new else commands.edit_patient))
        self.cancel.setText(_("Start over") if is_new else _("Cancel"))
        keyed(self.cancel, "Esc")
        for what, button in self.then.items():
            button.setVisible(is_new and may(commands.register_patient, _NEXT[what]))
