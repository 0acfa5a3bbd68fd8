"""Counts at screens that nobody has opened yet: what needs somebody must be seen by who does not look for it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, QTimer

from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.late import late
from clinic_desktop.ui.spec import ScreenSpec

FIRST_MS, EVERY_MS = 5_000, 60_000
"""After a login the screens come first."""


class Badges(QObject):
    """Asks for the counts, and again each minute."""

    def __init__(self, desk: Desk, specs: Sequence[ScreenSpec], parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._specs = desk, specs
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self.count)
        if specs:
            self._timer.start()
            QTimer.singleShot(FIRST_MS, self, self.count)

    def count(self) -> None:
        """Ask now, on the database thread; what cannot be asked keeps its count."""
        work, place = self._desk.work, self._desk.place
        if work.actor is None:  # locked, or logged out
            return
        for spec in self._specs:
            work.call(
                self,
                late(spec.badge),
                db=work.db,
                clinic_id=place.clinic_id,
                workstation_id=place.workstation_id,
                then=partial(self._desk.badge, spec.code),
                failed=lambda _error: None,
            )
