"""The display after a restart: open again by itself, before anybody has logged in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from clinic_desktop.ui.desk import Place
from clinic_desktop.ui.late import load

if TYPE_CHECKING:
    from clinic_desktop.ui.opening import ClinicFacts
    from clinic_desktop.ui.session import Session

HOST = "clinic_desktop.ui.display.host:display_host"


class DisplayAgain(QObject):
    """Looks once the database is open; where its server tells nothing before a login, the display fills with the first one."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session

    def look(self, clinic: ClinicFacts | None) -> None:
        """Open the display if it was open here."""
        session = self._session
        if clinic is not None and session.preferences.has_display:
            here = session.preferences.workstation_id
            place = Place(clinic.id, here, clinic.name, clinic.hospital_name, clinic.timezone, clinic.currency)
            host = load(HOST)(session.work, place, session.preferences)
            if not host.is_open:
                host.open(session.window)

    def refresh(self) -> None:
        """Somebody came in: what the server told nobody before can be read now."""
        host = self._session.work.findChild(QObject, "display")
        if host is not None:
            host.window.refresh()  # type: ignore[attr-defined]
