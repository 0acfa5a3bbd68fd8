"""Proving one's own e-mail address: a code is sent there, and typed here."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.access.queries import OwnAccountRow
from clinic_desktop.clinic.access.rules import OtpPurpose
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.formats import isolated
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.late import late
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import GAP_8
from clinic_desktop.ui.widgets import BusyButton, Label, LineEdit, row

_REQUEST = late("clinic_desktop.clinic.access.codes:request_code")
_VERIFY = late("clinic_desktop.clinic.access.codes:verify_code")


class ProveAddress(QWidget):
    """The address, whether it is proved, and the way to prove it; ``proved`` once it is."""

    proved = Signal()

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self.state = Label(wrap=True, tone="muted")
        self.send = BusyButton(_("Send me a code"), icon_name="mail", role=None)
        self.code = LineEdit(limit=12)
        self.code.setAccessibleName(_("Code from the message"))
        self.code.setPlaceholderText(_("Code from the message"))
        self.code.setMaximumWidth(scaled(200))
        self.confirm = BusyButton(_("Confirm"), role=None)
        self.problem = Label(tone="bad", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_8)
        column.addWidget(self.state)
        column.addLayout(row(self.send, self.code, self.confirm))
        column.addWidget(self.problem)
        for widget in (self.send, self.code, self.confirm, self.problem):
            widget.hide()
        self.send.clicked.connect(self._send)
        self.confirm.clicked.connect(self._confirm)
        self.code.returnPressed.connect(self._confirm)

    def show_account(self, account: OwnAccountRow) -> None:
        """Show the address of this account."""
        can_prove = account.email is not None and not account.email_verified
        self.send.setVisible(can_prove)
        if not can_prove:
            self.code.hide()
            self.confirm.hide()
        address = isolated(account.email)
        if account.email is None:
            self.state.setText(_("No e-mail address is known of you. An administrator can enter it."))
        elif account.email_verified:
            self.state.setText(_("{address} is confirmed: a forgotten password can be replaced through it.").format(address=address))
        else:
            self.state.setText(_("{address} is not confirmed yet.").format(address=address))

    def _send(self) -> None:
        if self.send.is_busy:
            return
        self.send.set_busy(True)
        work = self._desk.work
        work.call(
            self,
            _REQUEST,
            db=work.db,
            actor=work.actor,
            purpose=OtpPurpose.VERIFY_EMAIL,
            then=self._sent,
            failed=self._refuse,
            settled=lambda: self.send.set_busy(False),
        )

    def _sent(self, _nothing: object) -> None:
        self.problem.hide()
        self.code.clear()
        self.code.show()
        self.confirm.show()
        self.code.setFocus()

    def _confirm(self) -> None:
        if self.confirm.is_busy or not self.code.text().strip():
            return
        self.confirm.set_busy(True)
        work = self._desk.work
        work.call(
            self,
            _VERIFY,
            db=work.db,
            actor=work.actor,
            purpose=OtpPurpose.VERIFY_EMAIL,
            code=self.code.text(),
            then=lambda _nothing: self.proved.emit(),
            failed=self._refuse,
            settled=lambda: self.confirm.set_busy(False),
        )

    def _refuse(self, error: ClinicError) -> None:
        self.problem.setText(wording.sentence(error))
        self.problem.show()
