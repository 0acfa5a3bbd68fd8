"""One day's appointments, each with what the patient knows of it; told by telephone or a slip with one key, and on to the next."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.messages import commands
from clinic_desktop.clinic.messages.queries import TellRow, TellState
from clinic_desktop.clinic.messages.rules import SENT_BY_PROGRAM, Channel
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.formats import phone_text, time_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.late import late
from clinic_desktop.ui.printing import show_document
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.notices.words import TELL_TONES, tell_detail, tell_state
from clinic_desktop.ui.table import Column, TableView
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import GAP_12, Tone
from clinic_desktop.ui.widgets import BusyButton, Button, Choice, keyed, row

APPOINTMENT_SLIP = late("clinic_desktop.documents.compose:appointment_slip")
_OPEN = (TellState.NOT_TOLD, TellState.NOT_SENT)


class TellList(QWidget):
    """Those to tell, or all of the day."""

    def __init__(self, screen: Screen, parent: QWidget) -> None:
        super().__init__(parent)
        self._screen, self._desk, self._work = screen, screen.desk, screen.work
        self._rows: list[TellRow] = []
        self.table = TableView(
            _("Appointments of the day"),
            self._columns(),
            key=lambda one: one.appointment_id,
            empty=_("Everybody who is expected on this day knows of it."),
            empty_icon="circle-check",
        )
        self.which = Choice(_("Which"), [(_("To tell"), False), (_("All of the day"), True)])
        self.which.setMinimumWidth(scaled(150))
        self.table.tools.addWidget(self.which)
        self.called = BusyButton(_("Told by phone"), icon_name="phone")
        self.given = BusyButton(_("Slip given"), icon_name="check", role=None)
        self.slip = Button(_("Print slip"), icon_name="printer")
        self.a6 = Button(_("Print on A6"), icon_name="printer")
        self.undo = BusyButton(_("Not told after all"), icon_name="undo-2", role=None)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GAP_12, 0, 0)
        column.setSpacing(GAP_12)
        column.addWidget(self.table, 1)
        column.addLayout(row(self.called, self.given, self.undo, self.slip, self.a6, stretch_at=3))
        self._wire()

    @property
    def open_count(self) -> int:
        """How many are to be told."""
        return sum(one.state in _OPEN for one in self._rows)

    def show_rows(self, rows: Sequence[TellRow]) -> None:
        """Show a day."""
        self._rows = list(rows)
        self._show()

    def _columns(self) -> list[Column]:
        zone = self._desk.place.timezone
        return [
            Column(_("Time"), lambda one: time_text(one.start, timezone=zone), width=88, sort_key=lambda one: one.start),
            Column(_("Patient"), lambda one: one.patient_name, width=0, tooltip=lambda one: f"{one.patient_name}\n{one.patient_number}"),
            Column(_("Phone"), lambda one: phone_text(one.phone), width=148, export=lambda one: one.phone or ""),
            Column(_("Doctor"), lambda one: one.doctor_name, width=150),
            Column(_("Told"), tell_state, chip=lambda one: TELL_TONES[one.state], width=120),
            Column(_("How, or why not"), lambda one: tell_detail(one, self._desk.now(), zone), width=196),
            Column(_("Confirmed"), lambda one: wording.status(one.status), width=110, hidden=True),
            Column(_("Booking"), lambda one: one.booking_id, width=140, hidden=True),
        ]

    def _wire(self) -> None:
        for button, keys, action in (
            (self.called, "F4", lambda: self._mark(self.called, Channel.PHONE)),
            (self.given, "F6", lambda: self._mark(self.given, Channel.PAPER)),
            (self.slip, "F8", lambda: self._print(on_a6=False)),
            (self.a6, "Shift+F8", lambda: self._print(on_a6=True)),
            (self.undo, "F9", self._take_back),
        ):
            keyed(button, keys)
            button.clicked.connect(action)
        self.which.currentIndexChanged.connect(lambda _place: self._show())
        self.table.selected.connect(lambda _row: self._offer())
        self.table.activated.connect(lambda one: self._desk.open("patient", patient_id=one.patient_id))
        self._offer()

    def _show(self) -> None:
        place = self.table.grid.currentIndex().row()
        self.table.set_rows(one for one in self._rows if self.which.value() or one.state in _OPEN)
        if self.table.current is None and self.table.rows:
            # Who was told leaves the list: the next one takes the place, so that a list is worked through by one key.
            self.table.select(self.table.rows[min(max(place, 0), len(self.table.rows) - 1)].appointment_id)
        self._offer()

    def _offer(self) -> None:
        one: TellRow | None = self.table.current
        is_by_person = one is not None and one.state is TellState.TOLD and one.channel not in SENT_BY_PROGRAM
        for button in (self.called, self.given):
            button.setEnabled(one is not None and not is_by_person)
        for other in (self.slip, self.a6):
            other.setEnabled(one is not None)
        self.undo.setEnabled(is_by_person)

    def _mark(self, button: BusyButton, channel: Channel) -> None:
        one: TellRow | None = self.table.current
        if one is not None:
            button.run(
                self._work,
                self,
                commands.mark_told,
                then=lambda _answer: self._marked(one),
                failed=self._refused,
                appointment_id=one.appointment_id,
                channel=channel,
            )

    def _marked(self, one: TellRow) -> None:
        def back() -> None:
            self._work.do(self, commands.take_back_told, appointment_id=one.appointment_id)

        self._desk.toast(_("{name} knows of it.").format(name=one.patient_name), tone=Tone.GOOD, undo=back)

    def _take_back(self) -> None:
        one: TellRow | None = self.table.current
        if one is not None:
            self.undo.run(self._work, self, commands.take_back_told, failed=self._refused, appointment_id=one.appointment_id)

    def _print(self, *, on_a6: bool) -> None:
        one: TellRow | None = self.table.current
        if one is not None:
            show_document(self._screen, _("Appointment slip"), APPOINTMENT_SLIP, visit_id=one.visit_id, on_a6=on_a6)

    def _refused(self, error: ClinicError) -> None:
        self._desk.toast(wording.sentence(error), tone=Tone.WARN)
        self._screen.refresh()
