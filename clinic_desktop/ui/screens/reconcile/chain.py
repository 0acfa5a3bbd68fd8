"""A clinic that is at work joins a chain: the address of the central server and a code that works once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from clinic_desktop import wording
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.late import late
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import BusyButton, Dialog, Form, Label, LineEdit, keyed

if TYPE_CHECKING:
    from clinic_desktop.sync.credentials import Enrolled

ENROL = late("clinic_desktop.sync.joining:enrol")
CODE_SHAPE = "XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-XXXX"


def add_way(form: Form) -> tuple[LineEdit, LineEdit]:
    """Add the fields of an address and a code; neither is ever written from right to left."""
    address, code = LineEdit(limit=300), LineEdit(limit=80)
    address.setPlaceholderText("central.example.org")
    code.setPlaceholderText(CODE_SHAPE)
    form.add("address", _("Address of the central server"), address, required=True)
    form.add("code", _("Enrolment code"), code, required=True)
    for edit in (address, code):
        edit.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    return address, code


class JoinChainDialog(Dialog):
    """Asks once; ``then()`` when this database is a site."""

    def __init__(self, desk: Desk, parent: QWidget, then: Callable[[], object]) -> None:
        text = _(
            "Whoever runs the central server makes a code there. The first site brings its data along; "
            "every other one begins with an empty database, from the first page of the program."
        )
        super().__init__(parent, _("Join a chain"), text, width=520)
        self._desk, self._then = desk, then
        self.form = Form(columns=1, starred=False)
        fields = add_way(self.form)
        self.said = Label(tone="bad", wrap=True)
        self.said.hide()
        self.body.addWidget(self.form)
        self.body.addWidget(self.said)
        self.add_button(_("Cancel"), None, self.reject)
        self.join_button = BusyButton(_("Join"))
        self.join_button.clicked.connect(self._join)
        keyed(self.join_button, "Ctrl+Return")
        self.buttons.addWidget(self.join_button)
        for edit in fields:
            edit.returnPressed.connect(self.join_button.click)
            edit.textEdited.connect(lambda _text: self.said.hide())
        fields[0].setFocus()

    def _join(self) -> None:
        given = None if self.join_button.is_busy else self.form.values()
        if given is None:
            return
        self.join_button.set_busy(True)
        self.said.hide()
        work = self._desk.work
        # On the second thread: central may take its time, and everybody goes on working meanwhile.
        work.background(
            self,
            ENROL,
            db=work.db,
            actor=self._desk.actor,
            **given,
            then=self._joined,
            failed=self._refused,
            settled=lambda: self.join_button.set_busy(False),
        )

    def _joined(self, enrolled: Enrolled) -> None:
        said = _("This database is the site {name} ({code}) now.").format(name=enrolled.site_name, code=enrolled.site_code)
        self._desk.toast(said, tone=Tone.GOOD)
        self.accept()
        self._then()

    def _refused(self, error: ClinicError) -> None:
        if not self.form.refuse(error):
            self.said.setText(wording.sentence(error))
            self.said.show()
