"""Deciding on an erasure: what goes now, what stays until when, and that it cannot be undone."""

from __future__ import annotations

from clinic_desktop.clinic.privacy import commands
from clinic_desktop.clinic.privacy.queries import Preview, RequestRow, erasure_preview
from clinic_desktop.clinic.privacy.rules import Kind
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.formats import date_text, number_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.privacy.files import forget_files
from clinic_desktop.ui.screens.privacy.words import KINDS, table_text
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import BusyButton, Dialog, FormField, Label, Notes, keyed
from clinic_desktop.wording import sentence
from clinic_desktop.wording.fields import FIELDS


class ErasureDialog(Dialog):
    """The preview, a remark, and two answers."""

    def __init__(self, screen: Screen, request: RequestRow) -> None:
        told = f"{request.patient_name} · {request.patient_number}"
        super().__init__(screen, _("Erase personal data"), told, width=560)
        self._screen, self._request = screen, request
        self.taken, self.kept = Label(wrap=True), Label(wrap=True)
        self.said = Label(tone="bad", wrap=True)
        self.note = Notes(_("Remark on the decision"), lines=2)
        self.field = FormField("note", _("Remark on the decision"), self.note, required=True)
        for part in (self.taken, self.kept, self.said, self.field):
            self.body.addWidget(part)
        self.said.hide()
        self.add_button(_("Cancel"), None, self.reject)
        self.refuse_button = BusyButton(_("Refuse"), role=None)
        self.erase = BusyButton(_("Erase for good"), role="danger")
        keyed(self.erase, "Ctrl+Return")
        self.erase.setEnabled(False)
        for button in (self.refuse_button, self.erase):
            self.buttons.addWidget(button)
        self.refuse_button.clicked.connect(self._refuse_request)
        self.erase.clicked.connect(self._erase)
        screen.work.read(
            self,
            erasure_preview,
            then=self._show,
            patient_id=request.patient_id,
            clinic_id=request.clinic_id,
            now=screen.desk.now(),
        )

    def _show(self, found: Preview) -> None:
        plan = found.plan
        fields = ", ".join(_(FIELDS.get(name, name)) for name in plan.fields)
        rows = ", ".join(f"{table_text(name)} ({number_text(count)})" for name, count in plan.rows.items())
        files = _("{n} files").format(n=number_text(plan.documents)) if plan.documents else ""
        self.taken.setText(_("Erased now: {what}.").format(what=", ".join(part for part in (fields, rows, files) if part) or "–"))
        stays = [
            _("{records} until {day}").format(records=_(KINDS[Kind(one.kind)]), day=date_text(one.until) if one.until else "–")
            for one in plan.stays
        ]
        self.kept.setText(_("Stays, without the name: {what}.").format(what="; ".join(stays)))
        mine = self._request.recorded_by_id == self._screen.desk.actor.user_id
        if found.blocked is not None:
            self._say(sentence(found.blocked))
        elif mine:
            self._say(_("You recorded this request yourself: a second person must decide."))
        self.erase.setEnabled(found.blocked is None and not mine)
        self.refuse_button.setEnabled(not mine)
        self.note.setFocus()

    def _say(self, text: str) -> None:
        self.said.setText(text)
        self.said.show()

    def _remark(self) -> str | None:
        note: str | None = self.note.value()
        if note is None:
            self.field.set_error(_("Please fill this in."))
            self.note.setFocus()
        return note

    def _erase(self) -> None:
        note = self._remark()
        if note is not None:
            self.erase.run(
                self._screen.work,
                self,
                commands.erase_patient,
                then=self._erased,
                failed=self._failed,
                request_id=self._request.id,
                note=note,
            )

    def _erased(self, files: tuple[str, ...]) -> None:
        forget_files(self._screen, files)
        self._screen.desk.toast(
            _("{number}: erased. Print the statement for the patient.").format(number=self._request.number), tone=Tone.GOOD
        )
        self._leave()

    def _refuse_request(self) -> None:
        note = self._remark()
        if note is not None:
            self.refuse_button.run(
                self._screen.work,
                self,
                commands.refuse_request,
                then=lambda _answer: self._leave(),
                failed=self._failed,
                request_id=self._request.id,
                note=note,
            )

    def _leave(self) -> None:
        self.accept()
        self._screen.refresh()

    def _failed(self, error: ClinicError) -> None:
        self._say(sentence(error))
