"""Typing into the search box of the reception screen: from a key press to the painted rows, and how long the screen stood still."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from time import perf_counter

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from clinic_desktop.clinic.access.queries import actor_of, users
from clinic_desktop.clinic.departments import load_departments
from clinic_desktop.clinic.organisation.queries import clinics
from clinic_desktop.kernel.db import Database
from clinic_desktop.ui.desk import Desk, Place
from clinic_desktop.ui.screens.reception.screen import ReceptionScreen
from clinic_desktop.ui.theme.apply import apply_theme
from clinic_desktop.ui.work import Work
from tests.benchmarks.people import standing
from tests.benchmarks.searching import floor_rows, typed_texts

_PATIENCE_MS = 20_000
_PAUSE_MS = 250
"""Long enough that what the earlier letters asked for is over."""


class Hand:
    """Types a text and waits until its answer is there and painted."""

    def __init__(self, box: QLineEdit, is_answered: Callable[[str], bool]) -> None:
        self._box, self._is_answered, self._loop = box, is_answered, QEventLoop()
        self._heart = QTimer(interval=1)
        self._heart.timeout.connect(self._beat)
        self._patience = QTimer(singleShot=True, interval=_PATIENCE_MS)
        self._patience.timeout.connect(lambda: self._loop.exit(1))
        self._text, self._last_beat, self._was_answered = "", 0.0, False
        self.longest_ms = 0.0

    def type(self, text: str) -> float:
        """Milliseconds from the last key press to the painted answer; ``longest_ms`` is the longest standstill on the way."""
        self._box.clear()
        QTest.keyClicks(self._box, text[:-1])
        QTest.qWait(_PAUSE_MS)
        self._patience.start()
        self._text, self._was_answered, self.longest_ms = text, False, 0.0
        began = self._last_beat = perf_counter()
        self._heart.start()
        QTest.keyClicks(self._box, text[-1])
        if self._loop.exec():
            raise RuntimeError(f"no answer to {text!r}")
        self._heart.stop()
        self._patience.stop()
        return (self._last_beat - began) * 1000

    def _beat(self) -> None:
        now = perf_counter()
        self.longest_ms, self._last_beat = max(self.longest_ms, (now - self._last_beat) * 1000), now
        if self._was_answered:  # what is to be painted goes before timers, so it is painted by now
            self._loop.exit(0)
        self._was_answered = self._is_answered(self._text)


class Bare(QWidget):
    """The floor: the same question asked with the bare driver, the answer put into a plain table."""

    def __init__(self, db: Database) -> None:
        super().__init__()
        self.box, self.table, self.answered = QLineEdit(), QTableWidget(0, 4), ""
        column = QVBoxLayout(self)
        column.addWidget(self.box)
        column.addWidget(self.table)
        self._cursor = db.engine.raw_connection().driver_connection.cursor()  # type: ignore[union-attr]
        self.box.textChanged.connect(self._ask)

    def _ask(self, text: str) -> None:
        rows = floor_rows(self._cursor, text, is_sqlite=True) if text.strip() else []
        self.table.setRowCount(len(rows))
        for place, row in enumerate(rows):
            for column in range(4):
                self.table.setItem(place, column, QTableWidgetItem(str(row[column + 1])))
        self.answered = text


def _reception(db: Database) -> tuple[Work, ReceptionScreen]:
    with db.read() as session:
        clinic, user_id = clinics(session)[0], users(session, role="receptionist")[0].id
        actor = actor_of(session, user_id, clinic_id=clinic.id)
    work = Work(db, actor)
    place = Place(clinic.id, None, clinic.name, clinic.hospital_name, clinic.timezone, clinic.currency)
    return work, ReceptionScreen(Desk(work, place, work))


def main() -> int:
    """Type on both in turn and print the milliseconds of each."""
    app = QApplication(sys.argv[:1])
    apply_theme(app, "light")
    load_departments()
    db = Database.open(sys.argv[1], passphrase=os.environ["CLINIC_PASSPHRASE"], clock=standing)
    work, screen = _reception(db)
    bare = Bare(db)
    for widget in (screen, bare):
        widget.resize(1366, 768)
        widget.show()
    screen.refresh()
    ours = Hand(screen.search, lambda text: f"“{text}”" in screen.hits.register.text())
    floor = Hand(bare.box, lambda text: bare.answered == text)
    samples = []
    wanted = int(sys.argv[2]) + 1
    typed = [text for text in typed_texts(db, 4 * wanted) if text.isascii()]  # QTest ends the process over any other key
    for text in typed[:wanted]:
        painted = ours.type(text), ours.longest_ms
        samples.append((*painted, floor.type(text), floor.longest_ms))
    print(json.dumps(samples[1:]), flush=True)
    work.shut_down()
    return 0


if __name__ == "__main__":
    sys.exit(main())
