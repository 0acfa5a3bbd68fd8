"""A restore over the open database: nobody is at work meanwhile, and it opens again at the login."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from clinic_desktop import wording
from clinic_desktop.kernel.backup.restoring import Restored
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.formats import datetime_text, isolated
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screens.backups.reading import Wanted, brought_back
from clinic_desktop.ui.screens.backups.task import Task
from clinic_desktop.ui.screens.backups.undertaking import Undertaking
from clinic_desktop.ui.window import Window
from clinic_desktop.ui.work import Work


class Bringing(Undertaking):
    """``finished(title, text)`` with the restored database in its place."""

    finished = Signal(str, str)

    def __init__(self, window: Window, work: Work, wanted: Wanted, by: str, zone: str, parent: QObject) -> None:
        super().__init__(window, work, _("Restoring…"), parent)
        self._wanted, self._by, self._zone = wanted, by, zone
        self._is_server = work.db.address.file is None

    def _asked(self) -> Task:
        return Task(self._work, "", brought_back, wanted=self._wanted, by=self._by)

    def _tell(self, result: Restored) -> None:
        at = result.rebuilt.at
        said = [_("The clinic is as it was on {when}.").format(when=datetime_text(at, timezone=self._zone))] if at is not None else []
        said.append(_("Log in with the password that you had then."))
        if result.kept_at is not None:
            kept = _("What was on the server before is kept there in the schema {name}.")
            beside = _("The database of before is kept beside it as {name}.")
            said.append((kept if self._is_server else beside).format(name=isolated(result.kept_at)))
        self.finished.emit(_("The clinic is restored"), "\n\n".join(said))

    def _refuse(self, error: ClinicError) -> None:
        self._leave(_("Nothing was restored"), wording.sentence(error))
