"""Proving one's own e-mail address: a code is sent there, and typed here."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinic_desktop.clinic.access.queries import OwnAccountRow
from clinic_desktop.clinic.access.rules import OtpPurpose
from clinic_desktop.kernel.formats import isolated
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.code_entry import CodeEntry
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.late import late
from clinic_desktop.ui.theme.tokens import GAP_8
from clinic_desktop.ui.widgets import Label

_REQUEST = late("clinic_desktop.clinic.access.codes:request_code")
_VERIFY = late("clinic_desktop.clinic.access.codes:verify_code")


class ProveAddress(QWidget):
    """The address, whether it is proved, and the way to prove it; ``proved`` once it is."""

    proved = Signal()

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self.state = Label(wrap=True, tone="muted")
        self.entry = CodeEntry(desk, OtpPurpose.VERIFY_EMAIL, _REQUEST, _VERIFY, _("Send me a code"), self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_8)
        column.addWidget(self.state)
        column.addWidget(self.entry)
        self.entry.proved.connect(self.proved)

    def show_account(self, account: OwnAccountRow) -> None:
        """Show the address of this account."""
        can_prove = account.email is not None and not account.email_verified
        self.entry.offer(sends=can_prove, takes=can_prove and not self.entry.code.isHidden())
        address = isolated(account.email)
        if account.email is None:
            self.state.setText(_("No e-mail address is known of you. An administrator can enter it."))
        elif account.email_verified:
            self.state.setText(_("{address} is confirmed: a forgotten password can be replaced through it.").format(address=address))
        else:
            self.state.setText(_("{address} is not confirmed yet.").format(address=address))
