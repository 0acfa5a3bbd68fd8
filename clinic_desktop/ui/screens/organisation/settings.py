"""Settings: found by words, changed for the hospital, a clinic or a workstation, and given back to the wider place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from clinic_desktop.clinic.organisation import commands, events
from clinic_desktop.clinic.organisation.queries import SettingRow, clinics, settings, workstations
from clinic_desktop.kernel.formats import isolated
from clinic_desktop.kernel.i18n import _
from clinic_desktop.kernel.settings import Scope
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.focus import begin_at
from clinic_desktop.ui.record_list import Act, RecordList
from clinic_desktop.ui.rows import Column
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.organisation.elsewhere import elsewhere, why_closed
from clinic_desktop.ui.screens.organisation.setting_editor import SettingEditor, value_text
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import BusyButton, Choice, Label, Page
from clinic_desktop.wording.organisation import SETTING_GROUPS

_NARROWNESS = (Scope.HOSPITAL, Scope.CLINIC, Scope.WORKSTATION)


@dataclass(frozen=True, slots=True)
class SettingsOf:
    """A place that settings are for: a workstation, else a clinic, else the hospital."""

    clinic_id: UUID | None = None
    workstation_id: UUID | None = None

    @property
    def scope(self) -> Scope:
        """How narrow it is."""
        if self.workstation_id is not None:
            return Scope.WORKSTATION
        return Scope.HOSPITAL if self.clinic_id is None else Scope.CLINIC

    def __str__(self) -> str:
        return str(self.workstation_id or self.clinic_id or "hospital")


@dataclass(frozen=True, slots=True)
class SettingLine:
    """A setting in one place."""

    place: SettingsOf
    row: SettingRow


@dataclass(frozen=True, slots=True)
class Read:
    """The settings of a place, and the places there are."""

    rows: Sequence[SettingLine]
    places: Sequence[tuple[str, SettingsOf]]
    closed: Mapping[SettingsOf, str]
    """Why the settings of a place cannot be changed here."""


def read_settings(session: Any, *, place: SettingsOf, hospital_name: str) -> Read:
    """What the screen shows."""
    places, others = [(hospital_name, SettingsOf())], elsewhere(session)
    closed: dict[SettingsOf, str] = {}
    for clinic in clinics(session):
        at = workstations(session, clinic_id=clinic.id)
        own = [(clinic.name, SettingsOf(clinic.id))]
        own += [(f"{clinic.name} · {one.name}", SettingsOf(workstation_id=one.id)) for one in at]
        closed |= {one: why_closed(others, clinic.id) for _name, one in own}
        places += own
    rows = [SettingLine(place, row) for row in settings(session, clinic_id=place.clinic_id, workstation_id=place.workstation_id)]
    return Read(sorted(rows, key=lambda one: (one.row.declared.group, one.row.key)), places, closed)


class SettingsScreen(Screen):
    """List of the settings with their values, and one of them to change."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._wanted_place, self._asked = "", SettingsOf()
        self._wanted_key: str | None = None
        self._closed: Mapping[SettingsOf, str] = {}
        self.place = Choice(_("For"), [(desk.place.hospital_name, SettingsOf())])
        self.place.setMinimumWidth(scaled(230))
        page = Page(self, _("Settings"), actions=[Label(_("For"), tone="muted"), self.place])
        self.records = RecordList(
            self,
            _("Settings"),
            self._columns(),
            fill=self._fill,
            save=self._save,
            key=lambda one: (str(one.place), one.row.key),
            form_columns=1,
            form_width=308,
        )
        self.records.table.filter.setPlaceholderText(_("Find by words"))
        self.editor = SettingEditor(desk.place.currency)
        self.field = self.records.form.add("value", _("Value"), self.editor)
        self._help, self._source = Label(tone="muted", wrap=True), Label(tone="muted", wrap=True)
        self.records.below.addWidget(self._help)
        self.records.below.addWidget(self._source)
        self.reset = BusyButton(_("Reset"), icon_name="rotate-ccw", role=None)
        self.reset.clicked.connect(self._reset)
        self.records.add_action(self.reset, shown=lambda one: one.row.is_own)
        self._may = desk.may(commands.set_setting)
        self.records.begin(may_change=self._may, closed=lambda one: self._closed.get(one.place, ""))
        self.place.currentIndexChanged.connect(self._choose_place)
        page.body.addWidget(self.records, 1)
        begin_at(self, self.records.table.filter)
        self.watch(events.SettingChanged, events.ClinicAdded, events.ClinicChanged, events.WorkstationAdded, events.WorkstationChanged)

    def refresh(self) -> None:
        """Read the values again."""
        place = self._asked = self.place.value() or SettingsOf()
        self.work.read(self, read_settings, latest="rows", then=self._show, place=place, hospital_name=self.desk.place.hospital_name)

    def _choose_place(self, _place: int) -> None:
        if self.place.value() != self._asked:  # offering places is no choice of one
            self.refresh()

    def open(self, *, key: str | None = None, **_what: Any) -> None:
        """Show the setting of that key."""
        self._wanted_key = key
        self.refresh()

    def draft(self) -> dict[str, Any] | None:
        """What is typed, and for which place."""
        typed = self.records.draft()
        return None if typed is None else {"place": str(self.place.value()), **typed}

    def restore(self, draft: dict[str, Any]) -> None:
        """Put it back once its place is read."""
        self._wanted_place = str(draft["place"])
        self.records.restore(draft)

    def _show(self, found: Read) -> None:
        self._closed = found.closed
        self.place.set_options(found.places)
        wanted = next((place for _name, place in found.places if str(place) == self._wanted_place), self.place.value())
        self._wanted_place = ""
        if wanted != self.place.value():
            self.place.set_value(wanted)
            return
        self.records.set_rows(found.rows)
        if self._wanted_key is not None:
            self.records.choose((str(wanted), self._wanted_key))
            self._wanted_key = None

    def _fill(self, one: SettingLine | None) -> None:
        if one is None:
            return
        declared, form = one.row.declared, self.records.form
        form.fields.clear()  # the core names the setting when it refuses a value
        form.fields[declared.key] = self.field
        self.field.name = declared.key
        self.editor.edit(declared, one.row.value, _(declared.title))
        self._help.setText(_(declared.help) if declared.help else "")
        self._help.setVisible(bool(declared.help))
        is_open = self._is_open(one)
        self.editor.setEnabled(is_open)
        self._source.setText(self._standing(one) if is_open else self._why_not(one))

    def _is_open(self, one: SettingLine) -> bool:
        return _NARROWNESS.index(one.place.scope) <= _NARROWNESS.index(one.row.declared.scope)

    def _why_not(self, one: SettingLine) -> str:
        if one.row.declared.scope is Scope.HOSPITAL:
            return _("This is the same for the whole hospital. Choose the hospital above to change it.")
        return _("This is the same for a whole clinic. Choose the clinic above to change it.")

    def _standing(self, one: SettingLine) -> str:
        wider = value_text(one.row.declared, one.row.wider, self.desk.place.currency) or _("nothing")
        if one.row.is_own:
            return _("Set here. Reset brings back: {value}").format(value=isolated(wider))
        return {
            None: _("As delivered. A value that you save holds for this place and all in it."),
            Scope.HOSPITAL: _("This is the hospital\u2019s value. One that you save here holds here only."),
            Scope.CLINIC: _("This is the clinic\u2019s value. One that you save here holds here only."),
            Scope.WORKSTATION: "",
        }[one.row.set_at]

    def _save(self, values: dict[str, Any], one: SettingLine | None) -> Act | None:
        if one is None:
            return None
        told = {"clinic_id": one.place.clinic_id, "workstation_id": one.place.workstation_id}
        return commands.set_setting, {"key": one.row.key, "value": values[one.row.key], **told}

    def _reset(self) -> None:
        one = self.records.record
        if one is not None:
            told = {"clinic_id": one.place.clinic_id, "workstation_id": one.place.workstation_id}
            self.records.run(self.reset, commands.reset_setting, done=_("Reset."), key=one.row.key, **told)

    def _columns(self) -> list[Column]:
        return [
            Column(_("Setting"), lambda one: _(one.row.declared.title), width=0, tooltip=lambda one: _(one.row.declared.title)),
            Column(_("Group"), _group, width=110),
            Column(_("Value"), lambda one: value_text(one.row.declared, one.row.value, self.desk.place.currency), width=104),
            Column(_("Set at"), _source, chip=lambda one: Tone.INFO if one.row.is_own else Tone.NEUTRAL, width=92),
            Column(_("Further words"), _words, width=200, hidden=True),
        ]


def _group(one: SettingLine) -> str:
    title = SETTING_GROUPS.get(one.row.declared.group)
    return _(title) if title else one.row.declared.group.capitalize()


def _source(one: SettingLine) -> str:
    if one.row.is_own:
        return _("Here")
    return {None: "", Scope.HOSPITAL: _("Hospital"), Scope.CLINIC: _("Clinic"), Scope.WORKSTATION: ""}[one.row.set_at]


def _words(one: SettingLine) -> str:
    """What the filter looks in besides the columns that are seen."""
    declared = one.row.declared
    return " ".join((_(declared.help) if declared.help else "", declared.key, _(declared.words) if declared.words else ""))
