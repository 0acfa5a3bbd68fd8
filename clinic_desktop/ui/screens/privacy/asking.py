"""Recording what a patient asks about their own data: who asks, and how the clinic knows."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from clinic_desktop import wording
from clinic_desktop.clinic.patients.queries import PatientRow
from clinic_desktop.clinic.privacy import commands
from clinic_desktop.clinic.privacy.rules import IdentityCheck, RequestKind
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.i18n import _
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.privacy.reading import patient_named
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import BusyButton, Choice, Dialog, Form, LineEdit
from clinic_desktop.wording import sentence


class RequestDialog(Dialog):
    """One form; started from a patient's file the patient stands there already."""

    def __init__(self, screen: Screen, *, patient: PatientRow | None = None, kind: RequestKind | None = None) -> None:
        told = "" if patient is None else f"{patient.full_name} · {patient.patient_number}"
        super().__init__(screen, _("Request about personal data"), told, width=520)
        self._screen, self._patient, self._key = screen, patient, new_id()
        self.form = Form(columns=2)
        if patient is None:
            self.form.add("number", _("Patient number"), LineEdit(_("Patient number"), limit=30), required=True)
        kinds = Choice(_("Wants"), [(wording.status(one), one) for one in RequestKind])
        kinds.set_value(kind or RequestKind.EXPORT)
        self.form.add("kind", _("Wants"), kinds, required=True)
        self.form.add("asked_by", _("Asked by"), LineEdit(_("Asked by"), limit=200), required=True)
        checks = Choice(
            _("How do we know who it is?"), [(wording.status(one), one) for one in IdentityCheck], placeholder=_("Please choose")
        )
        self.form.add("identity_check", _("How do we know who it is?"), checks, required=True)
        self.form.add("identity_note", _("Which document or person"), LineEdit(_("Which document or person"), limit=200))
        self.form.add("reason", _("Reason, if one is given"), LineEdit(_("Reason"), limit=400), span=2)
        if patient is not None:
            self.form["asked_by"].setText(patient.full_name)
        self.body.addWidget(self.form)
        self.add_button(_("Cancel"), None, self.leave)
        self.save = BusyButton(_("Record the request"))
        self.save.setDefault(True)
        self.save.clicked.connect(self._save)
        self.buttons.addWidget(self.save)
        screen.keep_typing(f"privacy request {patient.id if patient is not None else ''}", self)
        (self.form["number"] if patient is None else self.form["identity_check"]).setFocus()

    def draft(self) -> dict[str, Any] | None:
        """What is typed beyond what stood there."""
        typed = self.form.draft()
        given = {"kind", "asked_by"} if self._patient is not None else {"kind"}
        return typed if any(value for name, value in typed.items() if name not in given) else None

    def restore(self, draft: dict[str, Any]) -> None:
        """Put it back."""
        self.form.restore(draft)

    def _save(self) -> None:
        values = self.form.values()
        if values is None:
            return
        number = values.pop("number", None)
        if self._patient is not None:
            self._record(self._patient.id, values)
            return
        self._screen.work.read(
            self, patient_named, then=lambda found: self._record(found.id, values), failed=self._refuse, number=str(number)
        )

    def _record(self, patient_id: UUID, values: dict[str, Any]) -> None:
        self.save.run(
            self._screen.work,
            self,
            commands.record_request,
            then=self._saved,
            failed=self._refuse,
            key=self._key,
            clinic_id=self._screen.desk.clinic_id,
            patient_id=patient_id,
            **values,
        )

    def _refuse(self, error: ClinicError) -> None:
        if not self.form.refuse(error):
            self._screen.desk.toast(sentence(error), tone=Tone.BAD)

    def _saved(self, _request_id: UUID) -> None:
        self._screen.desk.toast(_("The request is recorded. It stands in Administration, Privacy."), tone=Tone.GOOD)
        self.accept()
        self._screen.touch()
