"""Watching the scanner's folder while a patient's documents are looked at; never on the UI thread."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from clinic_desktop.clinic.patients.queries import scanner_of
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.documents.scanner import Seen, look_into, put_away

LOOK_MS = 1_500


class Scans(QObject):
    """``found(paths)`` when other whole files lie there than at the last look."""

    found = Signal(list)

    def __init__(self, screen: Screen, parent: QObject) -> None:
        super().__init__(parent)
        self._screen = screen
        self._folder, self._is_removed = "", False
        self._seen = Seen((), 0, {})
        self._is_looking = False
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)

    @property
    def folder(self) -> str:
        """The folder; empty when this workstation has no scanner."""
        return self._folder

    def begin(self) -> None:
        """Ask which folder it is, and look into it as long as somebody watches."""
        place = self._screen.desk.place
        self._screen.work.read(
            self, scanner_of, latest="scanner", then=self._use, clinic_id=place.clinic_id, workstation_id=place.workstation_id
        )

    def end(self) -> None:
        """Nobody watches any more."""
        self._timer.stop()

    def _use(self, scanner: tuple[str, bool]) -> None:
        self._folder, self._is_removed = scanner
        if self._folder:
            self._timer.start()
            self.look()

    def look(self) -> None:
        """Look once."""
        if not self._is_looking and self._folder:
            self._is_looking = True
            self._screen.work.background(
                self, look_into, then=self._compare, settled=self._looked, folder=self._folder, before=self._seen.looks
            )

    def _looked(self) -> None:
        self._is_looking = False

    def _compare(self, seen: Seen) -> None:
        before, self._seen = self._seen.whole, seen
        if seen.whole != before:
            self.found.emit(list(seen.whole))

    def attached(self, path: Path) -> None:
        """Take a scan that is in a patient's folder now out of the scanner's."""
        if str(path.parent) == self._folder:
            work = self._screen.work
            work.background(self, put_away, then=lambda _nothing: self.look(), path=path, is_removed=self._is_removed)
