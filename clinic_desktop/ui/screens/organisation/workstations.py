"""Workstations: what each is for, its room and printers, and which of them this computer is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.organisation import commands, events
from clinic_desktop.clinic.organisation.printers import PrinterProfile
from clinic_desktop.clinic.organisation.queries import clinics, workstations
from clinic_desktop.clinic.organisation.rules import WorkstationKind
from clinic_desktop.kernel.formats import isolated
from clinic_desktop.kernel.i18n import _
from clinic_desktop.kernel.sharing import series_of
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.focus import begin_at
from clinic_desktop.ui.record_list import Act, RecordList
from clinic_desktop.ui.rows import Column
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.organisation.closing import add_closing
from clinic_desktop.ui.screens.organisation.copies import CopiesDialog, may_list
from clinic_desktop.ui.screens.organisation.elsewhere import Elsewhere, elsewhere, why_closed
from clinic_desktop.ui.screens.organisation.move_dialog import MoveDialog, may_move
from clinic_desktop.ui.screens.organisation.printers import PrintersEditor, printers_here
from clinic_desktop.ui.screens.organisation.words import active_first
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import Button, Choice, LineEdit, Page, keep_if

_CLINIC = 3
"""The column that is of no use where there is one clinic."""


@dataclass(frozen=True, slots=True)
class WorkstationLine:
    """A workstation with the name of its clinic."""

    id: UUID
    name: str
    kind: WorkstationKind
    room: str | None
    clinic_id: UUID
    clinic: str
    printers: tuple[tuple[str, PrinterProfile], ...]
    is_active: bool
    row_version: int


@dataclass(frozen=True, slots=True)
class Workstations:
    """The workstations of all clinics, the clinics that may have more, and those of other sites."""

    rows: Sequence[WorkstationLine]
    clinics: Sequence[tuple[str, UUID]]
    elsewhere: Elsewhere
    is_copy: bool
    """Of a server's data: what is there already moves nowhere."""


def read_workstations(session: Any) -> Workstations:
    """What the screen shows."""
    places = clinics(session, with_inactive=True)
    names = {one.id: one.name for one in places}
    rows = [
        WorkstationLine(w.id, w.name, w.kind, w.room, w.clinic_id, names[w.clinic_id], w.printers, w.is_active, w.row_version)
        for w in workstations(session, with_inactive=True)
    ]
    return Workstations(
        active_first(rows), [(one.name, one.id) for one in places if one.is_active], elsewhere(session), bool(series_of(session))
    )


class WorkstationsScreen(Screen):
    """List and form of the workstations."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._is_asked_for_printers = False
        self._clinics: Sequence[tuple[str, UUID]] = ()
        self._elsewhere: Elsewhere = {}
        self.copies = Button(_("Copies on computers…"), icon_name="hard-drive")
        self.copies.clicked.connect(lambda: CopiesDialog(desk, self).open())
        self.to_server = Button(_("Move to a server…"), icon_name="arrow-right-left")
        self.to_server.clicked.connect(lambda: MoveDialog(desk, self).open())
        self.page = Page(self, _("Workstations"), actions=[self.copies, self.to_server])
        keep_if(self.copies, may_list(desk))
        self.to_server.hide()
        self.records = RecordList(
            self,
            _("Workstations"),
            self._columns(),
            fill=self._fill,
            save=self._save,
            new=_("New workstation"),
            empty=_("No workstations yet. Press F2 to add the desk that this computer stands on."),
            form_width=396,
        )
        form = self.records.form
        form.add("name", _("Name"), LineEdit(limit=60), required=True, span=2)
        form.add("kind", _("Used as"), Choice(_("Used as"), [(wording.status(one), one) for one in WorkstationKind]))
        form.add("room", _("Room"), LineEdit(limit=40))
        form.add("clinic_id", _("Clinic"), Choice(_("Clinic")), required=True, span=2)
        self.printers = PrintersEditor()
        form.add("printers", _("Printers, by the names they have there"), self.printers, span=2)
        self.this_button = Button(_("This computer"), icon_name="monitor")
        self.this_button.clicked.connect(self._choose_this)
        self.records.add_action(self.this_button, shown=lambda row: row.is_active and desk.preferences is not None)
        self.retire_button, self.restore_button = add_closing(
            self.records,
            "workstation_id",
            (_("Retire"), commands.retire_workstation),
            (_("Use again"), commands.restore_workstation),
        )
        self.records.begin(may_change=desk.may(commands.change_workstation), closed=lambda row: why_closed(self._elsewhere, row.clinic_id))
        self.records.shown.connect(lambda _row: self._tell_this())
        self.page.body.addWidget(self.records, 1)
        begin_at(self, self.records)
        self.watch(events.WorkstationAdded, events.WorkstationChanged, events.ClinicAdded, events.ClinicChanged)

    def refresh(self) -> None:
        """Read the workstations again, and once the printers of this computer."""
        self.work.read(self, read_workstations, latest="rows", then=self._show)
        if not self._is_asked_for_printers:
            self._is_asked_for_printers = True
            self.work.background(self, printers_here, then=self.printers.offer)

    def draft(self) -> dict[str, Any] | None:
        """What is typed."""
        return self.records.draft()

    def restore(self, draft: dict[str, Any]) -> None:
        """Put it back."""
        self.records.restore(draft)

    @property
    def _this(self) -> UUID | None:
        preferences = self.desk.preferences
        return preferences.workstation_id if preferences is not None else None

    def _show(self, found: Workstations) -> None:
        self._clinics, self._elsewhere = found.clinics, found.elsewhere
        self.to_server.setVisible(may_move(self.desk) and not found.is_copy)
        self._offer_clinics(self.records.record)
        self.records.form.fields["clinic_id"].setVisible(len(found.clinics) > 1)
        self.records.table.show_column(_CLINIC, len({one.clinic_id for one in found.rows}) > 1)
        self.records.set_rows(found.rows)
        this = next((one.name for one in found.rows if one.id == self._this), None)
        told = _("This computer is {name}.").format(name=isolated(this)) if this else _("Nobody has said which of them this computer is.")
        self.page.subtitle.setText(told if self.desk.preferences is not None else "")

    def _fill(self, row: WorkstationLine | None) -> None:
        form = self.records.form
        form["name"].setText(row.name if row else "")
        form["room"].setText((row.room if row else None) or "")
        form["kind"].set_value(row.kind if row else WorkstationKind.FRONT_DESK)
        self._offer_clinics(row)
        form["clinic_id"].set_value(row.clinic_id if row else self.desk.clinic_id)
        form["clinic_id"].setEnabled(row is None)
        self.printers.set_value(dict(row.printers) if row else {})

    def _offer_clinics(self, row: WorkstationLine | None) -> None:
        """A new one stands in a clinic of this site: those of another add theirs there."""
        known = [] if row is None else [row.clinic_id]
        self.records.form["clinic_id"].set_options([one for one in self._clinics if one[1] not in self._elsewhere or one[1] in known])

    def _save(self, values: dict[str, Any], row: WorkstationLine | None) -> Act:
        if row is None:
            return commands.add_workstation, values
        told = {name: value for name, value in values.items() if name != "clinic_id"}
        return commands.change_workstation, {"workstation_id": row.id, "row_version": row.row_version, **told}

    def _tell_this(self) -> None:
        row = self.records.record
        is_this = row is not None and row.id == self._this
        self.this_button.setText(_("Not this computer") if is_this else _("This computer"))

    def _choose_this(self) -> None:
        row, preferences = self.records.record, self.desk.preferences
        if row is None or preferences is None:
            return
        is_this = preferences.workstation_id == row.id
        preferences.set_workstation(None if is_this else row.id)
        name = isolated(row.name)
        said = (
            _("This computer is {name} no more, from the next log-in on.")
            if is_this
            else _("This computer is {name} from the next log-in on.")
        )
        self.desk.toast(said.format(name=name), tone=Tone.GOOD)
        self._tell_this()
        self.refresh()
        self.records.table.grid.viewport().update()

    def _columns(self) -> list[Column]:
        return [
            Column(_("Name"), lambda one: one.name, width=0),
            Column(_("Used as"), lambda one: wording.status(one.kind), width=116),
            Column(_("Room"), lambda one: one.room or "", width=60),
            Column(_("Clinic"), lambda one: one.clinic, width=100),
            Column(_("Status"), self._status, chip=self._tone, width=118),
        ]

    def _status(self, row: WorkstationLine) -> str:
        if row.id == self._this:
            return _("This computer")
        return _("In use") if row.is_active else _("Retired")

    def _tone(self, row: WorkstationLine) -> Tone:
        if row.id == self._this:
            return Tone.INFO
        return Tone.GOOD if row.is_active else Tone.NEUTRAL
