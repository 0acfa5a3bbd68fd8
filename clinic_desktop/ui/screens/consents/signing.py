"""A consent is signed: the text in the patient's language, the pad, and who attests or decides where the patient cannot."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout

from clinic_desktop import wording
from clinic_desktop.clinic.patients.filing import sign
from clinic_desktop.clinic.patients.queries import PatientRow, TemplateRow
from clinic_desktop.clinic.patients.signing import is_minor, is_signature
from clinic_desktop.kernel.errors import ClinicError, InvalidInput
from clinic_desktop.kernel.i18n import _, active
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.consents.direction import run_as
from clinic_desktop.ui.screens.consents.pad import SignaturePad
from clinic_desktop.ui.screens.consents.words import language_name
from clinic_desktop.ui.theme.fonts import Text, scaled
from clinic_desktop.ui.theme.tokens import GAP_4, Tone
from clinic_desktop.ui.widgets import BusyButton, Button, Choice, Dialog, Form, Label, LineEdit, keyed


class SignDialog(Dialog):
    """One kind of consent of one patient; ``texts`` are its present versions, one a language."""

    def __init__(self, screen: Screen, patient: PatientRow, texts: list[TemplateRow]) -> None:
        super().__init__(screen, _("Sign a consent"), f"{patient.full_name} · {patient.patient_number}", width=780)
        self._screen, self._patient, self._texts = screen, patient, texts
        self._key = new_id()
        self.language = Choice(_("Language"), [(language_name(one.language), one.language) for one in texts])
        self.language.setFixedWidth(scaled(150))
        self.title = Label(voice=Text.STRONG, wrap=True)
        self.body_text = QPlainTextEdit()
        self.body_text.setReadOnly(True)
        self.body_text.setAccessibleName(_("Text of the consent"))
        self.body_text.setMinimumHeight(scaled(150))
        self.pad = SignaturePad()
        self.clear = Button(_("Clear"), icon_name="rotate-ccw", role="quiet")
        self.form = Form(columns=2)
        is_child = is_minor(patient.date_of_birth, screen.desk.today())
        self.form.add("guardian", _("Parent or guardian, who signs"), LineEdit(limit=200), required=is_child)
        self.form.add("witness", _("Witness, where nobody can sign"), LineEdit(limit=200))
        self.problem = Label(tone="bad", wrap=True)
        self.problem.hide()
        self._lay_out()
        self.language.currentIndexChanged.connect(lambda _place: self._show_text())
        self.clear.clicked.connect(self.pad.clear)
        self.pad.changed.connect(self._signed_on)
        self.language.set_value(next((one.language for one in texts if one.language == active().code), texts[0].language))
        self._show_text()
        self._signed_on()
        screen.keep_typing(f"sign {texts[0].type.value} {patient.id}", self)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.language)
        self.body.addLayout(head)
        self.body.addWidget(self.body_text, 1)
        below = QVBoxLayout()
        below.setSpacing(GAP_4)
        below.addWidget(self.pad)
        below.addWidget(self.clear, 0, Qt.AlignmentFlag.AlignTrailing)
        self.body.addLayout(below)
        self.body.addWidget(self.form)
        self.body.addWidget(self.problem)
        self.add_button(_("Cancel"), None, self.leave)
        self.sign = BusyButton(_("Record the consent"))
        self.sign.setDefault(True)
        keyed(self.sign, "Ctrl+Return")
        self.sign.clicked.connect(self._record)
        self.buttons.addWidget(self.sign)
        self.resize(scaled(780), min(scaled(720), self._screen.window().height() - 2 * GAP_4))

    @property
    def text(self) -> TemplateRow:
        """The text that is shown."""
        return next(one for one in self._texts if one.language == self.language.value())

    def draft(self) -> dict[str, Any] | None:
        """Names typed, and whether something is signed: a signature itself is kept nowhere before it is recorded."""
        typed = self.form.draft()
        return {"form": typed} if any(typed.values()) or not self.pad.is_empty else None

    def restore(self, draft: dict[str, Any]) -> None:
        """Put the names back."""
        self.form.restore(draft["form"])

    def _show_text(self) -> None:
        text = self.text
        run_as(self.body_text, text.language)
        self.body_text.setPlainText(text.body)
        self.title.setText(text.title)

    def _signed_on(self) -> None:
        self.clear.setEnabled(not self.pad.is_empty)
        self._tell("")

    def _tell(self, said: str) -> None:
        self.problem.setText(said)
        self.problem.setVisible(bool(said))

    def _record(self) -> None:
        values = self.form.values()
        if values is None:
            return
        strokes = self.pad.strokes
        if strokes and not is_signature(strokes):
            self._tell(wording.sentence(InvalidInput("signature", "no_signature")))
            return
        self._tell("")
        self.sign.set_busy(True)
        work = self._screen.work
        work.background(
            self,
            sign,
            then=lambda _key: self._recorded(),
            failed=self._refused,
            settled=lambda: self.sign.set_busy(False),
            db=work.db,
            actor=self._screen.desk.actor,
            strokes=strokes,
            picture=self.pad.picture() if strokes else None,
            key=self._key,
            clinic_id=self._screen.desk.clinic_id,
            patient_id=self._patient.id,
            template_id=self.text.id,
            **values,
        )

    def _recorded(self) -> None:
        self._screen.desk.toast(_("The consent is recorded."), tone=Tone.GOOD)
        self.accept()

    def _refused(self, error: ClinicError) -> None:
        self._key = new_id()
        if not self.form.refuse(error):
            self._tell(wording.sentence(error))
