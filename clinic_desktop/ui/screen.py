"""What every screen has in common with the shell."""

from __future__ import annotations

from typing import Any

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.work import Work


class Screen(QWidget):
    """A screen: layout and intents. Override what is needed of ``refresh``, ``open``, ``scanned``, ``draft`` and ``restore``."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.work: Work = desk.work
        self._is_stale = True

    def watch(self, *event_types: type) -> None:
        """Refresh when such events are committed: now when visible, else when shown next."""
        self.work.on(self, *event_types, then=lambda _events: self.touch())

    def touch(self) -> None:
        """Refresh now when visible, else when shown next."""
        if self.isVisible():
            self._is_stale = False
            self.refresh()
        else:
            self._is_stale = True

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        super().showEvent(event)
        if self._is_stale:
            self._is_stale = False
            self.refresh()

    def refresh(self) -> None:
        """Read again what is shown; called on first show and after watched events."""

    def open(self, **what: Any) -> None:
        """Show something asked for by another screen, the search or a scan."""

    def scanned(self, code: str) -> bool:
        """Use a scanned code here; False hands it to the search."""
        return False

    def draft(self) -> dict[str, Any] | None:
        """What is typed and not saved, as plain values; None when nothing would be lost."""
        return None

    def restore(self, draft: dict[str, Any]) -> None:
        """Put a draft back."""
