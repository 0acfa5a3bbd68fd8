"""The foot of the window: who, where, on which database; how sync stands, what is not sent yet, and what waits for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from clinic_desktop.clinic.reconciling.events import ConflictDecided, ConflictFound
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.keeping import keeping_of
from clinic_desktop.ui.late import late
from clinic_desktop.ui.sync_words import ago, headline, trouble
from clinic_desktop.ui.syncing import SyncState, syncing_of
from clinic_desktop.ui.theme.icons import pixmap
from clinic_desktop.ui.theme.tokens import GAP_4, GAP_8, GAP_12, GAP_24
from clinic_desktop.ui.widgets.text import ElidedLabel, plain_tooltip

if TYPE_CHECKING:
    from clinic_desktop.sync.overview import Counts

_EVERY_MS = 30_000
"""How often the time since the last sync is worded anew."""
_COUNTS = late("clinic_desktop.sync.overview:counts")


class _Item(QWidget):
    """A picture and a word; ``clicked`` where there is more to know."""

    clicked = Signal()

    def __init__(self, name: str, icon_name: str, *, opens: bool = False) -> None:
        super().__init__()
        self._name = name
        self._picture = QLabel()  # picture only
        self._text = ElidedLabel(tone="muted")
        self._opens = opens
        if opens:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(GAP_4 + 2)
        across.addWidget(self._picture)
        across.addWidget(self._text)
        self.show_item("", icon_name)

    @property
    def text(self) -> str:
        return self._text.text()

    def show_item(self, text: str, icon_name: str, *, needs_attention: bool = False, tip: str = "") -> None:
        colour = "on_warn" if needs_attention else "muted"
        self._picture.setPixmap(pixmap(icon_name, colour, size=14, ratio=self.devicePixelRatioF()))
        self._text.set_tone("warn" if needs_attention else "muted")
        self._text.setText(text)
        self.setAccessibleName(f"{self._name}: {text}")
        self.setToolTip(plain_tooltip(tip or self._name))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if self._opens and event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()
        else:
            super().mouseReleaseEvent(event)


class StatusLine(QWidget):
    """The status bar; ``sync_wanted`` when somebody asks for more about sync."""

    sync_wanted = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "status")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._desk, self._zone = desk, desk.place.timezone
        self._syncing, self._is_reachable = syncing_of(desk.work), True
        self.user = _Item(_("User"), "user")
        self.site = _Item(_("Site"), "map-pin")
        self.database = _Item(_("Database"), "database")
        self.trouble = _Item(_("Needs attention"), "triangle-alert")
        self.trouble.hide()
        self.reach = _Item(_("Connection"), "wifi", opens=True)
        self.sync = _Item(_("Last sync"), "refresh-cw", opens=True)
        self.unsent = _Item(_("Not sent yet"), "upload", opens=True)
        self.conflicts = _Item(_("To decide"), "triangle-alert", opens=True)
        self.parked = _Item(_("Set aside"), "inbox", opens=True)
        self._lay_out()
        self.user.show_item(desk.actor.name, "user")
        self.site.show_item(desk.place.clinic_name, "map-pin")
        self._is_local = desk.work.db.address.file is not None
        keeping = keeping_of(desk.work)
        self._is_copy = keeping is not None and keeping.state.at_work is not None
        here = _("This computer\u2019s copy") if self._is_copy else _("This computer")
        self.database.show_item(here if self._is_local else _("Clinic server"), "database")
        self._wire()

    def _lay_out(self) -> None:
        across = QHBoxLayout(self)
        across.setContentsMargins(GAP_12, GAP_4, GAP_12, GAP_4)
        across.setSpacing(GAP_24)
        for item in (self.user, self.site, self.database):
            across.addWidget(item)
        across.addWidget(self.trouble, 1)
        across.addStretch(1)
        for item in (self.conflicts, self.parked):
            item.hide()
            across.addWidget(item)
        for item in (self.reach, self.sync, self.unsent):
            across.addWidget(item)
        across.addSpacing(GAP_8)

    def _wire(self) -> None:
        for item in (self.reach, self.sync, self.unsent, self.conflicts, self.parked):
            item.clicked.connect(self.sync_wanted)
        self._desk.work.reachable.connect(self.show_reach)
        self._state = SyncState() if self._syncing is None else self._syncing.state
        self.show_state(self._state)
        self._clock = QTimer(self, interval=_EVERY_MS)
        self._clock.timeout.connect(lambda: self.show_state(self._state))
        if self._syncing is not None:
            self._syncing.changed.connect(self.show_state)
            self._syncing.look()  # a server's data key is at hand since somebody has logged in
            self._clock.start()
            self._count()
            self._desk.work.on(self, ConflictFound, ConflictDecided, then=lambda _events: self._count())

    def show_reach(self, reachable: bool) -> None:
        """Show whether the database answers."""
        self._is_reachable = reachable
        self.show_state(self._state)

    def show_trouble(self, text: str) -> None:
        """Show what the program's own work could not do, such as a backup; nothing takes it away."""
        self.trouble.show_item(text, "triangle-alert")
        self.trouble.setVisible(bool(text))

    def show_state(self, state: SyncState) -> None:
        """Show when data was last exchanged with the other sites, and how many changes wait."""
        was, self._state = self._state, state
        told, phase = headline(state), state.phase
        if not self._is_reachable or (self._is_copy and not (phase is not None and phase.is_online)):
            self.reach.show_item(_("Server does not answer"), "wifi-off")
        elif state.is_alone:
            self.reach.show_item(_("Works offline") if self._is_local else _("Connected"), "cloud-off" if self._is_local else "wifi")
        else:
            self.reach.show_item(told.text, told.icon, needs_attention=told.needs_attention, tip=trouble(state))
        self._show_numbers(state, was)

    def _show_numbers(self, state: SyncState, was: SyncState) -> None:
        phase = state.phase
        last = None if phase is None else phase.last_synced_at
        never = _("Standalone") if state.is_alone else _("Never synced")
        self.sync.show_item(never if last is None else ago(last, self._desk.now(), self._zone), "refresh-cw")
        self.unsent.show_item(_("Unsent: {n}").format(n=0 if phase is None else phase.unsent), "upload")
        if phase is not None and not phase.is_working and phase is not was.phase:
            self._count()

    def _count(self) -> None:
        work = self._desk.work
        if work.actor is not None and self._syncing is not None:
            work.read(self, _COUNTS, latest="counts", then=self._show_counts, failed=lambda _error: None, now=self._desk.now())

    def _show_counts(self, found: Counts) -> None:
        for item, text, icon_name, count in (
            (self.conflicts, _("To decide: {n}"), "triangle-alert", found.conflicts),
            (self.parked, _("Set aside: {n}"), "inbox", found.parked),
        ):
            item.show_item(text.format(n=count), icon_name, needs_attention=True)
            item.setVisible(count > 0)
