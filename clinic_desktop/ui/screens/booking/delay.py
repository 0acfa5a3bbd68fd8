"""Saying that a doctor runs late today."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from clinic_desktop.clinic.frontdesk import commands
from clinic_desktop.clinic.frontdesk.queries import DelayRow, doctors_late
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.formats import isolated, number_text, time_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import BusyButton, Choice, Dialog, Form, Label, NumberField


def delay_text(row: DelayRow, zone: str) -> str:
    """Who is late, by how much, until when."""
    text = _("{doctor} runs {n} minutes late (until {time}).")
    return text.format(doctor=isolated(row.doctor_name), n=number_text(row.minutes), time=time_text(row.until, timezone=zone))


class DelayDialog(Dialog):
    """Doctor and minutes from now; 0 takes it back. Tomorrow it is forgotten."""

    def __init__(self, screen: Screen, doctors: Sequence[tuple[str, UUID]], chosen: UUID | None) -> None:
        text = _("The expected waiting times and the boards follow at once. Tomorrow it is forgotten; 0 minutes takes it back.")
        super().__init__(screen, _("A doctor runs late"), text, width=420)
        self._screen = screen
        self.form = Form(columns=2)
        self.form.add("doctor", _("Doctor"), Choice("", doctors), required=True)
        self.form.add("minutes", _("Minutes from now"), NumberField(0, 600))
        self.form["doctor"].set_value(chosen)
        self.form["minutes"].setValue(30)
        self.form["minutes"].setSingleStep(5)
        self.said = Label(tone="warn", wrap=True)
        self.said.hide()
        self.body.addWidget(self.form)
        self.body.addWidget(self.said)
        self.add_button(_("Cancel"), None, self.reject)
        self.keep = BusyButton(_("Announce"), icon_name="check")
        self.keep.setDefault(True)
        self.keep.clicked.connect(self._keep)
        self.buttons.addWidget(self.keep)
        self.form["minutes"].setFocus()
        self.form["minutes"].selectAll()
        desk = screen.desk
        screen.work.read(self, doctors_late, then=self._show_late, clinic_id=desk.clinic_id, day=desk.today())

    def _show_late(self, rows: list[DelayRow]) -> None:
        self.said.setText("\n".join(delay_text(one, self._screen.desk.place.timezone) for one in rows))
        self.said.setVisible(bool(rows))

    def _keep(self) -> None:
        values = self.form.values()
        if values is not None:
            place = {"clinic_id": self._screen.desk.clinic_id, "doctor_id": values["doctor"], "minutes": values["minutes"]}
            self.keep.run(self._screen.work, self, commands.set_delay, then=lambda _nothing: self._kept(), failed=self._refused, **place)

    def _kept(self) -> None:
        minutes, name = self.form["minutes"].value(), self.form["doctor"].currentText()
        late = _("{doctor} runs {n} minutes late.").format(doctor=name, n=number_text(minutes))
        self._screen.desk.toast(late if minutes else _("{doctor} is no longer late.").format(doctor=name), tone=Tone.GOOD)
        self.accept()

    def _refused(self, error: ClinicError) -> None:
        if not self.form.refuse(error):
            self._screen.work.refused.emit(error)
