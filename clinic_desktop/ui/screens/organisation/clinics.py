"""The branches of the hospital."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from clinic_desktop.clinic.organisation import commands, events
from clinic_desktop.clinic.organisation.queries import ClinicRow, SiteRow, clinics, sites
from clinic_desktop.clinic.reconciling.events import SiteLinked
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.focus import begin_at
from clinic_desktop.ui.record_list import Act, RecordList
from clinic_desktop.ui.rows import Column
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.organisation.closing import add_closing
from clinic_desktop.ui.screens.setup.regions import here, zones
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import Choice, Label, LineEdit, Notes, Page, PhoneField


class ClinicsScreen(Screen):
    """List and form of the clinics; the main one stays open, and a code never changes."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        page = Page(self, _("Clinics"))
        self._zones = zones()
        self.records = RecordList(self, _("Clinics"), _columns(), fill=self._fill, save=self._save, new=_("New clinic"), form_width=380)
        form = self.records.form
        form.add("name", _("Name"), LineEdit(limit=200), required=True, span=2)
        form.add("code", _("Code"), LineEdit(limit=5, placeholder=_("for example NTH")), required=True)
        form.add("phone", _("Phone"), PhoneField(_("Phone")))
        form.add("timezone", _("Time zone"), Choice(_("Time zone"), placeholder=_("Choose")), required=True, span=2)
        form.add("address", _("Address"), Notes(_("Address"), lines=3), span=2)
        form.add("site_id", _("Site"), Choice(_("Site"), placeholder=_("Choose")), span=2)
        self._sites: list[SiteRow] = []
        form.fields["site_id"].hide()
        self._told = Label(tone="muted", wrap=True)
        self.records.below.addWidget(self._told)
        self.close_button, self.reopen_button = add_closing(
            self.records,
            "clinic_id",
            (_("Close clinic"), commands.close_clinic),
            (_("Open again"), commands.reopen_clinic),
            spare=lambda row: row.is_main,
        )
        self.records.begin(may_change=desk.may(commands.change_clinic))
        page.body.addWidget(self.records, 1)
        begin_at(self, self.records)
        self.watch(events.ClinicAdded, events.ClinicChanged, events.HospitalChanged, SiteLinked)

    def refresh(self) -> None:
        """Read the sites and the clinics again."""
        self.work.read(self, sites, latest="sites", then=self._offer_sites)
        self.work.read(self, clinics, latest="rows", then=self.records.set_rows, with_inactive=True)

    def draft(self) -> dict[str, Any] | None:
        """What is typed."""
        return self.records.draft()

    def restore(self, draft: dict[str, Any]) -> None:
        """Put it back."""
        self._offer_zones(None)
        self.records.restore(draft)

    def _fill(self, row: ClinicRow | None) -> None:
        form = self.records.form
        self._offer_zones(row)
        for name in ("name", "code", "phone"):
            form[name].setText((getattr(row, name) if row else "") or "")
        form["address"].set_value(row.address if row else None)
        form["timezone"].set_value(row.timezone if row else here())
        form["code"].setEnabled(row is None)
        form["site_id"].setEnabled(row is None)
        form["site_id"].set_value(row.site_id if row else next((one.id for one in self._sites if one.is_here), None))
        if row is None:
            self._told.setText(
                _("The code becomes part of this clinic\u2019s numbers, such as INV-NTH-2026-00001. It cannot be changed later.")
            )
        elif row.is_main:
            self._told.setText(_("This is the main clinic: its numbers carry no code, and it stays open."))
        else:
            self._told.setText(_("The code is part of numbers that are printed, so it stays."))

    def _offer_sites(self, found: list[SiteRow]) -> None:
        """In a chain each clinic works at one site, and stays there."""
        self._sites = found
        chosen = self.records.form["site_id"].value()
        self.records.form["site_id"].set_options([(f"{one.name} ({one.code})", one.id) for one in found if one.is_active])
        self.records.form["site_id"].set_value(chosen)
        self.records.form.fields["site_id"].setVisible(len(found) > 1)

    def _offer_zones(self, row: ClinicRow | None) -> None:
        own = [row.timezone] if row is not None and row.timezone not in self._zones else []
        self.records.form["timezone"].set_options([(one, one) for one in (*own, *self._zones)])

    def _save(self, values: dict[str, Any], row: ClinicRow | None) -> Act:
        if row is None:
            return commands.add_clinic, values
        told = {name: value for name, value in values.items() if name not in ("code", "site_id")}
        return commands.change_clinic, {"clinic_id": row.id, "row_version": row.row_version, **told}


def _columns() -> list[Column]:
    return [
        Column(_("Name"), lambda one: one.name, width=0),
        Column(_("Code"), lambda one: one.code, width=80),
        Column(_("Time zone"), lambda one: one.timezone, width=140),
        Column(_("Status"), _status, chip=_tone, width=104),
    ]


def _status(row: ClinicRow) -> str:
    if row.is_main:
        return _("Main")
    return _("In use") if row.is_active else _("Closed")


def _tone(row: ClinicRow) -> Tone:
    if row.is_main:
        return Tone.INFO
    return Tone.GOOD if row.is_active else Tone.NEUTRAL
