"""Sending a one-time code and typing what came: the same for one's own address and for a patient's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.access.queries import SentCodeRow, sent_code
from clinic_desktop.clinic.access.rules import OTP_DIGITS, OtpPurpose, otp_form
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.i18n import _, ngettext
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.mark import mark
from clinic_desktop.ui.theme.tokens import GAP_8
from clinic_desktop.ui.widgets import BusyButton, Label, LineEdit, row


class CodeEntry(QWidget):
    """A button that sends the code, and the field for it; ``asked`` once one is sent or a try is spent, ``proved`` by the right one.

    ``request`` and ``verify`` are the functions of the core; ``whose`` is the ``patient_id``, and empty for one's own code.
    What is typed here is no draft: a code works for ten minutes, and belongs into no table.
    """

    asked = Signal()
    proved = Signal()

    def __init__(
        self,
        desk: Desk,
        purpose: OtpPurpose,
        request: Callable[..., Any],
        verify: Callable[..., Any],
        send_text: str,
        parent: QWidget,
        **whose: UUID,
    ) -> None:
        super().__init__(parent)
        self._desk, self._purpose, self._request, self._verify, self._whose = desk, purpose, request, verify, whose
        self.send = BusyButton(send_text, icon_name="mail", role=None)
        self.code = LineEdit(_("Code from the message"), placeholder=_("Code from the message"), limit=20)
        self.code.setMaximumWidth(scaled(200))
        self.confirm = BusyButton(_("Confirm"), role=None)
        self.problem = Label(tone="bad", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_8)
        column.addLayout(row(self.send, self.code, self.confirm))
        column.addWidget(self.problem)
        for widget in (self.send, self.code, self.confirm, self.problem):
            widget.hide()
        self.send.clicked.connect(self._send)
        self.confirm.clicked.connect(self._confirm)
        self.code.returnPressed.connect(self._confirm)
        self.code.textEdited.connect(lambda _text: self.say(None))

    def offer(self, *, sends: bool, takes: bool) -> None:
        """Offer to send a code, and to take one."""
        self.send.setVisible(sends)
        self.code.setVisible(takes)
        self.confirm.setVisible(takes)
        self.setVisible(sends or takes)
        if not sends and not takes:
            self.say(None)

    def _ask(self, button: BusyButton, function: Callable[..., Any], then: Callable[[], object], failed: Any, **params: Any) -> None:
        button.set_busy(True)
        work = self._desk.work
        work.call(
            self,
            function,
            db=work.db,
            actor=work.actor,
            purpose=self._purpose,
            then=lambda _nothing: then(),
            failed=failed,
            settled=lambda: button.set_busy(False),
            **self._whose,
            **params,
        )

    def _send(self) -> None:
        if not self.send.is_busy:
            self._ask(self.send, self._request, self._sent, lambda error: self.say(wording.sentence(error)))

    def _sent(self) -> None:
        self.say(None)
        self.send.setText(_("Send a new code"))
        self.code.clear()
        self.offer(sends=True, takes=True)
        self.code.setFocus()
        self.asked.emit()

    def _confirm(self) -> None:
        typed = otp_form(self.code.text())
        if self.confirm.is_busy or not self.code.text().strip():
            return
        if len(typed) != OTP_DIGITS:  # a slip of the hand must not cost one of the tries
            self.say(_("The code has {n} digits.").format(n=OTP_DIGITS))
            self.code.setFocus()
            return
        self._ask(self.confirm, self._verify, self._shown, self._refuse, code=typed)

    def _shown(self) -> None:
        self.say(None)
        self.proved.emit()

    def _refuse(self, error: ClinicError) -> None:
        if error.code != "code_refused":
            self.say(wording.sentence(error))
            return
        whose: dict[str, Any] = {**self._whose} or {"user_id": self._desk.actor.user_id}
        self._desk.work.read(self, sent_code, then=lambda sent: self._tell(error, sent), purpose=self._purpose, **whose)

    def _tell(self, error: ClinicError, sent: SentCodeRow | None) -> None:
        self.say(refusal(error, sent, is_good=sent is not None and sent.is_good(self._desk.now())))
        self.code.selectAll()
        self.code.setFocus()
        self.asked.emit()

    def say(self, text: str | None) -> None:
        """Show an error at the field, or take it away."""
        self.problem.setText(text or "")
        self.problem.setVisible(bool(text))
        self.code.setAccessibleDescription(text or "")
        mark(self.code, "invalid", bool(text))


def refusal(error: ClinicError, sent: SentCodeRow | None, *, is_good: bool) -> str:
    """Why a code was not taken, as far as the person who holds it may know, and how often it can be tried yet."""
    if sent is None:
        return wording.sentence(error)
    if is_good:
        left = ngettext("This is not the code. {n} more try.", "This is not the code. {n} more tries.", sent.tries_left)
        return left.format(n=sent.tries_left)
    if sent.tries_left == 0:
        return _("This code was tried too often: not even the right one is taken now. Send a new one.")
    return _("This code is too old. Send a new one.")
