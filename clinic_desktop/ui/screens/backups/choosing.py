"""What to bring back: one of the backups as it is, or the state of any second of the last thirty days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.backups.looking import FoundBackup
from clinic_desktop.kernel.backup.errors import RestoreRefused
from clinic_desktop.kernel.clock import local_instant
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.formats import datetime_text, isolated, size_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screens.backups.moment import SecondField
from clinic_desktop.ui.screens.backups.state import WINDOW, before
from clinic_desktop.ui.theme.tokens import GAP_12
from clinic_desktop.ui.widgets import Choice, DateField, Form, Label, beside
from clinic_desktop.wording import sentence

BACKUP, MOMENT = "backup", "moment"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A backup file, and until when the changes after it are wanted; None: none of them."""

    path: Path
    at: datetime | None


class ChoosePane(QWidget):
    """``value()`` is what was chosen; None once what is wrong stands at its field."""

    changed = Signal()

    def __init__(self, desk: Desk, backups: Sequence[FoundBackup], marked: FoundBackup | None, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._backups = desk, tuple(backups)
        form = self.form = Form(columns=2, starred=False, parent=self)
        ways = ((_("A backup, exactly as it is"), BACKUP), (_("A moment: any second of the last 30 days"), MOMENT))
        form.add("way", _("Bring back"), Choice("", ways), span=2)
        options = [(self._name(one), str(one.path)) for one in self._backups]
        form.add("backup", _("Backup"), Choice("", options), required=True, span=2)
        form.add("day", _("Day"), DateField(_("Day"), today=desk.today()), required=True)
        form.add("time", _("Time, to the second if need be"), SecondField(_("Time")), required=True)
        self.about = Label("", self, tone="muted", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_12)
        column.addWidget(form)
        column.addWidget(self.about)
        if marked in self._backups:
            form["backup"].set_value(str(marked.path))
        form["way"].currentIndexChanged.connect(self._follow_way)
        for name in ("day", "time"):
            form[name].textChanged.connect(self._tell)
        self._follow_way()
        self.setFocusProxy(form["way"])

    def _name(self, one: FoundBackup) -> str:
        when = datetime_text(one.taken_at, timezone=self._desk.place.timezone) if one.taken_at else one.path.name
        why = wording.status(one.reason) if one.reason else None
        return beside(when, why, size_text(one.byte_count or 0), str(one.path.parent))

    @property
    def is_moment(self) -> bool:
        """Whether a moment is wanted."""
        return bool(self.form["way"].value() == MOMENT)

    @property
    def is_typed(self) -> bool:
        """Whether something would have to be typed again."""
        return self.is_moment and bool(self.form["time"].text())

    def value(self) -> Chosen | None:
        """What was chosen."""
        for name in ("backup", "day", "time"):
            self.form.fields[name].required = (name != "backup") == self.is_moment
        values = self.form.values()
        if values is None:
            return None
        if not self.is_moment:
            return Chosen(Path(values["backup"]), None)
        at = local_instant(values["day"], values["time"], self._desk.place.timezone)
        trouble, found = self._trouble(at), before(self._backups, at)
        if trouble is not None or found is None:
            self.form.fields["day"].set_error(trouble)
            self.form["day"].setFocus()
            return None
        return Chosen(found.path, at)

    def _trouble(self, at: datetime) -> str | None:
        now = self._desk.now()
        if at > now:
            return _("This is in the future.")
        if now - at > WINDOW:
            return _("Only the last 30 days can be brought back to the second. Choose a backup.")
        if before(self._backups, at) is None:
            earliest = min(one.last_at for one in self._backups if one.last_at is not None)
            return sentence(RestoreRefused(reason="too_early", earliest=earliest))
        return None

    def _follow_way(self, *_place: object) -> None:
        for name in ("backup", "day", "time"):
            self.form.fields[name].setVisible((name != "backup") == self.is_moment)
            self.form.fields[name].set_error(None)
        if self.is_moment and not self.form["day"].text():
            self.form["day"].set_value(self._desk.today())
        self._tell()
        self.changed.emit()

    def _tell(self, *_typed: object) -> None:
        if not self.is_moment:
            self.about.setText(_("What was done after it is not in it. To have that too, choose a moment."))
            return
        try:
            day, at = self.form["day"].value(), self.form["time"].value()
        except InvalidInput:
            day = at = None
        zone = self._desk.place.timezone
        moment = None if day is None or at is None else local_instant(day, at, zone)
        found = None if moment is None or moment > self._desk.now() else before(self._backups, moment)
        if moment is None or found is None or found.taken_at is None:
            self.about.setText(_("The newest backup from before that moment is taken, and the saved changes up to it are added."))
            return
        said = _("From the backup of {when} in {folder}, with the saved changes up to that second.")
        self.about.setText(said.format(when=datetime_text(found.taken_at, timezone=zone), folder=isolated(found.path.parent)))
