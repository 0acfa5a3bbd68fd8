"""The calendar in a window: how long the UI thread takes to show rows that were read, and to scroll over them."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from time import perf_counter

from PySide6.QtCore import QEventLoop, QObject, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget

from clinic_desktop.clinic.access.queries import actor_of, users
from clinic_desktop.clinic.departments import load_departments
from clinic_desktop.clinic.organisation.queries import clinics
from clinic_desktop.kernel.db import Database
from clinic_desktop.ui.desk import Desk, Place
from clinic_desktop.ui.screens.calendar.bar import View
from clinic_desktop.ui.screens.calendar.reading import Span
from clinic_desktop.ui.screens.calendar.screen import CalendarScreen
from clinic_desktop.ui.theme.apply import apply_theme
from clinic_desktop.ui.work import Work
from tests.benchmarks.measuring import alternate
from tests.benchmarks.people import standing


class Bare(QWidget):
    """The floor: as many filled blocks as the view shows, a short text in each of those that have one."""

    def __init__(self, blocks: int, texts: int) -> None:
        super().__init__()
        self.blocks, self.texts = blocks, texts

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor("#ffffff"))
        for number in range(self.blocks):
            room = QRectF(100 * (number % 10), 24 * (number // 10 % 24), 96, 22)
            painter.fillRect(room, QColor("#e0f0ef"))
            if number < self.texts:
                painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), "9:00 Asha Kul…")


class Heart(QObject):
    """Beats each millisecond; the longest pause between two beats is how long the screen stood still."""

    def __init__(self) -> None:
        super().__init__()
        self._timer = QTimer(self, interval=1)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._last = self.longest = 0.0

    def during(self, is_over: Callable[[], bool]) -> float:
        """Milliseconds of the longest pause until something is over."""
        self._last, self.longest = perf_counter(), 0.0
        self._timer.start()
        while not is_over():
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        self._timer.stop()
        return self.longest

    def _beat(self) -> None:
        now = perf_counter()
        self.longest, self._last = max(self.longest, (now - self._last) * 1000), now


def _stalls(screen: CalendarScreen, rounds: int) -> tuple[list[float], list[float]]:
    """The week of the clinic read again and again, and as long a time in which nothing happens."""
    heart, ours, floor = Heart(), [], []
    for _round in range(rounds):
        former, began = screen.found, perf_counter()
        screen.refresh()
        ours.append(heart.during(lambda former=former: screen.found is not former and not screen.work.is_busy))
        took = perf_counter() - began
        since = perf_counter()
        floor.append(heart.during(lambda since=since, took=took: perf_counter() - since > took))
    return ours, floor


def _wait(work: Work, is_there: Callable[[], bool]) -> None:
    for _try in range(2_000):
        QTest.qWait(5)
        if is_there() and not work.is_busy:
            return
    raise RuntimeError("the calendar was not read")


def main() -> int:
    """Show both views and print the milliseconds of each."""
    app = QApplication(sys.argv[:1])
    apply_theme(app, "light")
    load_departments()
    db = Database.open(sys.argv[1], passphrase=os.environ["CLINIC_PASSPHRASE"], clock=standing)
    with db.read() as session:
        clinic, user_id = clinics(session)[0], users(session, role="receptionist")[0].id
        actor = actor_of(session, user_id, clinic_id=clinic.id)
    work, rounds = Work(db, actor), int(sys.argv[2])
    place = Place(clinic.id, None, clinic.name, clinic.hospital_name, clinic.timezone, clinic.currency)
    screen = CalendarScreen(Desk(work, place, work))
    screen.resize(1160, 700)
    screen.show()
    found: dict[str, object] = {}
    for view, name in ((View.CLINIC, "first paint"), (View.DAY, "day paint")):
        screen.choose_view(view)
        _wait(work, lambda view=view: screen.found is not None and len(screen.found.shown.days) == (7 if view is View.CLINIC else 1))
        assert screen.found is not None
        span = screen.found
        area: QAbstractScrollArea = screen.matrix if view is View.CLINIC else screen.grid
        shown = sum(len(cell.appointments) for cell in span.shown.cells.values())
        bare = Bare(shown, 70 * 2 if view is View.CLINIC else shown)
        bare.resize(area.viewport().size())
        bare.show()
        QTest.qWaitForWindowExposed(bare)

        def ours(view: View = view, area: QAbstractScrollArea = area, span: Span = span) -> None:
            screen.pages.show_span(view, span, screen.filters)
            area.viewport().repaint()

        found[name] = alternate(rounds, lambda _round, bare=bare, ours=ours: (ours, bare.repaint))
    screen.choose_view(View.CLINIC)
    _wait(work, lambda: screen.found is not None and len(screen.found.shown.days) == 7)
    found["calendar stall"] = _stalls(screen, rounds)
    screen.choose_view(View.DAY)
    _wait(work, lambda: screen.found is not None and len(screen.found.shown.days) == 1)
    bar = screen.grid.verticalScrollBar()

    def scroll() -> None:
        bar.setValue(bar.value() + 24 if bar.value() < bar.maximum() - 24 else 0)
        QApplication.processEvents()

    bare.blocks = bare.texts = 10
    found["scroll paint"] = alternate(rounds, lambda _round: (scroll, bare.repaint))
    print(json.dumps(found), flush=True)
    work.shut_down()
    db.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
