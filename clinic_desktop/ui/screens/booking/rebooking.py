"""Appointments that a leave or a holiday has overtaken: one after the other, or all at once, to another place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from clinic_desktop import wording
from clinic_desktop.clinic.frontdesk import commands
from clinic_desktop.clinic.frontdesk.queries import ProposalRow, RebookRow, needing_new_time
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.formats import datetime_text, number_text, phone_text
from clinic_desktop.kernel.i18n import _, ngettext
from clinic_desktop.ui.rows import Column
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.booking.listing import ListDialog
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import BusyButton, beside, keyed

SAME, OTHER, STAYS = "SAME", "OTHER", "STAYS"
_NEXT = {SAME: OTHER, OTHER: STAYS, STAYS: SAME}


class RebookDialog(ListDialog):
    """Each with a proposal; Space or Enter goes to the next choice of a row. Those that are left keep standing here."""

    def __init__(self, screen: Screen, doctor_id: UUID | None = None) -> None:
        self._doctor_id = doctor_id
        self._zone, self._choices, self._refused = screen.desk.place.timezone, dict[UUID, str](), dict[UUID, str]()
        columns = [
            Column(_("Patient"), lambda one: one.patient_name, width=0),
            Column(_("Phone"), lambda one: phone_text(one.patient_phone), width=124, export=lambda one: one.patient_phone or ""),
            Column(_("Former place"), self._booked, width=232, sort_key=lambda one: one.start, tooltip=self._booked),
            Column(_("New place"), self._new_place, width=224, tooltip=self._new_place, chip=self._tone),
            Column(_("Remark"), self._remark, width=150, tooltip=self._remark),
        ]
        text = _("These lie in an approved leave or on a holiday. Each is moved by itself: what cannot be moved stays on this list.")
        super().__init__(
            screen,
            _("New times needed"),
            text,
            columns,
            key=lambda one: one.appointment_id,
            empty=_("Every appointment can stay."),
            width=1000,
        )
        self.other = self.act(_("Another choice"), "arrow-right-left", "Ctrl+N", self._turn)
        self.one = self.act(_("Move this one"), "calendar-check", "Ctrl+M", self._move_one, when=lambda row: self.proposal(row) is not None)
        self.patient = self.act(_("Open the patient"), "arrow-right", "Ctrl+O", self._open)
        self.table.activated.connect(self._turn)
        self.all = BusyButton("", icon_name="check")
        self.all.clicked.connect(self._move_all)
        self.buttons.addWidget(self.all)
        self.read()

    def read(self) -> None:
        """Read what needs a new time, with what is free now."""
        self.work.read(
            self,
            needing_new_time,
            latest="list",
            then=self._show,
            clinic_id=self.desk.clinic_id,
            now=self.desk.now(),
            doctor_id=self._doctor_id,
        )

    def proposal(self, row: RebookRow) -> ProposalRow | None:
        """The place that is chosen for a row."""
        return {SAME: row.same_doctor, OTHER: row.other_doctor, STAYS: None}[self._choice(row)]

    def _choice(self, row: RebookRow) -> str:
        usual = SAME if row.same_doctor is not None else OTHER if row.other_doctor is not None else STAYS
        return self._choices.get(row.appointment_id, usual)

    def _show(self, rows: Sequence[RebookRow]) -> None:
        self.table.set_rows([])  # what is chosen, and what went wrong, are no part of a row
        self.show_rows(rows)
        count = sum(self.proposal(row) is not None for row in rows)
        self.all.setText(ngettext("Move {n} appointment", "Move {n} appointments", count).format(n=number_text(count)))
        keyed(self.all, "Ctrl+Return")
        self.all.setEnabled(bool(count))

    def _turn(self, row: RebookRow) -> None:
        choice = self._choice(row)
        for _turn in range(2):
            choice = _NEXT[choice]
            if choice == STAYS or (row.same_doctor if choice == SAME else row.other_doctor) is not None:
                break
        self._choices[row.appointment_id] = choice
        rows = list(self.table.rows)
        self._show(rows)
        self.table.select(row.appointment_id)

    def _move_one(self, row: RebookRow) -> None:
        self._begin([row])

    def _move_all(self) -> None:
        self._begin([row for row in self.table.rows if self.proposal(row) is not None])

    def _begin(self, rows: list[RebookRow]) -> None:
        if not self.all.is_busy:
            self.all.set_busy(True)
            self._move(rows)

    def _move(self, rows: list[RebookRow], moved: int = 0) -> None:
        """One transaction each: what is in the way of one is not in the way of the next."""
        place = self.proposal(rows[0]) if rows else None
        if place is None:
            self._moved(moved)
            return
        row, *rest = rows

        def done(_booked: object) -> None:
            self._refused.pop(row.appointment_id, None)
            self._move(rest, moved + 1)

        def refused(error: ClinicError) -> None:
            self._refused[row.appointment_id] = wording.sentence(error)
            self._move(rest, moved)

        wanted: dict[str, Any] = {"appointment_id": row.appointment_id, "doctor_id": place.doctor_id, "start": place.start}
        self.work.do(self, commands.move, then=done, failed=refused, **wanted)

    def _moved(self, moved: int) -> None:
        self.all.set_busy(False)
        if moved:
            text = ngettext("{n} appointment is moved.", "{n} appointments are moved.", moved).format(n=number_text(moved))
            self.desk.toast(text, tone=Tone.GOOD)
        self.read()

    def _open(self, row: RebookRow) -> None:
        self.accept()
        self.desk.open("patient", patient_id=row.patient_id, visit_id=row.visit_id)

    def _booked(self, row: RebookRow) -> str:
        return beside(datetime_text(row.start, timezone=self._zone), row.doctor_name)

    def _new_place(self, row: RebookRow) -> str:
        place = self.proposal(row)
        if place is None:
            return _("stays for now")
        when = datetime_text(place.start, timezone=self._zone)
        return beside(when, place.doctor_name) if place.doctor_id != row.doctor_id else when

    def _tone(self, row: RebookRow) -> Tone | None:
        return Tone.NEUTRAL if self.proposal(row) is None else Tone.GOOD

    def _remark(self, row: RebookRow) -> str:
        why = _("holiday") if row.why == "holiday" else _("doctor on leave")
        return self._refused.get(row.appointment_id, why)
