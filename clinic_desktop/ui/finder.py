"""The global search: one box in the header finds everything that the actor may see, ranked, as one types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import shiboken6
from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QFrame, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from clinic_desktop.kernel.i18n import _
from clinic_desktop.kernel.text import search_form
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.hits import HIT_ROLE, HitDelegate
from clinic_desktop.ui.spec import Hit, ScreenSpec, SearchSpec
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import GAP_4, ROW_HEIGHT
from clinic_desktop.ui.widgets.inputs import SearchBox

_PER_KIND, _MOST_SHOWN = 6, 9


@dataclass(frozen=True, slots=True)
class Found:
    """One line of the popup: a hit, or a heading when ``hit`` is None."""

    title: str
    detail: str
    icon: str
    screen: str
    hit: Hit | None


class Finder(QObject):
    """The search box and its popup of results."""

    missed = Signal(str)

    def __init__(self, desk: Desk, screens: Sequence[ScreenSpec], searches: Sequence[SearchSpec], window: QWidget) -> None:
        super().__init__(window)
        self.desk, self._screens, self._searches, self._window = desk, screens, searches, window
        self.box = SearchBox(_("Search everything"), placeholder=_("Search or scan    Ctrl+K"))
        self.popup = QFrame(window)
        self.popup.setProperty("role", "popup")
        self.popup.hide()
        self.list = QListWidget()
        self.list.setAccessibleName(_("Search results"))
        self.list.setItemDelegate(HitDelegate(self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QVBoxLayout(self.popup)
        inside.setContentsMargins(GAP_4, GAP_4, GAP_4, GAP_4)
        inside.addWidget(self.list)
        self.box.textEdited.connect(self._search)
        self.box.down.connect(lambda: self._step(1))
        self.box.up.connect(lambda: self._step(-1))
        self.box.chosen.connect(self._choose_current)
        self.list.itemClicked.connect(self._choose)
        self.box.textChanged.connect(lambda text: self.popup.hide() if not text else None)
        self.box.installEventFilter(self)
        self._answered_for, self._takes_first = "", False
        self._before: QWidget | None = None

    def start(self, text: str = "") -> None:
        """Put the cursor into the box, perhaps with a text to look for."""
        here = QApplication.focusWidget()
        self._before = here if here is not self.box else self._before
        self.box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.box.selectAll()
        if text:
            self.box.setText(text)
            self._search(text)

    def look_up(self, code: str) -> None:
        """Open what a scanned code belongs to."""
        specs = [s for s in self._searches if code.startswith(s.prefixes) and s.prefixes] or list(self._searches)
        specs = [s for s in specs if s.is_for(self.desk.actor)]
        self.desk.work.read(
            self,
            _find_all,
            latest="scan",
            then=lambda found: self._open_scanned(code, found),
            specs=specs,
            text=code,
            clinic_id=self.desk.clinic_id,
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if watched is self.box and event.type() == QEvent.Type.FocusOut:
            QTimer.singleShot(0, self, self._leave)
        elif watched is self.box and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() == QEvent.Type.KeyPress:
                self._give_up()
            event.accept()
            return True
        return super().eventFilter(watched, event)

    def _leave(self) -> None:
        if not self.box.hasFocus():
            self.popup.hide()

    def _give_up(self) -> None:
        """Esc: back to where the hands were."""
        self.box.clear()
        self.popup.hide()
        if self._before is not None and shiboken6.isValid(self._before) and self._before.isVisible():
            self._before.setFocus()

    def _search(self, text: str) -> None:
        self._answered_for, self._takes_first = "", False
        if not text.strip():
            self.popup.hide()
            return
        self.desk.work.read(
            self,
            _find_all,
            latest="search",
            then=lambda found: self._show(text, found),
            specs=[s for s in self._searches if s.is_for(self.desk.actor)],
            text=text,
            clinic_id=self.desk.clinic_id,
        )

    def _show(self, text: str, found: list[tuple[SearchSpec, list[Hit]]]) -> None:
        if self.box.text() != text:
            return
        self._answered_for = text
        lines: list[Found] = []
        for spec, hits in found:
            if hits:
                lines.append(Found(_(spec.title), "", spec.icon, spec.screen, None))
                lines += [Found(hit.title, hit.detail, spec.icon, spec.screen, hit) for hit in hits]
        places = [s for s in self._screens if search_form(text) in search_form(_(s.title))]
        if places:
            lines.append(Found(_("Go to"), "", "arrow-right", "", None))
            lines += [Found(_(s.title), "", s.icon, s.code, Hit(_(s.title), "", s.code)) for s in places]
        self._fill(lines or [Found(_("Nothing found"), "", "search", "", None)])
        if self._takes_first:
            self._choose_current()

    def _fill(self, lines: list[Found]) -> None:
        self.list.clear()
        for one in lines:
            item = QListWidgetItem(f"{one.title}, {one.detail}" if one.detail else one.title)
            item.setData(HIT_ROLE, one)
            if one.hit is None:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addItem(item)
        self.list.setCurrentRow(-1)
        self._step(1)
        at = self.box.mapTo(self._window, QPoint(0, self.box.height() + GAP_4))
        rows = min(len(lines), _MOST_SHOWN)
        self.popup.setGeometry(at.x(), at.y(), self.box.width(), rows * scaled(ROW_HEIGHT) + 4 * GAP_4)
        self.popup.show()
        self.popup.raise_()

    def _step(self, by: int) -> None:
        place = self.list.currentRow() + by
        while 0 <= place < self.list.count():
            if self.list.item(place).flags() & Qt.ItemFlag.ItemIsSelectable:
                self.list.setCurrentRow(place)
                return
            place += by

    def _choose_current(self) -> None:
        """Enter: the marked hit; before the answer is there, the first one of it."""
        item, text = self.list.currentItem(), self.box.text()
        if self._answered_for != text:
            self._takes_first = bool(text.strip())
        elif self.popup.isVisible() and item is not None:
            self._choose(item)

    def _choose(self, item: QListWidgetItem) -> None:
        found: Found = item.data(HIT_ROLE)
        if found.hit is not None:
            self.box.clear()
            self.popup.hide()
            self.desk.open(found.screen, **found.hit.open)

    def _open_scanned(self, code: str, found: list[tuple[SearchSpec, list[Hit]]]) -> None:
        for spec, hits in found:
            if hits:
                self.desk.open(spec.screen, **hits[0].open)
                return
        self.missed.emit(code)


def _find_all(session: Any, *, specs: Sequence[SearchSpec], text: str, clinic_id: Any) -> list[tuple[SearchSpec, list[Hit]]]:
    """Ask every kind in one read; importing what finds happens here, off the UI thread."""
    return [(spec, spec.query()(session, text=text, clinic_id=clinic_id, limit=_PER_KIND)) for spec in specs]
