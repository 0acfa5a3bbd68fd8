"""What this program remembers of how a person likes it on this machine: nothing about patients."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import QObject, QSettings, Signal

from clinic_desktop.kernel.i18n import SHIPPED_CODES, SOURCE_CODE
from clinic_desktop.ui.theme.fonts import SCALES
from clinic_desktop.ui.theme.tokens import PALETTES

LANGUAGE_NAMES = {"en": "English", "ar": "العربية", "hi": "हिन्दी"}


class Preferences(QObject):
    """Theme, language, text size and the last username."""

    changed = Signal()

    def __init__(self, store: QSettings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store

    @property
    def theme(self) -> str:
        """``light``, ``dark`` or ``contrast``."""
        return self._one_of("theme", tuple(PALETTES), "light")

    @property
    def language(self) -> str:
        """The code of the language."""
        return self._one_of("language", SHIPPED_CODES, SOURCE_CODE)

    @property
    def scale(self) -> int:
        """The text size in percent."""
        return int(self._one_of("scale", tuple(str(one) for one in SCALES), "100"))

    @property
    def username(self) -> str:
        """Who logged in last."""
        return str(self._store.value("username", ""))

    @property
    def database(self) -> str:
        """The address of the database to start with, without any password; empty for the usual file."""
        return str(self._store.value("database", ""))

    def remember_database(self, address: str) -> None:
        """Start with this database from now on; nothing to forget it."""
        self._store.setValue("database", address)

    @property
    def workstation_id(self) -> UUID | None:
        """Which of the clinic's workstations this computer is, once somebody has said so."""
        stored = str(self._store.value("workstation", ""))
        try:
            return UUID(stored) if stored else None
        except ValueError:
            return None

    def set_workstation(self, workstation_id: UUID | None) -> None:
        """Be this workstation from the next log-in on."""
        self._store.setValue("workstation", "" if workstation_id is None else str(workstation_id))

    @property
    def kiosk(self) -> tuple[UUID, UUID] | None:
        """The session and clinic of the kiosk that this computer is; None while it is a desk."""
        session, _colon, clinic = str(self._store.value("kiosk", "")).partition(":")
        try:
            return (UUID(session), UUID(clinic)) if clinic else None
        except ValueError:
            return None

    def remember_kiosk(self, kiosk: tuple[UUID, UUID] | None) -> None:
        """Be this kiosk again after a restart, or a desk."""
        self._store.setValue("kiosk", "" if kiosk is None else f"{kiosk[0]}:{kiosk[1]}")
        self._store.sync()  # a kiosk is rather unplugged than closed

    @property
    def has_display(self) -> bool:
        """Whether the waiting room's display was open here when the program ended."""
        return str(self._store.value("display", "")) == "open"

    def remember_display(self, is_open: bool) -> None:
        """Open the display again at the next start, or not."""
        self._store.setValue("display", "open" if is_open else "")
        self._store.sync()

    def set_theme(self, name: str) -> None:
        """Wear another theme."""
        self._set("theme", name)

    def set_language(self, code: str) -> None:
        """Speak another language."""
        self._set("language", code)

    def set_scale(self, percent: int) -> None:
        """Read another text size."""
        self._set("scale", str(percent))

    def remember_username(self, username: str) -> None:
        """Offer this name at the next login."""
        self._store.setValue("username", username)

    def remembered(self, user_id: UUID, name: str) -> str:
        """How a person left something here, such as a view; empty where they did not yet."""
        return str(self._store.value(f"{name}/{user_id.hex}", ""))

    def remember(self, user_id: UUID, name: str, value: str) -> None:
        """Find it so again the next time."""
        self._store.setValue(f"{name}/{user_id.hex}", value)

    def _set(self, key: str, value: str) -> None:
        if self._store.value(key) != value:
            self._store.setValue(key, value)
            self.changed.emit()

    def _one_of(self, key: str, allowed: tuple[str, ...], default: str) -> str:
        stored = str(self._store.value(key, default))
        return stored if stored in allowed else default
