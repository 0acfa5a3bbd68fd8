"""Who may already be registered: up to three records beside the form, each with its reasons; never in the way."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.patients.queries import Candidate, PatientRow, similar
from clinic_desktop.clinic.patients.rules import phone_digits
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.formats import isolated, listed, phone_text
from clinic_desktop.kernel.i18n import N_, _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.reception.words import age
from clinic_desktop.ui.theme.fonts import Text
from clinic_desktop.ui.theme.tokens import GAP_12
from clinic_desktop.ui.widgets import Button, Card, ElidedLabel, Form, Label, Portrait, keyed

MOST = 3
REASONS = {
    "name_same": N_("same name"),
    "name_other_script": N_("same name in another script"),
    "name_spelling": N_("similar name"),
    "name_spellings": N_("similar name"),
    "name_shorter": N_("part of the same name"),
    "name_initials": N_("same initials"),
    "name_one_word": N_("one name in common"),
    "birth_same": N_("same birth date"),
    "birth_first_of_year": N_("same year of birth"),
    "birth_swapped": N_("birth date with day and month exchanged"),
    "birth_slip": N_("similar birth date"),
    "birth_age_fits": N_("same age"),
    "phone_same": N_("same phone"),
    "phone_slip": N_("similar phone"),
    "address_same": N_("same address"),
    "address_similar": N_("similar address"),
    "blood_group_same": N_("same blood group"),
    "national_id_same": N_("same national ID"),
}


def reasons_text(candidate: Candidate) -> str:
    """Why a record may be the same person."""
    text = listed(_(REASONS[one]) for one in candidate.reasons if one in REASONS)
    return text[:1].upper() + text[1:]


class CandidateCard(Card):
    """One likely record."""

    opened = Signal(object)

    def __init__(self, place: int) -> None:
        super().__init__()
        self.patient: PatientRow | None = None
        self.name = ElidedLabel(voice=Text.STRONG)
        self.details = ElidedLabel(tone="muted")
        self.phone = ElidedLabel(tone="muted")
        self.reasons = Label(tone="warn", wrap=True)
        self.open_button = Button(_("Open"))
        keyed(self.open_button, f"Ctrl+{place}")
        self.open_button.clicked.connect(lambda: self.opened.emit(self.patient))
        self.portrait = Portrait(28)
        head = QHBoxLayout()
        head.addWidget(self.portrait)
        head.addWidget(self.name, 1)
        head.addWidget(Label(f"Ctrl+{place}", tone="muted"))
        head.addWidget(self.open_button)
        self.body.addLayout(head)
        for label in (self.details, self.phone, self.reasons):
            self.body.addWidget(label)

    def _show_photo(self, patient: PatientRow, photo: bytes | None) -> None:
        if self.patient == patient:
            self.portrait.show_person(patient.full_name, photo)

    def show_candidate(self, candidate: Candidate, desk: Desk) -> None:
        """Show this record."""
        patient = self.patient = candidate.patient
        self.name.setText(patient.full_name)
        self.portrait.show_person(patient.full_name)
        desk.photo_of(self, patient, partial(self._show_photo, patient))
        parts = (patient.patient_number, age(patient, desk.today()), wording.status(patient.gender))
        self.details.setText("  ·  ".join(isolated(part) for part in parts if part))
        self.phone.setText(phone_text(patient.phone) or _("No phone"))
        self.reasons.setText(reasons_text(candidate))
        self.open_button.setAccessibleName(_("Open {name}").format(name=patient.full_name))


class CandidateList(QWidget):
    """The likely records, the likeliest first; ``opened(PatientRow)``, and ``found`` after every answer."""

    opened = Signal(object)
    found = Signal()

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        self._desk, self._work = screen.desk, screen.work
        self.shown: list[Candidate] = []
        self.head = Label(_("Already registered?"), voice=Text.STRONG)
        self.note = Label(tone="muted", wrap=True)
        self.cards = [CandidateCard(place) for place in range(1, MOST + 1)]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_12)
        column.addWidget(self.head)
        column.addWidget(self.note)
        for card in self.cards:
            column.addWidget(card)
            card.opened.connect(self.opened)
        column.addStretch(1)
        self.show_candidates([], is_typed=False)

    @property
    def with_same_phone(self) -> PatientRow | None:
        """Who has the number that is typed."""
        return next((one.patient for one in self.shown if "phone_same" in one.reasons), None)

    def look(self, main: Form, *, exclude_id: UUID | None) -> None:
        """Look for records like what is typed so far, read or not."""
        name, phone = main["name"].value(), main["phone"].value()
        if (name is None or len(name.first) < 2) and len(phone_digits(phone or "")) < 6:
            self.show_candidates([], is_typed=False)
            return
        try:
            birth = main["birth"].value()
        except InvalidInput:
            birth = None
        self._work.read(
            self,
            similar,
            latest="similar",
            then=self.show_candidates,
            first_name=name.first if name else "",
            middle_name=name.middle if name else None,
            last_name=name.last if name else None,
            date_of_birth=birth.day if birth else None,
            dob_is_estimated=birth is not None and birth.is_estimated,
            gender=main["gender"].value(),
            phone=phone,
            exclude_id=exclude_id,
            limit=MOST,
        )

    def show_candidates(self, found: list[Candidate], *, is_typed: bool = True) -> None:
        """Show who was found."""
        self.shown = found[:MOST]
        for place, card in enumerate(self.cards):
            card.setVisible(place < len(self.shown))
            if place < len(self.shown):
                card.show_candidate(self.shown[place], self._desk)
        if self.shown:
            self.note.setText(_("Open the record when it is the same person. Otherwise go on: you can save at any time."))
        elif is_typed:
            self.note.setText(_("Nobody like this is registered yet."))
        else:
            self.note.setText(_("While you type, people who may be the same appear here."))
        self.found.emit()
