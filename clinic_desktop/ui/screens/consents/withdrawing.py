"""A consent is withdrawn: since when, and what the patient said."""

from __future__ import annotations

from typing import Any

from clinic_desktop import wording
from clinic_desktop.clinic.patients import commands
from clinic_desktop.clinic.patients.queries import ConsentRow
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import BusyButton, DateField, Dialog, Form, Label, Notes, keyed


class WithdrawDialog(Dialog):
    """Day and reason; what was signed stays to be seen."""

    def __init__(self, screen: Screen, consent: ConsentRow) -> None:
        told = _("What was signed stays on the record. What was done until then stays lawful.")
        super().__init__(screen, _("Withdraw: {what}").format(what=wording.status(consent.type)), told)
        self._screen, self._consent = screen, consent
        self.form = Form(columns=1)
        self.form.add("on", _("Since"), DateField(_("Since"), today=screen.desk.today()), required=True)
        self.form.add("reason", _("What the patient said"), Notes(_("What the patient said")))
        self.form["on"].set_value(screen.desk.today())
        self.problem = Label(tone="bad", wrap=True)
        self.problem.hide()
        self.body.addWidget(self.form)
        self.body.addWidget(self.problem)
        self.add_button(_("Cancel"), None, self.leave)
        self.withdraw = BusyButton(_("Withdraw"), role="danger")
        keyed(self.withdraw, "Ctrl+Return")
        self.withdraw.clicked.connect(self._withdraw)
        self.buttons.addWidget(self.withdraw)
        self.form["reason"].setFocus()
        screen.keep_typing(f"withdraw {consent.id}", self)

    def draft(self) -> dict[str, Any] | None:
        """What is typed."""
        return self.form.draft() if self.form["reason"].value() else None

    def restore(self, draft: dict[str, Any]) -> None:
        """Put it back."""
        self.form.restore(draft)

    def _withdraw(self) -> None:
        values = self.form.values()
        if values is not None:
            self.withdraw.run(
                self._screen.work,
                self,
                commands.withdraw_consent,
                then=lambda _nothing: self._withdrawn(),
                failed=self._refused,
                clinic_id=self._screen.desk.clinic_id,
                consent_id=self._consent.id,
                **values,
            )

    def _withdrawn(self) -> None:
        self._screen.desk.toast(_("The consent is withdrawn."), tone=Tone.GOOD)
        self.accept()

    def _refused(self, error: ClinicError) -> None:
        if not self.form.refuse(error):
            self.problem.setText(wording.sentence(error))
            self.problem.show()
