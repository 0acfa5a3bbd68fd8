"""The hospital: what documents print of it, its logo, and how it stands on a receipt."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.organisation import commands, events
from clinic_desktop.clinic.organisation.queries import HospitalRow, hospital
from clinic_desktop.kernel.errors import ClinicError, StaleRecord
from clinic_desktop.kernel.i18n import _, active
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.focus import begin_at
from clinic_desktop.ui.record_panel import RecordPanel
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.organisation.logo import LogoCard, head_on_receipt
from clinic_desktop.ui.theme.tokens import GAP_16, Tone
from clinic_desktop.ui.widgets import LineEdit, Notes, Page, PhoneField

_LINES = ("name", "phone", "email", "tax_number", "licence_number")


class HospitalScreen(Screen):
    """One form, the logo, and a receipt\u2019s head as it will be printed."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.row: HospitalRow | None = None
        self._clean: dict[str, Any] = {}
        self._kept_typing: dict[str, Any] | None = None
        page = Page(self, _("Hospital"))
        self.panel = RecordPanel(2, self)
        form = self.form = self.panel.form
        form.add("name", _("Name"), LineEdit(limit=200), required=True, span=2)
        form.add("address", _("Address"), Notes(_("Address"), lines=3), span=2)
        form.add("phone", _("Phone"), PhoneField(_("Phone")))
        form.add("email", _("E-mail"), LineEdit(limit=254))
        form.add("tax_number", _("Tax number"), LineEdit(limit=40))
        form.add("licence_number", _("Licence number"), LineEdit(limit=80))
        self.currency = LineEdit(_("Currency"))
        self.currency.setReadOnly(True)
        form.add("currency", _("Currency, fixed for good"), self.currency)
        self.logo = LogoCard(self, may_change=desk.may(commands.set_logo))
        self._lay_out(page)
        self.panel.begin(may_change=desk.may(commands.change_hospital), why_not="")
        self.panel.typed.connect(self._tell_typed)
        self.panel.save.clicked.connect(self._save)
        self.panel.cancel.clicked.connect(self._fill)
        self.logo.changed.connect(self.refresh)
        begin_at(self, form["name"])
        self.watch(events.HospitalChanged, events.ClinicChanged)

    def _lay_out(self, page: Page) -> None:
        side = QVBoxLayout()
        side.addWidget(self.logo)
        side.addStretch(1)
        across = QHBoxLayout()
        across.setSpacing(GAP_16)
        across.addWidget(self.panel, 3)
        across.addLayout(side, 2)
        page.body.addLayout(across, 1)

    @property
    def is_typed(self) -> bool:
        """Whether something in the form would be lost."""
        return self.row is not None and self.form.draft() != self._clean

    def refresh(self) -> None:
        """Read the hospital again, and its head on a receipt."""
        self.work.read(self, hospital, latest="row", then=self._show)
        self.work.background(
            self, head_on_receipt, then=self.logo.show_head, db=self.work.db, clinic_id=self.desk.clinic_id, language=active()
        )

    def draft(self) -> dict[str, Any] | None:
        """What is typed."""
        if self._kept_typing is not None:
            return self._kept_typing
        return self.form.draft() if self.is_typed else None

    def restore(self, draft: dict[str, Any]) -> None:
        """Put it back once the hospital is read."""
        self.form.restore(draft)
        self._kept_typing = dict(draft)

    def _show(self, row: HospitalRow) -> None:
        was_typed = self.is_typed
        self.row = row if not was_typed or self.row is None else self.row
        self.logo.show_logo(row.logo_sha256 is not None)
        if not was_typed:
            self._fill()
        if self._kept_typing is not None:
            self.form.restore(self._kept_typing)
            self._kept_typing = None
        self._tell_typed()

    def _fill(self) -> None:
        row = self.row
        if row is None:
            return
        for name in _LINES:
            self.form[name].setText(getattr(row, name) or "")
        self.form["address"].set_value(row.address)
        self.currency.setText(row.currency)
        self._clean = self.form.draft()
        self.panel.head(row.name, row)
        self._tell_typed()

    def _tell_typed(self) -> None:
        self.panel.save.setEnabled(self.is_typed)
        self.panel.cancel.setEnabled(self.is_typed)

    def _save(self) -> None:
        values = self.form.values()
        if values is None or self.row is None:
            return
        values.pop("currency")
        self.panel.save.run(
            self.work,
            self,
            commands.change_hospital,
            then=lambda _nothing: self._saved(),
            failed=self._refused,
            row_version=self.row.row_version,
            **values,
        )

    def _saved(self) -> None:
        self._clean = self.form.draft()
        self.desk.toast(_("Saved."), tone=Tone.GOOD)
        self.refresh()

    def _refused(self, error: ClinicError) -> None:
        if isinstance(error, StaleRecord):
            self.panel.tell_problem(
                _("Someone else has changed this in the meantime. Save again to put yours in place of it, or cancel to see what is there.")
            )
            self.work.read(self, hospital, then=self._take_newest)
        elif not self.form.refuse(error):
            self.panel.tell_problem(wording.sentence(error))

    def _take_newest(self, row: HospitalRow) -> None:
        self.row = row
