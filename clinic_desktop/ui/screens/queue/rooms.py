"""What is in the rooms now: a card for each patient who was called or is with a doctor."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QScrollArea, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.clinical import commands as clinical
from clinic_desktop.clinic.frontdesk import commands
from clinic_desktop.clinic.frontdesk.queries import VisitRow
from clinic_desktop.clinic.frontdesk.rules import VisitStatus
from clinic_desktop.kernel.i18n import _, ngettext
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screens.reception.words import TONES
from clinic_desktop.ui.theme.fonts import Text, scaled
from clinic_desktop.ui.theme.icons import icon
from clinic_desktop.ui.theme.tokens import GAP_4, GAP_8, GAP_12, GAP_16, Tone
from clinic_desktop.ui.widgets import BusyButton, Button, Chip, ElidedLabel, Label, keyed, row

_WIDTH, _HEIGHT = 366, 132
_HEAD, _LINE = 28, 22
"""Heights of a card's two lines: names in several scripts stand on one level from card to card."""


def since_text(visit: VisitRow, now: datetime) -> str:
    """How long ago the patient was called or went in."""
    if visit.held_at is not None:
        return _("for {n} min").format(n=max(int((now - visit.held_at).total_seconds() // 60), 0))
    if visit.status is VisitStatus.IN_PROGRESS and visit.start_time is not None:
        return _("for {n} min").format(n=max(int((now - visit.start_time).total_seconds() // 60), 0))
    minutes = max(int((now - visit.called_at).total_seconds() // 60), 0) if visit.called_at is not None else 0
    calls = visit.call_count or 1
    if calls == 1:
        return _("called {minutes} min ago").format(minutes=minutes)
    return ngettext("called {n} time, {minutes} min ago", "called {n} times, {minutes} min ago", calls).format(n=calls, minutes=minutes)


def where_text(visit: VisitRow) -> str:
    """Where the patient is, or why not there; and with whom."""
    room = visit.room or ""
    if visit.held_at is not None:
        room = " · ".join(part for part in (visit.hold_reason, visit.service_room) if part)
    elif visit.room and visit.service_room is None:
        room = _("Room {room}").format(room=visit.room)
    return " · ".join(part for part in (room, visit.doctor_name) if part)


class RoomCard(QFrame):
    """One patient in or on the way to a room."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(scaled(_WIDTH))
        self.visit: VisitRow | None = None
        self._number = Label(voice=Text.FIGURE, tone="accent")
        self._name = ElidedLabel(voice=Text.STRONG)
        self._where = ElidedLabel(tone="muted")
        self._since = ElidedLabel(tone="muted")
        self._status = Chip("", Tone.INFO)
        self._same_name = Chip(_("Same name"), Tone.WARN)
        self.recall = BusyButton(_("Recall"), icon_name="volume-2", role=None)
        self.skip = BusyButton(_("Skip"), icon_name="skip-forward", role=None)
        self.start = BusyButton(_("Start"), icon_name="play", role=None)
        self.back = BusyButton(_("Finish"), icon_name="check", role=None)
        self.resume = BusyButton(_("Resume"), icon_name="undo-2", role=None)
        self.open = Button(_("Open"), icon_name="stethoscope")
        self.more = QToolButton()
        self._may = {
            self.recall: desk.may(commands.recall),
            self.skip: desk.may(commands.skip),
            self.start: desk.may(commands.start_consultation),
            self.open: desk.may(clinical.save_consultation),
            self.resume: desk.may(commands.resume),
            self.back: desk.may(commands.send_back),
        }
        self._lay_out()

    def _lay_out(self) -> None:
        self.more.setIcon(icon("ellipsis", "muted"))
        self.more.setAccessibleName(_("More"))
        self.more.setToolTip(_("Transfer, vital signs, left"))
        for label, height in ((self._number, _HEAD), (self._name, _HEAD), (self._where, _LINE), (self._since, _LINE)):
            label.setFixedHeight(scaled(height))
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP_16, GAP_8, GAP_12, GAP_12)
        column.setSpacing(GAP_4)
        head = row(self._number, self._name, self._same_name, self._status, fill=True)
        head.setStretch(1, 1)
        column.addLayout(head)
        below = row(self._where, self._since, fill=True)
        below.setStretch(0, 1)
        self._since.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        column.addLayout(below)
        column.addStretch(1)
        column.addLayout(row(self.recall, self.skip, self.start, self.back, self.open, self.resume, self.more, stretch_at=6, gap=GAP_8))

    @property
    def parts(self) -> tuple[QWidget, ...]:
        """What stands on the card's two lines."""
        return self._number, self._name, self._where, self._since

    def show_visit(self, visit: VisitRow, now: datetime, *, same_name: bool, is_current: bool) -> None:
        """Show this visit; the keys act on the card of the latest call, and of who is on hold the longest."""
        self.visit = visit
        called, held = visit.status is VisitStatus.CALLED, visit.held_at is not None
        self._number.setText(str(visit.queue_number or "–"))
        self._name.setText(visit.patient_name)
        self._where.setText(where_text(visit))
        self._since.setText(since_text(visit, now))
        status = _("On hold") if held else wording.status(visit.status)
        self._status.show_status(status, Tone.WARN if called else Tone.NEUTRAL if held else TONES[visit.status])
        self._same_name.setVisible(same_name)
        self.setAccessibleName(f"{visit.queue_number}, {visit.patient_name}, {self._where.text()}, {status}")
        for button, keys, wanted in (
            (self.recall, "F9", called),
            (self.skip, "F7", called),
            (self.start, "F6", called and visit.service_room is None),
            (self.back, "F6", called and visit.service_room is not None),
            (self.open, "", not called and not held),
            (self.resume, "Shift+F3", held),
        ):
            button.setVisible(wanted and self._may[button])
            keyed(button, keys if is_current else "")
        self.more.setVisible(not held)


class RoomsStrip(QScrollArea):
    """The cards side by side; its height never changes, so that nothing below jumps."""

    recall_wanted = Signal(object)
    skip_wanted = Signal(object)
    start_wanted = Signal(object)
    back_wanted = Signal(object)
    resume_wanted = Signal(object)
    opened = Signal(object)
    menu_wanted = Signal(object, QMenu)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.cards: dict[UUID, RoomCard] = {}
        self.setAccessibleName(_("In the rooms"))
        self.setFixedHeight(scaled(_HEIGHT))
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        self._across = QHBoxLayout(inside)
        self._across.setContentsMargins(0, 0, 0, 0)
        self._across.setSpacing(GAP_12)
        self._nobody = Label(_("Nobody is in a room. Call the next patient with F8."), tone="muted")
        self._across.addWidget(self._nobody)
        self._across.addStretch(1)
        self.setWidget(inside)

    def show_rooms(self, visits: Iterable[VisitRow], same_name: frozenset[UUID], now: datetime) -> None:
        """Show these, the latest call first; cards that stay are the same widgets."""
        wanted = {visit.visit_id: visit for visit in visits}
        for gone in [visit_id for visit_id in self.cards if visit_id not in wanted]:
            card = self.cards.pop(gone)
            self._across.removeWidget(card)
            card.hide()
            card.deleteLater()
        called = next((visit for visit in wanted.values() if visit.status is VisitStatus.CALLED), None)
        held = next((visit for visit in wanted.values() if visit.held_at is not None), None)
        for place, (visit_id, visit) in enumerate(wanted.items()):
            card = self.cards.get(visit_id) or self._make(visit_id)
            if self._across.indexOf(card) != place:
                self._across.insertWidget(place, card)
            card.show_visit(visit, now, same_name=visit_id in same_name, is_current=visit in (called, held))
        self._nobody.setVisible(not wanted)

    def _make(self, visit_id: UUID) -> RoomCard:
        card = self.cards[visit_id] = RoomCard(self._desk)
        card.recall.clicked.connect(lambda: self.recall_wanted.emit(card))
        card.skip.clicked.connect(lambda: self.skip_wanted.emit(card))
        card.start.clicked.connect(lambda: self.start_wanted.emit(card))
        card.back.clicked.connect(lambda: self.back_wanted.emit(card))
        card.resume.clicked.connect(lambda: self.resume_wanted.emit(card))
        card.open.clicked.connect(lambda: self.opened.emit(card.visit))
        card.more.clicked.connect(lambda: self._show_menu(card))
        return card

    def _show_menu(self, card: RoomCard) -> None:
        menu = QMenu(card.more)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.menu_wanted.emit(card.visit, menu)
        menu.popup(card.more.mapToGlobal(card.more.rect().bottomLeft()))
