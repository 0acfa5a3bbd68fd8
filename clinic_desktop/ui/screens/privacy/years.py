"""Changing for how many years a kind of record is kept."""

from __future__ import annotations

from clinic_desktop.clinic.privacy import commands
from clinic_desktop.clinic.privacy.queries import RuleRow
from clinic_desktop.clinic.privacy.rules import LONGEST_YEARS
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.privacy.words import KINDS
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import BusyButton, Dialog, FormField, LineEdit
from clinic_desktop.ui.widgets.inputs import latin_digits
from clinic_desktop.wording import sentence


class YearsDialog(Dialog):
    """One number, with the lowest and the reason for it."""

    def __init__(self, screen: Screen, rule: RuleRow) -> None:
        super().__init__(screen, _(KINDS[rule.kind]), _(rule.why))
        self._screen, self._rule = screen, rule
        self.years = LineEdit(_("Years"), limit=3)
        self.years.setText(str(rule.years))
        self.field = FormField("years", _("Years"), self.years, required=True)
        self.field.set_hint(_("At least {n}; usually {usual}.").format(n=rule.shortest, usual=rule.default))
        self.body.addWidget(self.field)
        self.add_button(_("Cancel"), None, self.reject)
        self.save = BusyButton(_("Save"))
        self.save.setDefault(True)
        self.save.clicked.connect(self._save)
        self.buttons.addWidget(self.save)
        self.years.setFocus()
        self.years.selectAll()

    def _save(self) -> None:
        plain = latin_digits(self.years.text()).strip()
        if not plain.isascii() or not plain.isdigit():
            text = _("Please enter from {lowest} to {highest} years.").format(lowest=self._rule.shortest, highest=LONGEST_YEARS)
            self.field.set_error(text)
            self.years.setFocus()
            return
        self.save.run(
            self._screen.work, self, commands.keep_for, then=self._saved, failed=self._refuse, kind=self._rule.kind, years=int(plain)
        )

    def _refuse(self, error: ClinicError) -> None:
        self.field.set_error(sentence(error))
        self.years.setFocus()

    def _saved(self, _answer: object) -> None:
        text = _("{records}: kept for {n} years.").format(records=_(KINDS[self._rule.kind]), n=latin_digits(self.years.text()).strip())
        self._screen.desk.toast(text, tone=Tone.GOOD)
        self.accept()
        self._screen.refresh()
