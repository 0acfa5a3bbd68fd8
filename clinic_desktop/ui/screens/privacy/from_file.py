"""What a patient's file offers about privacy: a request about the data, and who may read the record."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QMenu, QWidget

from clinic_desktop.clinic.patients.queries import PatientRow
from clinic_desktop.clinic.privacy import commands
from clinic_desktop.clinic.privacy.queries import is_restricted
from clinic_desktop.clinic.privacy.rules import RequestKind
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.privacy.asking import RequestDialog
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import ask_reason


def show_privacy_menu(screen: Screen, beside: QWidget, patient: PatientRow) -> None:
    """Offer what this person may do, below a button."""
    screen.work.read(screen, is_restricted, then=lambda closed: _show(screen, beside, patient, closed), patient_id=patient.id)


def _show(screen: Screen, beside: QWidget, patient: PatientRow, is_closed: bool) -> None:
    menu = QMenu(beside)
    menu.aboutToHide.connect(menu.deleteLater)
    if screen.desk.may(commands.record_request):
        for text, kind in ((_("Copy of all data…"), RequestKind.EXPORT), (_("Erasure on request…"), RequestKind.ERASURE)):
            menu.addAction(text, partial(_request, screen, patient, kind))
    if screen.desk.may(commands.restrict_record):
        text = _("Open the record to all who may read records…") if is_closed else _("Restrict the record…")
        menu.addAction(text, lambda: _ask(screen, patient, is_closed))
    menu.popup(beside.mapToGlobal(beside.rect().bottomLeft()))


def _request(screen: Screen, patient: PatientRow, kind: RequestKind) -> None:
    RequestDialog(screen, patient=patient, kind=kind).open()


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
