"""The public display: now calling, the next five, a message, the clock; it lives as long as the program, not as a login."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QColor, QHideEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from clinic_desktop.clinic.frontdesk import events, queries
from clinic_desktop.clinic.frontdesk.queries import CallRow, DisplayRow
from clinic_desktop.clinic.organisation.events import SettingChanged
from clinic_desktop.kernel.clock import business_date
from clinic_desktop.kernel.formats import date_text, time_text
from clinic_desktop.kernel.i18n import Language, _, active
from clinic_desktop.ui.desk import Place
from clinic_desktop.ui.display.chime import Chime
from clinic_desktop.ui.display.news import NewsPanel
from clinic_desktop.ui.display.panels import MOST_NEXT, MOST_OTHERS, CallPanel, HeadPanel, NextPanel, OthersPanel, TickerPanel
from clinic_desktop.ui.display.speech import Speaker, spoken_call
from clinic_desktop.ui.theme.state import current
from clinic_desktop.ui.work import Work

_WATCHED = (
    events.TicketCalled,
    events.TicketRecalled,
    events.TicketSkipped,
    events.TicketTransferred,
    events.TicketSent,
    events.PatientCheckedIn,
    events.ArrivalTakenBack,
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

TURN_MS = 8_000
"""How long the display stays in one language: time to read it."""


class DisplayWindow(QWidget):
    """What the waiting room sees. Esc and F11 leave and enter full screen."""

    closed = Signal()
    put_away = Signal()
    """Closed by a person: not to be opened again by itself."""

    def __init__(self, work: Work, place: Place) -> None:
        super().__init__(None, Qt.WindowType.Window)
        # The program ends with its main window, whether or not this one is still open.
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.setWindowTitle(_("Queue display"))
        self.setMinimumSize(480, 270)
        self._work, self._place = work, place
        self.language = active()
        self._languages: tuple[str, ...] = ()
        self._row: DisplayRow | None = None
        self._announced: datetime | None = None
        self._as_of: datetime | None = None
        self._has_read = False
        self.head, self.call, self.others, self.next, self.ticker = HeadPanel(), CallPanel(), OthersPanel(), NextPanel(), TickerPanel()
        self.news, self.chime, self.speaker = NewsPanel(), Chime(self), Speaker(self)
        self._grid = QGridLayout(self)
        self._lay_out()
        self._clock = QTimer(self, interval=1_000)
        self._clock.timeout.connect(self._tell_time)
        self._turn = QTimer(self, interval=TURN_MS)
        self._turn.timeout.connect(self.take_turns)
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
        """Show this state; a call that is newer than the last one pulses, sounds, and is spoken where the clinic wishes it."""
        self._row = row
        self._set_languages(row.languages)
        self._show()
        fresh = [call for call in row.now_calling if self._is_new(call)]
        if fresh and self._has_read:
            self.call.point_out()
            self.chime.play()
            if row.speaks:
                self._speak(fresh)
        self._announced = max((call.announced_at for call in fresh if call.announced_at is not None), default=self._announced)
        self._has_read = True
        self._as_of = self._work.db.clock() if self._work.is_open else self._as_of

    def _is_new(self, call: CallRow) -> bool:
        return call.announced_at is not None and (self._announced is None or call.announced_at > self._announced)

    def _show(self) -> None:
        if self._row is not None:
            self.call.show_call(self._row.now_calling[0] if self._row.now_calling else None)
            self.others.show_calls(self._row.now_calling[1:])
            self.next.show_calls(self._row.next_up)
            self.ticker.show_text(self._row.ticker)
            self._share_height()

    def _speak(self, calls: Iterable[CallRow]) -> None:
        """The oldest first, each in every language of the display."""
        for call in sorted(calls, key=lambda one: one.announced_at or datetime.min.replace(tzinfo=UTC)):
            for code in self._languages or (self.language.code,):
                self.speaker.say(spoken_call(call, Language(code)), code)

    # Languages

    def _set_languages(self, codes: tuple[str, ...]) -> None:
        if codes != self._languages:
            self._languages = codes
            self._wear(codes[0] if codes else active().code)
        if len(codes) > 1:
            if not self._turn.isActive():
                self._turn.start()
        else:
            self._turn.stop()

    def take_turns(self) -> None:
        """Go on in the next of the display's languages."""
        if len(self._languages) > 1:
            place = self._languages.index(self.language.code) if self.language.code in self._languages else -1
            self._wear(self._languages[(place + 1) % len(self._languages)])
            self._show()
            self._tell_time()
            self._tell_age(self._work.is_reachable)

    def _wear(self, code: str) -> None:
        self.language = Language(code)
        is_rtl = self.language.is_right_to_left
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft if is_rtl else Qt.LayoutDirection.LeftToRight)

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
        day = date_text(business_date(now, zone), self.language, weekday=True)
        self.head.show_moment(self._place.clinic_name, day, time_text(now, self.language, timezone=zone))

    def _tell_age(self, is_reached: bool) -> None:
        if is_reached:
            self.news.show_new()
        else:
            self.news.show_old("" if self._as_of is None else time_text(self._as_of, self.language, timezone=self._place.timezone))
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
        self._turn.stop()
        self.speaker.hush()

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
        if event.spontaneous():  # a person did it; the end of the program does not
            self.put_away.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        QPainter(self).fillRect(self.rect(), QColor(current().window))
