"""Where and when backups are made here, and what is kept of them."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QCheckBox, QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.backups import commands
from clinic_desktop.clinic.organisation.commands import set_setting
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.i18n import _
from clinic_desktop.kernel.settings import Setting
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.record_panel import RecordPanel
from clinic_desktop.ui.screens.backups.places import PlaceEdit
from clinic_desktop.ui.screens.backups.reading import save_settings, settings_here
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import Label, LineEdit, NumberField


class SettingsPanel(RecordPanel):
    """One form for all of it; what is typed stays until it is saved or cancelled."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(2, parent)
        self.desk, self.work = desk, desk.work
        self._read: dict[str, Any] | None = None
        self._clean: dict[str, Any] = {}
        self._kept: dict[str, Any] | None = None
        file = self.work.db.address.file
        beside = "" if file is None else str(file.parent / "backups")
        self._add(commands.FOLDER, _("Folder"), PlaceEdit(self.work, _("Folder"), placeholder=beside), span=2)
        second = PlaceEdit(self.work, _("Second folder, such as a removable disk"))
        self._add(commands.SECOND_FOLDER, _("Second folder, such as a removable disk"), second, span=2)
        self._add(commands.TIMES, _("Every day at"), LineEdit(limit=120, placeholder="13:00 21:00"))
        self._add(commands.AT_CLOSING, _("After work"), QCheckBox(_("When closing")))
        self._add(commands.KEEP_HOURS, _("Keep all, hours"), NumberField(commands.KEEP_HOURS.low, commands.KEEP_HOURS.high))
        self._add(commands.KEEP_DAYS, _("Daily ones, days"), NumberField(commands.KEEP_DAYS.low, commands.KEEP_DAYS.high))
        self._add(commands.KEEP_WEEKS, _("Weekly, weeks"), NumberField(commands.KEEP_WEEKS.low, commands.KEEP_WEEKS.high))
        self._add(commands.KEEP_MONTHS, _("Monthly, months"), NumberField(commands.KEEP_MONTHS.low, commands.KEEP_MONTHS.high))
        self._add(commands.OVERDUE_HOURS, _("Warn after, hours"), NumberField(commands.OVERDUE_HOURS.low, commands.OVERDUE_HOURS.high))
        self.below.addWidget(Label(_for_whom(desk), tone="muted", wrap=True))
        self.begin(may_change=desk.may(set_setting), why_not=_("Only who may change settings changes these."))
        self.head(_("Where and when"), None)
        self.typed.connect(self._tell_typed)
        self.save.clicked.connect(self._save)
        self.cancel.clicked.connect(self._fill)
        self._tell_typed()

    def _add(self, declared: Setting[Any], label: str, editor: QWidget, *, span: int = 1) -> None:
        self.form.add(declared.key, label, editor, span=span)

    @property
    def is_typed(self) -> bool:
        """Whether something in the form would be lost."""
        return self._read is not None and self.form.draft() != self._clean

    def refresh(self) -> None:
        """Read the values again."""
        place = self.desk.place
        self.work.read(
            self, settings_here, latest="settings", then=self._show, clinic_id=place.clinic_id, workstation_id=place.workstation_id
        )

    def draft(self) -> dict[str, Any] | None:
        """What is typed."""
        return self._kept or (self.form.draft() if self.is_typed else None)

    def restore(self, draft: dict[str, Any]) -> None:
        """Put it back once the values are read."""
        self.form.restore(draft)
        self._kept = dict(draft)

    def _show(self, values: dict[str, Any]) -> None:
        was_typed = self.is_typed
        self._read = values
        if not was_typed:
            self._fill()
        if self._kept is not None:
            self.form.restore(self._kept)
            self._kept = None
        self._tell_typed()

    def _fill(self) -> None:
        for key, value in (self._read or {}).items():
            editor = self.form[key]
            if isinstance(editor, PlaceEdit):
                editor.set_value(value)
            elif isinstance(editor, QCheckBox):
                editor.setChecked(value)
            elif isinstance(editor, NumberField):
                editor.setValue(value)
            else:
                editor.setText(value)
            self.form.fields[key].set_error(None)
        self._clean = self.form.draft()
        self.tell_problem("")
        self._tell_typed()

    def _tell_typed(self) -> None:
        self.save.setEnabled(self.is_typed)
        self.cancel.setEnabled(self.is_typed)

    def _save(self) -> None:
        values = self.form.values()
        if values is None or self._read is None:
            return
        told = {key: "" if value is None else value for key, value in values.items()}
        changed = {key: value for key, value in told.items() if value != self._read[key]}
        self.tell_problem("")
        self.save.run(
            self.work,
            self,
            save_settings,
            then=lambda _nothing: self._saved(),
            failed=self._refuse,
            changed=changed,
            workstation_id=self.desk.place.workstation_id,
        )

    def _saved(self) -> None:
        self._clean = self.form.draft()
        self._tell_typed()
        self.desk.toast(_("Saved."), tone=Tone.GOOD)

    def _refuse(self, error: ClinicError) -> None:
        if not self.form.refuse(error):
            self.tell_problem(wording.sentence(error))


def _for_whom(desk: Desk) -> str:
    if desk.place.workstation_id is not None:
        return _("The folders are those of this computer; all else holds for the whole hospital.")
    return _("All of it holds for the whole hospital: this computer is none of its workstations yet.")
