"""A clinic from a backup: which one, what opens it, what it would bring, and then the restore with its progress."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFrame, QGridLayout

from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.formats import datetime_text, isolated, number_text
from clinic_desktop.kernel.i18n import _, ngettext
from clinic_desktop.ui.late import late
from clinic_desktop.ui.progress import Progress
from clinic_desktop.ui.screens.login.card import CardPage, WaitPage
from clinic_desktop.ui.screens.setup import regions
from clinic_desktop.ui.screens.setup.file_edit import FileEdit
from clinic_desktop.ui.theme.tokens import GAP_8, GAP_24
from clinic_desktop.ui.widgets.choice import Choice
from clinic_desktop.ui.widgets.inputs import DateField, LineEdit
from clinic_desktop.ui.widgets.text import Label
from clinic_desktop.ui.widgets.times import TimeField
from clinic_desktop.ui.window import Window
from clinic_desktop.ui.work import Work
from clinic_desktop.wording.backups import step, undone

if TYPE_CHECKING:
    from clinic_desktop.ui.restoring import Found

_RESTORING = "clinic_desktop.ui.restoring:"
USER, RECOVERY, PASSPHRASE = "user", "recovery", "passphrase"
_COUNTED = ("patients", "appointments", "visits", "prescriptions", "invoices", "users")


class BackupPage(CardPage):
    """``entered(dict)`` with the place, what opens it and until when; ``left`` back."""

    entered = Signal(dict)
    left = Signal()

    def __init__(self) -> None:
        text = _("Nothing is overwritten: a database that is here now is kept under another name.")
        super().__init__(_("Restore a backup"), text, _("Look at the backup"), columns=2, width=640)
        form = self.form
        files = FileEdit(_("Backup"), kinds=_("Backups (*.clinicbackup)"), placeholder=_("a file, or the folder where the backups are"))
        form.add("place", _("Backup"), files, required=True, span=2)
        kinds = ((_("My password at that time"), USER), (_("The recovery key"), RECOVERY), (_("A passphrase"), PASSPHRASE))
        form.add("kind", _("What opens it"), Choice("", kinds), span=2)
        form.add("name", _("Username"), LineEdit(limit=60), required=True)
        self.secret("password", _("Password"))
        form.add("recovery_key", _("Recovery key"), LineEdit(placeholder="XXXXX-XXXXX-…", limit=120), required=True, span=2)
        today = date.today()  # noqa: DTZ011 - this computer's own: there is no clinic yet
        form.add("day", _("As it was on (may be empty)"), DateField(_("Day"), today=today))
        form.add("time", _("at"), TimeField(_("Time")))
        form["kind"].currentIndexChanged.connect(self._follow_kind)
        self._follow_kind()
        self.enter_submits()
        self.back = self.add_link(_("Back"), self.left)
        self.setFocusProxy(form["place"])

    def submit(self) -> None:
        """Hand over what was entered, once."""
        if self.button.is_busy:
            return
        found = self.form.values()
        if found is None:
            return
        at: datetime | None = None
        if found["day"] is not None:
            at = datetime.combine(found["day"], found["time"] or datetime.max.time().replace(microsecond=0)).astimezone()
        kind = found["kind"]
        text = found["recovery_key"] if kind == RECOVERY else found["password"]
        self.wait(True)
        self.entered.emit({"place": found["place"], "kind": kind, "name": found["name"] or "", "text": text, "at": at})

    def refuse(self, error: ClinicError) -> None:
        """Show a refusal at the field of the secret, or below the form."""
        super().refuse(error)
        if error.field == "passphrase":
            self.form.fields["password"].set_error(self.trouble.text())
            self.say(None)

    def _follow_kind(self, _place: int = 0) -> None:
        kind = self.form["kind"].value()
        for name, is_asked in (("name", kind == USER), ("password", kind != RECOVERY), ("recovery_key", kind == RECOVERY)):
            field = self.form.fields[name]
            field.required = is_asked
            field.setVisible(is_asked)


class PreviewPage(CardPage):
    """What the backup would bring; ``entered`` restores it, ``left`` goes back."""

    entered = Signal()
    left = Signal()

    def __init__(self, found: Found) -> None:
        super().__init__(_("This is in the backup"), "", _("Restore"), width=560)
        zone = regions.here()
        frame = QFrame(self)
        grid = QGridLayout(frame)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GAP_24)
        grid.setVerticalSpacing(GAP_8)
        grid.setColumnStretch(1, 1)
        self.shown = _lines(found, zone)
        for place, (caption, text) in enumerate(self.shown):
            grid.addWidget(Label(caption, frame, tone="muted"), place, 0)
            grid.addWidget(Label(text, frame, wrap=True), place, 1)
        self.body.insertWidget(self.body.indexOf(self.form), frame)
        self.form.hide()
        said = [undone(found.undone_erasures)] if found.undone_erasures else []
        if found.clock_set_back:
            said.append(_("The clock of a computer was set back on the way: look at the last change, whether this is the state you mean."))
        if said:
            self.say("\n".join(said))
        self.back = self.add_link(_("Back"), self.left)
        self.setFocusProxy(self.button)

    def submit(self) -> None:
        """Restore, once."""
        if not self.button.is_busy:
            self.wait(True)
            self.entered.emit()


def _lines(found: Found, zone: str) -> list[tuple[str, str]]:
    lines = [(_("Backup of"), datetime_text(found.taken_at, timezone=zone))]
    if found.last_at is not None:
        by = _("{time}, by {name}").format(time=datetime_text(found.last_at, timezone=zone), name=isolated(found.last_by))
        lines.append((_("Last change"), by if found.last_by else datetime_text(found.last_at, timezone=zone)))
    if found.replayed:
        said = ngettext("{n} change after the backup", "{n} changes after the backup", found.replayed)
        lines.append((_("With it"), said.format(n=number_text(found.replayed))))
    names = {
        "patients": _("Patients"),
        "appointments": _("Appointments"),
        "visits": _("Visits"),
        "prescriptions": _("Prescriptions"),
        "invoices": _("Invoices"),
        "users": _("People"),
    }
    lines += [(names[table], number_text(found.rows.get(table, 0))) for table in _COUNTED]
    if found.lost:
        said = ngettext("{n} change that is here now", "{n} changes that are here now", found.lost)
        lines.append((_("Not in it"), said.format(n=number_text(found.lost))))
    return lines


class Restoring(QObject):
    """Runs the pages; ``finished`` when the restored database is in place, ``left`` when nothing was restored."""

    left = Signal()
    finished = Signal()

    def __init__(self, window: Window, work: Work, url: str, parent: QObject) -> None:
        super().__init__(parent)
        self._window, self._work, self._url = window, work, url
        self._asked: dict[str, Any] = {}

    def start(self) -> None:
        """Ask for the backup."""
        page = BackupPage()
        if self._asked:
            page.form.restore(self._asked)
        page.left.connect(self._leave)
        page.entered.connect(lambda asked: self._look(page, asked))
        self._window.show_page(page)

    def _leave(self) -> None:
        self.left.emit()
        self.deleteLater()

    @property
    def _present(self) -> Any:
        return self._work.db if self._work.is_open else None

    def _look(self, page: BackupPage, asked: dict[str, Any]) -> None:
        self._asked = {name: raw for name, raw in page.form.draft().items() if name not in ("password", "recovery_key")}
        progress = Progress(self)
        self._work.background(
            page,
            late(_RESTORING + "look"),
            progress=progress,
            present=self._present,
            **asked,
            then=self._show,
            failed=page.refuse,
            settled=lambda: page.wait(False),
        )

    def _show(self, found: Found) -> None:
        page = PreviewPage(found)
        page.left.connect(self.start)
        page.entered.connect(lambda: self._restore(found))
        self._window.show_page(page)

    def _restore(self, found: Found) -> None:
        progress = Progress(self)
        page = WaitPage(_("Restoring…"), cancel=progress.cancel)
        progress.advanced.connect(lambda done, total, label: page.advance(done, total, step(label)))
        self._window.show_page(page)

        def settled() -> None:
            if self._window.centralWidget() is page:  # cancelled: what was there is as it was
                self._show(found)

        self._work.background(
            self,
            late(_RESTORING + "restore"),
            progress=progress,
            found=found,
            url=self._url,
            present=self._present,
            then=self._end,
            failed=lambda error: self._say(found, error),
            settled=settled,
        )

    def _say(self, found: Found, error: ClinicError) -> None:
        self._show(found)
        page = self._window.centralWidget()
        assert isinstance(page, PreviewPage)
        page.refuse(error)

    def _end(self, _restored: object) -> None:
        self._window.show_page(WaitPage(_("The clinic is restored. Opening it…")))
        if self._work.is_open:
            self._work.detach()  # closed by the restore, which has put another in its place
        self.finished.emit()
        self.deleteLater()
