"""A patient's number or address is proved: a code goes there, the patient reads it out, and it is typed here."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from clinic_desktop.clinic.access.rules import OtpPurpose
from clinic_desktop.clinic.messages.events import MessageSettled
from clinic_desktop.clinic.patients import commands
from clinic_desktop.clinic.patients.queries import ContactRow, IdentifierRow, PatientRow
from clinic_desktop.clinic.patients.rules import PatientStatus
from clinic_desktop.kernel.clock import business_date
from clinic_desktop.kernel.formats import date_text, isolated, phone_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.code_entry import CodeEntry
from clinic_desktop.ui.late import late
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.reception.proof import Proof, no_way, proof_of, way_of, where_to
from clinic_desktop.ui.screens.reception.words import system_name
from clinic_desktop.ui.theme.tokens import GAP_8, GAP_24, Tone
from clinic_desktop.ui.widgets import Button, Chip, Dialog, ElidedLabel, Label, beside, directed

_REQUEST = late("clinic_desktop.clinic.patients.contacts:request_code")
_VERIFY = late("clinic_desktop.clinic.patients.contacts:verify_code")
LOOK_MS = 5_000
"""How often the dialog looks what became of its message: a failed attempt is no event."""


class ContactLine(QWidget):
    """One contact of a patient: what it is, and since when it is proved, or the button that proves it."""

    wanted = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.text = ElidedLabel(tone="muted")
        self.state = Chip("", Tone.GOOD)
        self.prove = Button(_("Verify…"), icon_name="badge-check", role="quiet")
        self.prove.setAccessibleName(_("{name}: verify").format(name=name))
        self.prove.clicked.connect(self.wanted)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(GAP_8)
        for widget in (self.text, self.state, self.prove):
            across.addWidget(widget)

    def show_contact(self, contact: ContactRow | None, zone: str, *, may_prove: bool) -> None:
        """Show what the patient has, or nothing."""
        self.setVisible(contact is not None)
        if contact is None:
            return
        address = phone_text(contact.typed) if contact.purpose is OtpPurpose.VERIFY_PHONE else contact.typed
        self.text.setText(beside(self._name, address))
        self.state.setVisible(contact.is_proved)
        if contact.is_proved:
            self.state.show_status(proved_text(contact, zone), Tone.GOOD)
        self.prove.setVisible(may_prove and not contact.is_proved)


class Contacts(QWidget):
    """A patient's number and address side by side, and the numbers of other systems; ``proved`` once one of them is."""

    proved = Signal()

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        self._screen = screen
        self._patient: PatientRow | None = None
        self.lines = {OtpPurpose.VERIFY_PHONE: ContactLine(_("Phone")), OtpPurpose.VERIFY_EMAIL: ContactLine(_("E-mail"))}
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(GAP_24)
        for purpose, line in self.lines.items():
            across.addWidget(line)
            line.hide()
            line.wanted.connect(lambda purpose=purpose: self._prove(purpose))
        self.numbers = ElidedLabel(tone="muted")
        across.addWidget(self.numbers, 1)
        self.hide()

    def show_patient(
        self, patient: PatientRow | None, contacts: tuple[ContactRow, ...] = (), numbers: tuple[IdentifierRow, ...] = ()
    ) -> None:
        """Show how to reach a patient, and by which numbers others know them; None forgets the former one."""
        self.numbers.setText("   ·   ".join(f"{system_name(one.system)} {isolated(one.value)}" for one in numbers))
        self._patient = patient
        is_active = patient is not None and patient.status is PatientStatus.ACTIVE
        may_prove = is_active and self._screen.desk.may(commands.request_contact_code)
        known = {one.purpose: one for one in contacts}
        for purpose, line in self.lines.items():
            line.show_contact(known.get(purpose), self._screen.desk.place.timezone, may_prove=may_prove)
        self.setVisible(bool(known or numbers))

    def _prove(self, purpose: OtpPurpose) -> None:
        if self._patient is not None:
            dialog = ProveDialog(self._screen, self._patient, purpose)
            dialog.proved.connect(self.proved)
            dialog.open()


class ProveDialog(Dialog):
    """Sends the code and takes it; ``proved`` by the right one. A code that was sent before is still taken."""

    proved = Signal()

    def __init__(self, screen: Screen, patient: PatientRow, purpose: OtpPurpose) -> None:
        is_phone = purpose is OtpPurpose.VERIFY_PHONE
        title = _("Verify the phone number") if is_phone else _("Verify the e-mail address")
        super().__init__(screen, title, beside(patient.full_name, patient.patient_number), width=500)
        self._screen, self._patient_id, self._purpose = screen, patient.id, purpose
        self.where = Label(wrap=True)
        self.way = Label(wrap=True, tone="muted")
        self.entry = CodeEntry(screen.desk, purpose, _REQUEST, _VERIFY, _("Send the code"), self, patient_id=patient.id)
        for widget in (self.where, self.entry, self.way):
            self.body.addWidget(widget)
        self.way.hide()
        self.shut = self.add_button(_("Close"), None, self.reject)  # not by Enter: it confirms the code
        self.entry.asked.connect(self._look)
        self.entry.proved.connect(self._after)
        screen.work.on(self, MessageSettled, then=lambda _events: self._look())
        self._pulse = QTimer(self, interval=LOOK_MS)
        self._pulse.timeout.connect(self._look)
        self._pulse.start()
        self._look(first=True)

    def _look(self, *, first: bool = False) -> None:
        def show(proof: Proof) -> None:
            self._show(proof, first=first)

        self._screen.work.read(self, proof_of, latest="proof", then=show, patient_id=self._patient_id, purpose=self._purpose)

    def _show(self, proof: Proof, *, first: bool) -> None:
        now = self._screen.desk.now()
        is_out = proof.sent is not None and proof.sent.is_good(now)
        zone = self._screen.desk.place.timezone
        self.where.setText(directed(where_to(proof, now, zone) if proof.can_send or is_out else no_way(self._purpose)))
        way = way_of(proof, now)
        self.way.setText(way)
        self.way.setVisible(bool(way))
        # What is being typed stays where it is, be the code past its time: the answer says so.
        self.entry.offer(sends=proof.can_send, takes=is_out or not self.entry.code.isHidden())
        if first:
            (self.entry.code if is_out else self.entry.send if proof.can_send else self.shut).setFocus()

    def _after(self) -> None:
        """The code was right; what it proves is what it went to."""

        def tell(proof: Proof) -> None:
            if proof.contact is not None and proof.contact.is_proved:
                self._screen.desk.toast(proved_toast(self._purpose), tone=Tone.GOOD)
                self.proved.emit()
                self.accept()
            else:
                text = _("The code was right, but it went to a number or address that the patient does not have any more. Send a new one.")
                self.entry.say(text)
                self._look()

        self._screen.work.read(self, proof_of, then=tell, patient_id=self._patient_id, purpose=self._purpose)


def proved_text(contact: ContactRow, zone: str) -> str:
    """Since when a contact is proved."""
    if contact.proved_at is None:
        return _("Verified")
    return _("Verified on {day}").format(day=date_text(business_date(contact.proved_at, zone)))


def proved_toast(purpose: OtpPurpose) -> str:
    """That it is proved now."""
    return _("The phone number is verified.") if purpose is OtpPurpose.VERIFY_PHONE else _("The e-mail address is verified.")
