"""Messages to patients that could not be sent: why, and what to do about each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.messages import commands
from clinic_desktop.clinic.messages.queries import SaidRow
from clinic_desktop.clinic.messages.rules import Channel
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.notices.words import SAID_TONES, said_way, when_text, why_text
from clinic_desktop.ui.table import Column, TableView
from clinic_desktop.ui.theme.tokens import GAP_12, Tone
from clinic_desktop.ui.widgets import BusyButton, keyed, row


class FailedList(QWidget):
    """What could not be sent and is still of use."""

    def __init__(self, screen: Screen, parent: QWidget) -> None:
        super().__init__(parent)
        self._screen, self._desk = screen, screen.desk
        self.table = TableView(
            _("Could not be sent"), self._columns(), empty=_("Every message to a patient has left."), empty_icon="circle-check"
        )
        self.again = BusyButton(_("Send again"), icon_name="refresh-cw")
        self.called = BusyButton(_("Told by phone"), icon_name="phone", role=None)
        self.let_be = BusyButton(_("Leave unsent"), icon_name="x", role=None)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GAP_12, 0, 0)
        column.setSpacing(GAP_12)
        column.addWidget(self.table, 1)
        column.addLayout(row(self.again, self.called, self.let_be))
        for button, keys, done, act in (
            (self.again, "F5", _("It is on its way again."), lambda one: (commands.send_again, {"message_id": one.id})),
            (self.called, "F4", _("Noted as told."), _call),
            (self.let_be, "F9", _("It stays unsent."), lambda one: (commands.let_be, {"message_id": one.id})),
        ):
            keyed(button, keys)
            button.clicked.connect(lambda _checked=False, b=button, d=done, a=act: self._run(b, d, a))
        self.table.selected.connect(lambda _row: self._offer())
        self.table.activated.connect(lambda one: self._desk.open("patient", patient_id=one.patient_id))
        self._offer()

    def show_rows(self, rows: Sequence[SaidRow]) -> None:
        """Show them."""
        self.table.set_rows(rows)
        if self.table.current is None:
            self.table.select_first()
        self._offer()

    def _columns(self) -> list[Column]:
        zone, now = self._desk.place.timezone, self._desk.now
        return [
            Column(_("Patient"), lambda one: one.patient_name, width=0),
            Column(_("Notice"), lambda one: wording.status(one.notice), width=150),
            Column(_("Appointment"), lambda one: "" if one.start is None else when_text(one.start, now(), zone), width=176),
            Column(_("To"), said_way, width=196),
            Column(
                _("Status"), lambda one: wording.status(one.status), chip=lambda one: SAID_TONES.get(one.status, Tone.NEUTRAL), width=116
            ),
            Column(_("Reason"), lambda one: why_text(one.error), width=190, tooltip=lambda one: why_text(one.error)),
        ]

    def _offer(self) -> None:
        one: SaidRow | None = self.table.current
        for button in (self.again, self.let_be):
            button.setEnabled(one is not None)
        self.called.setEnabled(one is not None and one.appointment_id is not None)

    def _run(self, button: BusyButton, done: str, act: Callable[[SaidRow], tuple[Any, dict[str, Any]]]) -> None:
        one: SaidRow | None = self.table.current
        if one is not None:
            command, params = act(one)
            toast = self._desk.toast
            button.run(self._screen.work, self, command, then=lambda _done: toast(done, tone=Tone.GOOD), failed=self._refused, **params)

    def _refused(self, error: ClinicError) -> None:
        self._desk.toast(wording.sentence(error), tone=Tone.WARN)
        self._screen.refresh()


def _call(one: SaidRow) -> tuple[Any, dict[str, Any]]:
    return commands.mark_told, {"appointment_id": one.appointment_id, "channel": Channel.PHONE}
