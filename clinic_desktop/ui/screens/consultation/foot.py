"""The foot of the doctor's room: what is saved, and what can be done with the open visit."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from clinic_desktop.clinic.clinical import commands as clinical
from clinic_desktop.clinic.frontdesk import commands
from clinic_desktop.clinic.frontdesk.rules import VisitStatus
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screens.consultation.reading import Case
from clinic_desktop.ui.theme.tokens import GAP_8
from clinic_desktop.ui.widgets import BusyButton, Button, ElidedLabel, beside, keyed


class Foot(QWidget):
    """Buttons of the state the visit is in."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = ElidedLabel(tone="muted")
        self.recall = BusyButton(_("Recall"), icon_name="volume-2", role=None)
        self.skip = BusyButton(_("Skip"), icon_name="skip-forward", role=None)
        self.call = BusyButton(_("Call this patient"), icon_name="megaphone", role=None)
        self.start = BusyButton(_("Start consultation"), icon_name="play")
        self.next = Button(_("Next appointment"), icon_name="calendar-plus")
        self.print = Button(_("Print prescription"), icon_name="printer")
        self.addendum = Button(_("Addendum"), icon_name="pencil")
        self.sign = BusyButton(_("Sign"), icon_name="check")
        self._may = {
            self.recall: desk.may(commands.recall),
            self.skip: desk.may(commands.skip),
            self.call: desk.may(commands.call),
            self.start: desk.may(commands.start_consultation),
            self.next: desk.may(commands.book),
            self.print: True,
            self.addendum: desk.may(clinical.add_addendum),
            self.sign: desk.may(clinical.sign_consultation),
        }
        self._lay_out()

    def _lay_out(self) -> None:
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(GAP_8)
        across.addWidget(self.state, 1)
        for button in self._may:
            across.addWidget(button)
            button.hide()  # all of them together would be wider than the screen
        for button, keys in (
            (self.recall, "F9"),
            (self.skip, "F7"),
            (self.start, "F6"),
            (self.next, "F4"),
            (self.print, "Ctrl+P"),
            (self.sign, "F10"),
        ):
            keyed(button, keys)

    def offer(self, case: Case) -> None:
        """Show what this visit allows."""
        status = case.visit.status
        wanted = {
            self.recall: status is VisitStatus.CALLED,
            self.skip: status is VisitStatus.CALLED,
            self.start: status is VisitStatus.CALLED,
            self.call: status is VisitStatus.WAITING,
            self.next: case.is_open or case.is_signed,
            self.print: case.printable is not None,
            self.addendum: case.is_signed,
            self.sign: case.is_open,
        }
        # Those that go first: all together would push the window wider than the screen.
        for button, is_wanted in sorted(wanted.items(), key=lambda one: one[1]):
            button.setVisible(is_wanted and self._may[button])

    def tell(self, case: Case | None, *, is_settled: bool, is_blocked: bool, is_other: bool, now: str) -> None:
        """Say what is saved, and whose patient this is where it is another doctor's."""
        if case is None or not case.is_open:
            text = ""
            if case is not None and case.consultation is not None and case.is_signed:
                text = _("Signed by {name}.").format(name=case.consultation.signed_by or "–")
            if case is not None and case.visit.status is VisitStatus.CALLED:
                text = _("Start when the patient is here.")
        elif is_blocked:
            text = _("The prescription waits for a reason.")
        else:
            text = _("Saved {time}").format(time=now) if is_settled else _("Saving…")
        if case is not None and is_other:
            text = beside(_("Patient of {doctor}").format(doctor=case.visit.doctor_name), text)
        self.state.setText(text)
