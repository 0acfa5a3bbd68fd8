"""A second computer with the queue or the reception on its screen; says when each further patient was painted, by the clock of all."""

from __future__ import annotations

import os
import sys
from time import monotonic

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

from clinic_desktop.clinic.access.queries import actor_of, users
from clinic_desktop.clinic.departments import load_departments
from clinic_desktop.clinic.organisation.queries import clinics
from clinic_desktop.kernel.db import Database
from clinic_desktop.ui.desk import Desk, Place
from clinic_desktop.ui.screens.queue.screen import QueueScreen
from clinic_desktop.ui.screens.reception.screen import ReceptionScreen
from clinic_desktop.ui.table import TableView
from clinic_desktop.ui.theme.apply import apply_theme
from clinic_desktop.ui.work import Work
from tests.benchmarks.people import standing


class Watch(QObject):
    """Looks after each painting how many patients the list shows; ends the program after the last."""

    def __init__(self, table: TableView, wanted: int) -> None:
        super().__init__(table)
        self._table, self._wanted, self._shown = table, wanted, 0
        table.grid.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, self, self._look)  # comes when this round of painting is over
        return False

    def _look(self) -> None:
        waiting = len(self._table.rows)
        if waiting > self._shown:
            print(waiting, monotonic(), flush=True)
            self._shown = waiting
        if waiting >= self._wanted:
            QApplication.quit()


def main() -> int:
    """Show the screen and watch it until so many patients wait."""
    app = QApplication(sys.argv[:1])
    apply_theme(app, "light")
    load_departments()
    db = Database.open(sys.argv[1], passphrase=os.environ["CLINIC_PASSPHRASE"], clock=standing)
    with db.read() as session:
        clinic, user_id = clinics(session)[0], users(session, role="receptionist")[0].id
        actor = actor_of(session, user_id, clinic_id=clinic.id)
    work = Work(db, actor)
    place = Place(clinic.id, None, clinic.name, clinic.hospital_name, clinic.timezone, clinic.currency)
    desk = Desk(work, place, work)
    screen = QueueScreen(desk) if sys.argv[2] == "queue" else ReceptionScreen(desk)
    watch = Watch(screen.table if isinstance(screen, QueueScreen) else screen.board.table, int(sys.argv[3]))
    screen.resize(1366, 768)
    screen.show()
    app.exec()
    watch.deleteLater()
    work.shut_down()
    db.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
