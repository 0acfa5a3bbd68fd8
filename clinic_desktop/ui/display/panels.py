"""The parts of the public display: who is called, who is next, the running message, the clock."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEasingCurve, QRect, QRectF, Qt, QTimer, QVariantAnimation
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QStyle, QWidget

from clinic_desktop.clinic.frontdesk.queries import CallRow
from clinic_desktop.kernel.i18n import Language, active
from clinic_desktop.ui.display.lettering import letters, mixed, paint_line
from clinic_desktop.ui.theme.state import current

_PULSES, _PULSE_MS = 4, 1_100
_FRAME_MS, _STEP = 33, 2
MOST_NEXT, MOST_OTHERS = 5, 3


class Panel(QWidget):
    """A part of the display; ``unit`` is a hundredth of the window's height."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    @property
    def unit(self) -> float:
        """A hundredth of the height of the whole window."""
        return self.window().height() / 100

    @property
    def language(self) -> Language:
        """What the display speaks at this moment."""
        top = self.window()
        found = None if top is self else getattr(top, "language", None)
        return found if isinstance(found, Language) else active()

    def where(self, call: CallRow) -> str:
        """Where a call asks somebody to go."""
        if call.service_room is not None and call.room:
            return call.room  # "ECG" says where it is by itself
        return self.language.gettext("Room {room}").format(room=call.room) if call.room else ""

    def side(self, room: QRectF) -> QRectF:
        """The room, mirrored where text runs from right to left."""
        return QRectF(QStyle.visualRect(self.layoutDirection(), self.rect(), room.toRect()))

    def card(self, painter: QPainter, colour: QColor) -> None:
        """The ground of the panel."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRoundedRect(QRectF(self.rect()), 2 * self.unit, 2 * self.unit)


class CallPanel(Panel):
    """The latest call, as large as it goes; a new one pulses for a few seconds."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.call: CallRow | None = None
        self._glow = 0.0
        self._pulse = QVariantAnimation(self)
        self._pulse.setDuration(_PULSE_MS)
        self._pulse.setLoopCount(_PULSES)
        for moment, glow in ((0.0, 0.0), (0.5, 1.0), (1.0, 0.0)):
            self._pulse.setKeyValueAt(moment, glow)
        self._pulse.setEasingCurve(QEasingCurve.Type.InOutSine)
        self._pulse.valueChanged.connect(self._set_glow)

    @property
    def is_pulsing(self) -> bool:
        """Whether a new call is being pointed out."""
        return self._pulse.state() == QVariantAnimation.State.Running

    def show_call(self, call: CallRow | None) -> None:
        """Show this call."""
        _ = self.language.gettext
        self.call = call
        words = [_("Now calling"), str(call.queue_number), self.where(call), call.doctor_name, call.name or ""] if call else []
        self.setAccessibleName(", ".join(word for word in words if word) or _("Nobody is called"))
        self.update()

    def point_out(self) -> None:
        """Pulse calmly."""
        self._pulse.stop()
        self._pulse.start()

    def _set_glow(self, glow: float) -> None:
        self._glow = float(glow)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        _ = self.language.gettext
        palette, unit = current(), self.unit
        painter = QPainter(self)
        self.card(painter, mixed(palette.surface, palette.accent_soft, self._glow))
        room = QRectF(self.rect()).adjusted(4 * unit, 3 * unit, -4 * unit, -3 * unit)
        heading = QRectF(room.left(), room.top(), room.width(), 6 * unit)
        paint_line(painter, self.side(heading), _("Now calling"), 5 * unit, palette.muted)
        rest = room.adjusted(0, 6 * unit, 0, 0)
        if self.call is None:
            text = _("Please take a seat. Your number will be called.")
            paint_line(painter, rest, text, 6 * unit, palette.text, align=Qt.AlignmentFlag.AlignCenter)
            return
        self._paint_call(painter, rest, self.call)

    def _paint_call(self, painter: QPainter, room: QRectF, call: CallRow) -> None:
        palette, unit = current(), self.unit
        number = QRectF(room.left(), room.top(), room.width() * 0.5, room.height())
        paint_line(
            painter, self.side(number), str(call.queue_number), 38 * unit, palette.accent, bold=True, align=Qt.AlignmentFlag.AlignCenter
        )
        lines = [(self.where(call), 13.0, palette.text, True)]
        if call.name:
            lines.append((call.name, 8.0, palette.text, False))
        if call.doctor_name:
            lines.append((call.doctor_name, 6.0, palette.muted, False))
        height = sum(size * 1.45 for _text, size, _colour, _bold in lines) * unit
        top = room.center().y() - height / 2
        for text, size, colour, bold in lines:
            line = QRectF(room.left() + room.width() * 0.52, top, room.width() * 0.48, size * 1.45 * unit)
            paint_line(painter, self.side(line), text, size * unit, colour, bold=bold)
            top += line.height()


class OthersPanel(Panel):
    """The calls before the latest: side by side, number and room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.calls: tuple[CallRow, ...] = ()

    def show_calls(self, calls: Sequence[CallRow]) -> None:
        """Show these calls."""
        _ = self.language.gettext
        self.calls = tuple(calls[:MOST_OTHERS])
        self.setAccessibleName("; ".join(f"{call.queue_number}, {self.where(call)}" for call in self.calls) or _("No other calls"))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        palette, unit = current(), self.unit
        painter = QPainter(self)
        width = (self.width() - 2 * (MOST_OTHERS - 1) * unit) / MOST_OTHERS
        for place, call in enumerate(self.calls):
            cell = self.side(QRectF(place * (width + 2 * unit), 0, width, self.height()))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(palette.surface))
            painter.drawRoundedRect(cell, 2 * unit, 2 * unit)
            inner = cell.adjusted(2 * unit, unit, -2 * unit, -unit)
            upper = QRectF(inner.left(), inner.top(), inner.width(), inner.height() * 0.6)
            lower = QRectF(inner.left(), upper.bottom(), inner.width(), inner.height() * 0.4)
            paint_line(painter, upper, str(call.queue_number), 10 * unit, palette.text, bold=True)
            paint_line(painter, lower, self.where(call), 5 * unit, palette.muted)


class NextPanel(Panel):
    """Who is next."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.calls: tuple[CallRow, ...] = ()
        self._widest = 0.0

    def show_calls(self, calls: Sequence[CallRow]) -> None:
        """Show the first five."""
        _ = self.language.gettext
        self.calls = tuple(calls[:MOST_NEXT])
        self.setAccessibleName(_("Next: {numbers}").format(numbers=", ".join(str(call.queue_number) for call in self.calls)))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        _ = self.language.gettext
        palette, unit = current(), self.unit
        painter = QPainter(self)
        self.card(painter, QColor(palette.surface))
        room = QRectF(self.rect()).adjusted(4 * unit, 3 * unit, -4 * unit, -2 * unit)
        heading = QRectF(room.left(), room.top(), room.width(), 6 * unit)
        paint_line(painter, self.side(heading), _("Next"), 5 * unit, palette.muted)
        rest = room.adjusted(0, 8 * unit, 0, 0)
        if not self.calls:
            paint_line(painter, rest, _("Nobody is waiting."), 4.5 * unit, palette.muted, align=Qt.AlignmentFlag.AlignCenter)
        measure = QFontMetricsF(letters(10 * unit, bold=True))
        self._widest = max((measure.horizontalAdvance(str(call.queue_number)) for call in self.calls), default=0.0)
        height = rest.height() / MOST_NEXT
        for place, call in enumerate(self.calls):
            self._paint_row(painter, QRectF(rest.left(), rest.top() + place * height, rest.width(), height), call, is_first=place == 0)

    def _paint_row(self, painter: QPainter, row: QRectF, call: CallRow, *, is_first: bool) -> None:
        palette, unit = current(), self.unit
        if not is_first:
            painter.fillRect(QRectF(row.left(), row.top(), row.width(), max(unit / 5, 1)), QColor(palette.border))
        width = self._widest + unit
        number = self.side(QRectF(row.left(), row.top(), width, row.height()))
        paint_line(painter, number, str(call.queue_number), 10 * unit, palette.text, bold=True)
        words = row.adjusted(width + 2 * unit, 0.8 * unit, 0, -0.8 * unit)
        if call.name is None:
            paint_line(painter, self.side(words), call.doctor_name or call.service_room or "", 4.5 * unit, palette.muted)
            return
        upper = QRectF(words.left(), words.top(), words.width(), words.height() * 0.55)
        lower = QRectF(words.left(), upper.bottom(), words.width(), words.height() * 0.45)
        paint_line(painter, self.side(upper), call.name, 5 * unit, palette.text)
        paint_line(painter, self.side(lower), call.doctor_name or call.service_room or "", 3.6 * unit, palette.muted)


class HeadPanel(Panel):
    """The clinic's name, the date and the time."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = self._day = self._time = ""

    @property
    def time(self) -> str:
        """What the clock shows."""
        return self._time

    def show_moment(self, name: str, day: str, time: str) -> None:
        """Show the clinic and the moment."""
        if (name, day, time) != (self._name, self._day, self._time):
            self._name, self._day, self._time = name, day, time
            self.setAccessibleName(f"{name}, {day}, {time}")
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        palette, unit = current(), self.unit
        painter = QPainter(self)
        clock = QFontMetricsF(letters(8 * unit, bold=True)).horizontalAdvance(self._time) + 2 * unit
        end = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        whole = QRectF(self.rect())
        time = QRectF(whole.right() - clock, 0, clock, whole.height())
        day = QRectF(whole.width() * 0.45, 0, whole.width() * 0.55 - clock - 3 * unit, whole.height())
        paint_line(painter, self.side(time), self._time, 8 * unit, palette.text, bold=True, align=end)
        paint_line(painter, self.side(day), self._day, 4.5 * unit, palette.muted, align=end)
        name = QRectF(0, 0, whole.width() * 0.45, whole.height())
        paint_line(painter, self.side(name), self._name, 5 * unit, palette.text, bold=True)


class TickerPanel(Panel):
    """A message: it stands when it fits, else it runs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = ""
        self._offset = 0.0
        self._frames = QTimer(self, interval=_FRAME_MS)
        self._frames.timeout.connect(self._move)

    def show_text(self, text: str) -> None:
        """Show a message; none hides the strip."""
        _ = self.language.gettext
        self.text = " ".join(text.split())
        self.setAccessibleName(self.text or _("No message"))
        self.setVisible(bool(self.text))
        self._settle()

    def resizeEvent(self, event: object) -> None:  # noqa: N802
        self._settle()

    @property
    def is_running(self) -> bool:
        """Whether the message is too long to stand."""
        return self._frames.isActive()

    def _length(self) -> float:
        return QFontMetricsF(letters(4.8 * self.unit)).horizontalAdvance(self.text)

    def _settle(self) -> None:
        if self.text and self.isVisible() and self._length() > self.width() - 6 * self.unit:
            self._frames.start()
        else:
            self._frames.stop()
            self._offset = 0.0
        self.update()

    def _move(self) -> None:
        self._offset = (self._offset + _STEP) % (self._length() + self.width())
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        palette, unit = current(), self.unit
        painter = QPainter(self)
        self.card(painter, QColor(palette.accent_soft))
        room = QRect(self.rect())
        if not self.is_running:
            paint_line(painter, QRectF(room), self.text, 4.8 * unit, palette.on_accent_soft, align=Qt.AlignmentFlag.AlignCenter)
            return
        length = self._length()
        is_rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = self._offset - length if is_rtl else room.width() - self._offset
        line = QRectF(left, 0, length + 2, room.height())
        paint_line(painter, line, self.text, 4.8 * unit, palette.on_accent_soft)
