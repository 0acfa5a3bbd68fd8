"""What one patient was told and is to be told, and how the patient wants it: a tab of the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.messages import events
from clinic_desktop.clinic.messages.queries import SaidRow, messages_of_patient
from clinic_desktop.clinic.messages.rules import MessageStatus
from clinic_desktop.clinic.patients import commands as patients
from clinic_desktop.clinic.patients.events import PatientChanged
from clinic_desktop.clinic.patients.queries import ContactWish, PatientRow, contact_wish
from clinic_desktop.clinic.patients.rules import ContactBy
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.part import Part
from clinic_desktop.ui.preferences import LANGUAGE_NAMES
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.notices.words import SAID_TONES, said_way, when_text, why_text
from clinic_desktop.ui.table import Column, TableView
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import GAP_12, Tone
from clinic_desktop.ui.widgets import BusyButton, Choice, Label, row


@dataclass(frozen=True, slots=True)
class Told:
    """A patient's wish and messages."""

    wish: ContactWish
    messages: list[SaidRow]


def told(session: Any, *, patient_id: UUID) -> Told:
    """What the tab shows."""
    return Told(contact_wish(session, patient_id), messages_of_patient(session, patient_id=patient_id))


class MessagesPart(Part):
    """The wish above, the messages below."""

    def __init__(self, screen: Screen, parent: QWidget | None = None) -> None:
        super().__init__(screen, parent)
        self._patient: PatientRow | None = None
        ways = [(_way(one), one) for one in ContactBy]
        self.by = Choice(_("Told by"), ways, placeholder=_("As the clinic does"))
        self.language = Choice(_("Language"), [(name, code) for code, name in LANGUAGE_NAMES.items()], placeholder=_("As the clinic does"))
        self.save = BusyButton(_("Save"), icon_name="save", role=None)
        for choice in (self.by, self.language):
            choice.setMinimumWidth(scaled(170))
            choice.currentIndexChanged.connect(lambda _place: self._offer())
        self.table = TableView(_("Messages to the patient"), self._columns(), empty=_("Nothing was said yet."), empty_icon="mail")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_12)
        column.addLayout(row(_caption(_("Told by"), self.by), self.by, _caption(_("Language"), self.language), self.language, self.save))
        column.addWidget(self.table, 1)
        self.save.clicked.connect(self._save)
        self._kept: ContactWish | None = None
        self._may = self.desk.may(patients.choose_contact)
        self._offer()
        self.work.on(self, events.MessageQueued, events.MessageSettled, PatientChanged, then=lambda _events: self._read())

    def show_patient(self, patient: PatientRow | None) -> None:
        """Show somebody."""
        if patient is None or self._patient is None or patient.id != self._patient.id:
            self._kept = None
            self.table.set_rows([])
        self._patient = patient
        self._offer()
        if patient is not None:
            self._read()

    def _columns(self) -> list[Column]:
        zone, now = self.desk.place.timezone, self.desk.now
        return [
            Column(_("When"), lambda one: when_text(one.at, now(), zone), width=166, sort_key=lambda one: one.at),
            Column(_("Notice"), lambda one: wording.status(one.notice), width=152),
            Column(_("Appointment"), lambda one: "" if one.start is None else when_text(one.start, now(), zone), width=166),
            Column(_("To"), said_way, width=0),
            Column(_("Status"), _status, chip=lambda one: SAID_TONES.get(one.status, Tone.NEUTRAL), width=112),
            Column(_("Reason"), _reason, width=150),
        ]

    def _read(self) -> None:
        if self._patient is not None:
            self.work.read(self, told, latest="told", then=self._show, patient_id=self._patient.id)

    def _show(self, found: Told) -> None:
        if self._patient is None or found.wish.patient_id != self._patient.id:
            return
        if self._kept is None or not self._is_typed():
            self._kept = found.wish
            self.by.set_value(found.wish.contact_by)
            self.language.set_value(found.wish.contact_language)
        self.table.set_rows(found.messages)
        self.counted.emit(sum(one.status in (MessageStatus.DEAD, MessageStatus.FAILED) for one in found.messages))
        self._offer()

    def _is_typed(self) -> bool:
        wish = self._kept
        return wish is not None and (self.by.value(), self.language.value()) != (wish.contact_by, wish.contact_language)

    def _offer(self) -> None:
        is_open = self._patient is not None and self._may
        for choice in (self.by, self.language):
            choice.setEnabled(is_open)
        self.save.setEnabled(is_open and self._is_typed())

    def _save(self) -> None:
        if self._patient is not None:
            self.save.run(
                self.work,
                self,
                patients.choose_contact,
                then=lambda _done: self._saved(),
                failed=self._refused,
                patient_id=self._patient.id,
                contact_by=self.by.value(),
                contact_language=self.language.value(),
            )

    def _saved(self) -> None:
        self._kept = None
        self.desk.toast(_("Saved."), tone=Tone.GOOD)
        self._read()

    def _refused(self, error: ClinicError) -> None:
        self.desk.toast(wording.sentence(error), tone=Tone.WARN)


def _way(one: ContactBy) -> str:
    return _("Phone call") if one is ContactBy.PHONE else wording.status(one)


def _status(one: SaidRow) -> str:
    return _("Told") if one.told_by and one.status is MessageStatus.SENT else wording.status(one.status)


def _reason(one: SaidRow) -> str:
    return one.told_by if one.told_by and one.status is MessageStatus.SENT else why_text(one.error)


def _caption(text: str, editor: QWidget) -> Label:
    found = Label(text, tone="muted")
    found.setBuddy(editor)
    return found
