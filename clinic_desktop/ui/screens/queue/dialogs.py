"""Questions of the queue board."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from clinic_desktop import wording
from clinic_desktop.clinic.frontdesk import commands
from clinic_desktop.clinic.frontdesk.queries import VisitRow
from clinic_desktop.clinic.frontdesk.rules import VisitStatus
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.formats import isolated
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.queue.reading import Doctors, ServiceRoom
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import BusyButton, Choice, Dialog, Form, Label, LineEdit


class TransferDialog(Dialog):
    """Chooses the doctor, or the room without one, for whom a patient waits from now on."""

    def __init__(self, screen: Screen, visit: VisitRow, doctors: Doctors) -> None:
        text = _("{number} · {name} waits for {doctor}.").format(
            number=visit.queue_number, name=isolated(visit.patient_name), doctor=isolated(visit.service_room or visit.doctor_name)
        )
        super().__init__(screen, _("Transfer"), text)
        self._screen, self._visit = screen, visit
        self.form = Form(columns=1)
        self.to = Choice("", _places(screen, visit, doctors))
        self.form.add("to", _("Doctor or room"), self.to, required=True)
        self.form.add("reason", _("Reason"), LineEdit())
        self.body.addWidget(self.form)
        self._what = Label("", tone="muted", wrap=True)
        self.body.addWidget(self._what)
        self.to.currentIndexChanged.connect(lambda _place: self._tell())
        self._tell()
        self._clean = self.form.draft()
        self.add_button(_("Cancel"), None, self.leave)
        self.done_button = BusyButton(_("Transfer"))
        self.done_button.setDefault(True)
        self.done_button.clicked.connect(self._transfer)
        self.buttons.addWidget(self.done_button)
        self.to.setFocus()
        screen.keep_typing(f"transfer {visit.visit_id}", self)

    def draft(self) -> dict[str, Any] | None:
        """What is chosen and typed, and not done."""
        typed = self.form.draft()
        return None if typed == self._clean else typed

    def restore(self, draft: dict[str, Any]) -> None:
        """Put it back."""
        self.form.restore(draft)

    def _tell(self) -> None:
        to = self.to.value()
        if isinstance(to, ServiceRoom):
            self._what.setText(_("No doctor calls meanwhile. Afterwards the patient stands where the doctor's queue has come to."))
        elif to == self._visit.doctor_id:
            self._what.setText(_("The patient stands where the doctor's queue has come to."))
        else:
            self._what.setText(_("The fee is charged anew at the other doctor's price."))

    def _transfer(self) -> None:
        values = self.form.values()
        if values is None:
            return
        to, given = values["to"], {"visit_id": self._visit.visit_id, "reason": values["reason"]}
        command: Callable[..., None] = commands.transfer
        if isinstance(to, ServiceRoom):
            command, given["room"] = commands.send_to_room, to.name
        elif to == self._visit.doctor_id:
            command = commands.send_back
            given.pop("reason")
        else:
            given["doctor_id"] = to
        self.done_button.run(self._screen.work, self, command, then=lambda _nothing: self._transferred(), failed=self._refuse, **given)

    def _transferred(self) -> None:
        said = _("{name} now waits for {doctor}.").format(
            name=isolated(self._visit.patient_name), doctor=isolated(self.to.currentText().split(" · ")[0])
        )
        self._screen.desk.toast(said, tone=Tone.GOOD)
        self.accept()

    def _refuse(self, error: ClinicError) -> None:
        is_inside = error.params.get("current") == VisitStatus.IN_PROGRESS  # since this was opened
        if not self.form.refuse(error):
            self.form.fields["to"].set_error(why_not_from_inside(self._visit) if is_inside else wording.sentence(error))


def why_not_from_inside(visit: VisitRow) -> str:
    """Why a patient who is with a doctor is not transferred, and what to do instead."""
    text = _(
        "{number} · {name} is with {doctor} and stands in no queue. To a room such as ECG the patient goes while the consultation"
        " stays open. For another doctor it is ended first; then add a walk-in."
    )
    return text.format(number=visit.queue_number, name=isolated(visit.patient_name), doctor=isolated(visit.doctor_name))


def _places(screen: Screen, visit: VisitRow, doctors: Doctors) -> list[tuple[str, object]]:
    """Back to the own doctor first, then the other doctors, then the rooms without one."""
    may_send = screen.desk.may(commands.send_to_room)
    own = [one for one in doctors.rows if one.id == visit.doctor_id and visit.service_room is not None and may_send]
    others = [one for one in doctors.rows if one.id != visit.doctor_id and one.is_available and screen.desk.may(commands.transfer)]
    rooms = [ServiceRoom(name) for name in doctors.service_rooms if name != visit.service_room and may_send]
    without = _("{room} · room without a doctor")
    people = [(f"{one.full_name} · {one.specialty}", one.id) for one in (*own, *others)]
    return [*people, *((without.format(room=one.name), one) for one in rooms)]


class HoldDialog(Dialog):
    """Why somebody is not called for the moment: a word is enough, none as well."""

    def __init__(self, screen: Screen, visit: VisitRow) -> None:
        text = _("{number} · {name} keeps the place and is not called until you resume.")
        super().__init__(screen, _("Put on hold"), text.format(number=visit.queue_number, name=isolated(visit.patient_name)))
        self._screen, self._visit = screen, visit
        self.form = Form(columns=1)
        self.form.add("reason", _("Reason"), LineEdit(placeholder=_("Blood test, X-ray, a telephone call"), limit=120))
        self.body.addWidget(self.form)
        self.add_button(_("Cancel"), None, self.leave)
        self.done_button = BusyButton(_("Put on hold"))
        self.done_button.setDefault(True)
        self.done_button.clicked.connect(self._hold)
        self.buttons.addWidget(self.done_button)
        self.form["reason"].setFocus()
        screen.keep_typing(f"hold {visit.visit_id}", self)

    def draft(self) -> dict[str, Any] | None:
        """The reason as far as it is typed."""
        return self.form.typed()

    def restore(self, draft: dict[str, Any]) -> None:
        """Put it back."""
        self.form.restore(draft)

    def _hold(self) -> None:
        values = self.form.values()
        if values is not None:
            self.done_button.run(
                self._screen.work,
                self,
                commands.hold,
                then=lambda _nothing: self.accept(),
                failed=self._refuse,
                visit_id=self._visit.visit_id,
                reason=values["reason"],
            )

    def _refuse(self, error: ClinicError) -> None:
        if not self.form.refuse(error):
            self.form.fields["reason"].set_error(wording.sentence(error))
