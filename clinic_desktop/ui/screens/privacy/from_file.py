"""What a patient's file offers about privacy: a request about the data, and who may read the record."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from clinic_desktop.clinic.patients.queries import PatientRow
from clinic_desktop.clinic.privacy import commands
from clinic_desktop.clinic.privacy.queries import is_restricted
from clinic_desktop.clinic.privacy.rules import RequestKind
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.privacy.asking import RequestDialog
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import ask_reason


def ask_for_copy(screen: Screen, _beside: QWidget, patient: PatientRow) -> None:
    """Take down that the patient wants a copy of all data."""
    RequestDialog(screen, patient=patient, kind=RequestKind.EXPORT).open()


def ask_for_erasure(screen: Screen, _beside: QWidget, patient: PatientRow) -> None:
    """Take down that the patient wants the data erased."""
    RequestDialog(screen, patient=patient, kind=RequestKind.ERASURE).open()


def say_who_reads(screen: Screen, _beside: QWidget, patient: PatientRow) -> None:
    """Restrict the record to who treats the patient, or open it again."""
    screen.work.read(screen, is_restricted, then=lambda closed: _ask(screen, patient, closed), patient_id=patient.id)


def _ask(screen: Screen, patient: PatientRow, is_closed: bool) -> None:
    told = (
        _("All who may read records will read this one, too.")
        if is_closed
        else _("Only doctors who treat the patient read the record. Others must give a reason, which is reviewed.")
    )
    title, yes = (_("Open the record"), _("Open")) if is_closed else (_("Restrict the record"), _("Restrict"))

    def run(reason: str) -> None:
        screen.work.do(
            screen,
            commands.restrict_record,
            then=lambda _answer: screen.desk.toast(_said(is_closed), tone=Tone.GOOD),
            patient_id=patient.id,
            is_restricted=not is_closed,
            reason=reason,
        )

    ask_reason(screen, title, told, yes=yes, then=run, role="primary", limit=500)


def _said(was_closed: bool) -> str:
    return _("The record is open again.") if was_closed else _("The record is restricted.")
