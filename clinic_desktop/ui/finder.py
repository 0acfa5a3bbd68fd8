"""The global search: one box in the header finds everything that the actor may see, ranked, as one types."""

from __future__ import annotations

from collections.abc import Sequence

import shiboken6
from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QFrame, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.card_warning import heeded
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.finding import Answer, Found, find_all, latest_lines, lines_of, meant_verbs
from clinic_desktop.ui.hits import HIT_ROLE, HitDelegate
from clinic_desktop.ui.named import Named
from clinic_desktop.ui.screens import verbs
from clinic_desktop.ui.spec import ScreenSpec, SearchSpec
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import GAP_4, ROW_HEIGHT
from clinic_desktop.ui.widgets.inputs import SearchBox

_MOST_SHOWN, _MOST_KEPT = 12, 8
_LEAST_WIDTH = 680


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
        codes = {one.code for one in screens}
        self._verbs = [one for one in verbs() if one.screen in codes and one.is_for(desk.actor)]
        self._latest: list[Found] = []
        self._named = Named()

    def start(self, text: str = "") -> None:
        """Put the cursor into the box, perhaps with a text to look for."""
        here = QApplication.focusWidget()
        self._before = here if here is not self.box else self._before
        self.box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.box.selectAll()
        if text:
            self.box.setText(text)
        self._search(self.box.text())

    def look_up(self, code: str) -> None:
        """Open what a scanned code belongs to."""
        specs = [s for s in self._searches if code.startswith(s.prefixes) and s.prefixes] or list(self._searches)
        specs = [s for s in specs if s.is_for(self.desk.actor)]
        self.desk.work.read(
            self,
            find_all,
            latest="scan",
            then=lambda answer: self._open_scanned(code, answer),
            specs=specs,
            text=code,
            clinic_id=self.desk.clinic_id,
            today=self.desk.today(),
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
            self._show_latest()
            return
        self.desk.work.read(
            self,
            find_all,
            latest="search",
            then=lambda answer: self._show(text, answer),
            specs=[s for s in self._searches if s.is_for(self.desk.actor)],
            text=text,
            clinic_id=self.desk.clinic_id,
            today=self.desk.today(),
            actor=self.desk.actor,
            now=self.desk.now(),
            named=self._named,
            verbs=meant_verbs(text, self._verbs),
        )

    def _show_latest(self) -> None:
        lines = latest_lines(self._latest)
        if lines and self.box.hasFocus():
            self._fill(lines)
        else:
            self.popup.hide()

    def _show(self, text: str, answer: Answer) -> None:
        if self.box.text() != text:
            return
        self._answered_for = text
        lines = lines_of(text, answer, meant_verbs(text, self._verbs), self._screens)
        self._fill(lines or [Found(_("Nothing found"), "", "search", "", None)])
        if self._takes_first:
            self._choose_current()

    def _fill(self, lines: list[Found]) -> None:
        self.list.clear()
        for one in lines:
            item = QListWidgetItem(one.said)
            item.setData(HIT_ROLE, one)
            if one.hit is None:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addItem(item)
        self.list.setCurrentRow(-1)
        self._step(1)
        rows = min(len(lines), _MOST_SHOWN)
        width = min(max(self.box.width(), scaled(_LEAST_WIDTH)), self._window.width())
        # It begins where the box does: in a right-to-left language that is the right edge.
        start = self.box.width() - width if self.box.isRightToLeft() else 0
        at = self.box.mapTo(self._window, QPoint(start, self.box.height() + GAP_4))
        self.popup.setGeometry(at.x(), at.y(), width, rows * scaled(ROW_HEIGHT) + 4 * GAP_4)
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
        if self._answered_for != text and text.strip():
            self._takes_first = True
        elif self.popup.isVisible() and item is not None:
            self._choose(item)

    def _choose(self, item: QListWidgetItem) -> None:
        found: Found = item.data(HIT_ROLE)
        if found.hit is not None:
            self.box.clear()
            self.popup.hide()
            self._open(found)

    def _open(self, found: Found) -> None:
        hit = found.hit
        if hit is not None:
            self._keep(found)
            heeded(self._window, hit.warning, lambda: self.desk.open(found.screen, **hit.open))

    def _keep(self, found: Found) -> None:
        """Opened last; of pages and of what was typed there is nothing to come back to. Never on disk: they name patients."""
        if found.hit is not None and found.hit.open and "text" not in found.hit.open:
            others = [one for one in self._latest if (one.screen, one.hit) != (found.screen, found.hit)]
            self._latest = [found, *others][:_MOST_KEPT]

    def _open_scanned(self, code: str, answer: Answer) -> None:
        for spec, hits in answer.by_kind:
            if hits:
                self._open(Found(hits[0].title, hits[0].detail, spec.icon, spec.screen, hits[0]))
                return
        self.missed.emit(code)
