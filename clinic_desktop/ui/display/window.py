"""The public display: now calling, the next five, a message, the clock; it lives as long as the program, not as a login."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QColor, QHideEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from clinic_desktop.clinic.frontdesk import events, queries
from clinic_desktop.clinic.frontdesk.queries import DisplayRow
from clinic_desktop.clinic.organisation.events import SettingChanged
from clinic_desktop.kernel.clock import business_date
from clinic_desktop.kernel.formats import date_text, time_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.desk import Place
from clinic_desktop.ui.display.chime import Chime
from clinic_desktop.ui.display.news import NewsPanel
from clinic_desktop.ui.display.panels import MOST_NEXT, MOST_OTHERS, CallPanel, HeadPanel, NextPanel, OthersPanel, TickerPanel
from clinic_desktop.ui.theme.state import current
from clinic_desktop.ui.work import Work

_WATCHED = (
    events.TicketCalled,
    events.TicketRecalled,
    events.TicketSkipped,
    events.TicketTransferred,
    events.PatientCheckedIn,
    events.PatientLeft,
    events.PriorityChanged,
    events.VisitCancelled,
    events.AppointmentCancelled,
    events.AppointmentMoved,
    events.PatientMissed,
    events.ConsultationStarted,
    events.VisitReadyToPay,
    events.TicketHeld,
    events.TicketResumed,
    events.QueueClosed,
    SettingChanged,
)


class DisplayWindow(QWidget):
    """What the waiting room sees. Esc and F11 leave and enter full screen."""

    closed = Signal()

    def __init__(self, work: Work, place: Place) -> None:
        super().__init__(None, Qt.WindowType.Window)
        # The program ends with its main window, whether or not this one is still open.
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.setWindowTitle(_("Queue display"))
        self.setMinimumSize(480, 270)
        self._work, self._place = work, place
        self._announced: datetime | None = None
        self._as_of: datetime | None = None
        self._has_read = False
        self.head, self.call, self.others, self.next, self.ticker = HeadPanel(), CallPanel(), OthersPanel(), NextPanel(), TickerPanel()
        self.news, self.chime = NewsPanel(), Chime(self)
        self._grid = QGridLayout(self)
        self._lay_out()
        self._clock = QTimer(self, interval=1_000)
        self._clock.timeout.connect(self._tell_time)
        work.on(self, *_WATCHED, then=lambda _events: self.refresh())
        work.reachable.connect(self._tell_age)

    def refresh(self) -> None:
        """Read again what is shown."""
        if self.isVisible() and self._work.is_open:
            clinic_id, day = self._place.clinic_id, business_date(self._work.db.clock(), self._place.timezone)
            self._work.read(
                self,
                queries.display,
                latest="display",
                then=self.show_row,
                # A server that is away: the last state stays, marked as old, and is read again when it is back.
                failed=lambda _error: None,
                clinic_id=clinic_id,
                day=day,
                calling=MOST_OTHERS + 1,
                upcoming=MOST_NEXT,
            )

    def show_row(self, row: DisplayRow) -> None:
        """Show this state; a call that is newer than the last one pulses and sounds."""
        latest = row.now_calling[0] if row.now_calling else None
        self.call.show_call(latest)
        self.others.show_calls(row.now_calling[1:])
        self.next.show_calls(row.next_up)
        self.ticker.show_text(row.ticker)
        self._share_height()
        announced = latest.announced_at if latest is not None else None
        is_new = announced is not None and (self._announced is None or announced > self._announced)
        if is_new and self._has_read:
            self.call.point_out()
            self.chime.play()
        self._announced = announced if is_new else self._announced
        self._has_read = True
        self._as_of = self._work.db.clock() if self._work.is_open else self._as_of

    def _lay_out(self) -> None:
        self._grid.addWidget(self.head, 0, 0, 1, 2)
        self._grid.addWidget(self.call, 1, 0)
        self._grid.addWidget(self.others, 2, 0)
        self._grid.addWidget(self.next, 1, 1, 2, 1)
        self._grid.addWidget(self.ticker, 3, 0, 1, 2)
        self._grid.addWidget(self.news, 4, 0, 1, 2)
        self._share_height()
        self._grid.setColumnStretch(0, 62)
        self._grid.setColumnStretch(1, 38)

    def _share_height(self) -> None:
        """A strip without a message leaves its room to the others."""
        for row, stretch in enumerate((11, 55, 18, 9 if self.ticker.text else 0, 9 if self.news.text else 0)):
            self._grid.setRowStretch(row, stretch)

    def _tell_time(self) -> None:
        if not self._work.is_open:  # a backup is being brought back: the last state stays
            return
        now, zone = self._work.db.clock(), self._place.timezone
        if self._work.is_reachable and self._has_read:  # whatever had been committed by now would be shown
            is_new_day = self._as_of is not None and business_date(self._as_of, zone) != business_date(now, zone)
            self._as_of = now
            if is_new_day:
                self.refresh()
        self.head.show_moment(self._place.clinic_name, date_text(business_date(now, zone), weekday=True), time_text(now, timezone=zone))

    def _tell_age(self, is_reached: bool) -> None:
        if is_reached:
            self.news.show_new()
        else:
            self.news.show_old("" if self._as_of is None else time_text(self._as_of, timezone=self._place.timezone))
        self._share_height()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        unit = round(self.height() / 100)
        self._grid.setContentsMargins(3 * unit, unit, 3 * unit, 3 * unit)
        self._grid.setSpacing(2 * unit)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        super().showEvent(event)
        self._tell_age(self._work.is_reachable)
        self._tell_time()
        self._clock.start()
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        super().hideEvent(event)
        self._clock.stop()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() == Qt.Key.Key_Escape and self.isFullScreen():
            self.showNormal()
        elif event.key() == Qt.Key.Key_F11:
            self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: Any) -> None:  # noqa: N802
        super().closeEvent(event)
        self.closed.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        QPainter(self).fillRect(self.rect(), QColor(current().window))
