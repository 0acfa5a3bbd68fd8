"""A person with a name and a password: the data is opened by them where it is closed, and they come in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.ui.door import Door
from clinic_desktop.ui.late import late
from clinic_desktop.ui.screens.login.card import CardPage

if TYPE_CHECKING:
    from clinic_desktop.ui.entering import Entered

_ENTERING = "clinic_desktop.ui.entering:"


class LoggingIn(QObject):
    """``came_in(username, Entered)``; a refusal is said on the page."""

    came_in = Signal(str, object)

    def __init__(self, door: Door, clinic_id: Callable[[], UUID | None], parent: QObject) -> None:
        super().__init__(parent)
        self._door, self._work, self._clinic_id = door, door.work, clinic_id
        door.passwords.chosen.connect(self._chosen)

    def enter(self, page: CardPage, username: str, password: str) -> None:
        """Let somebody in."""
        if self._work.is_open:
            self._log_in(page, username, password)
        else:
            self._door.unlock(page, username, password, lambda: self._log_in(page, username, password))

    def _chosen(self, username: str, password: str) -> None:
        page = self._door.window.centralWidget()
        assert isinstance(page, CardPage)
        self._log_in(page, username, password)

    def _log_in(self, page: CardPage, username: str, password: str) -> None:
        def refuse(error: ClinicError) -> None:
            if error.code == "password_change_required":
                self._door.passwords.ask_new(username, password)
            else:
                page.refuse(error)

        self._work.call(
            page,
            late(_ENTERING + "log_in"),
            db=self._work.db,
            username=username,
            password=password,
            clinic_id=self._clinic_id(),
            workstation_id=self._door.preferences.workstation_id,
            then=lambda entered: self._logged_in(username, password, entered),
            failed=refuse,
            settled=lambda: page.wait(False),
        )

    def _logged_in(self, username: str, password: str, entered: Entered) -> None:
        self._work.background(self, late(_ENTERING + "keep_keys"), db=self._work.db, username=username, password=password)
        self.came_in.emit(username, entered)
