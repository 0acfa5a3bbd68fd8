"""The frame around the screens: rail, header, content and status line of one logged-in person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop.clinic.organisation.events import NumberFormatChanged
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.area import AreaIndex, by_group
from clinic_desktop.ui.badges import Badges
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.drafts import Drafts
from clinic_desktop.ui.finder import Finder
from clinic_desktop.ui.header import Header
from clinic_desktop.ui.keeping import keeping_of
from clinic_desktop.ui.keymap import Keys, keys_above, keys_of, show_keys
from clinic_desktop.ui.late import late, load
from clinic_desktop.ui.numbers import learn
from clinic_desktop.ui.preferences import Preferences
from clinic_desktop.ui.rail import Rail
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.spec import AREAS, ScreenSpec, SearchSpec
from clinic_desktop.ui.statusline import StatusLine
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.unfinished import Unfinished
from clinic_desktop.ui.widgets.empty import EmptyState
from clinic_desktop.ui.widgets.layout import Pages
from clinic_desktop.ui.widgets.toast import ToastArea

NUMBER_PREFIXES = late("clinic_desktop.clinic.organisation.queries:number_prefixes")
_ROOMY = 1600
"""Below this width of the window (at the design size) an area's index leaves no room for the words of the rail."""
_PEOPLE = "clinic_desktop.ui.screens.people."


class Shell(QWidget):
    """Rail, header, screens and status line; screens are made when first opened."""

    locked = Signal()
    logged_out = Signal()
    kiosk_wanted = Signal()

    def __init__(
        self,
        desk: Desk,
        preferences: Preferences,
        drafts: Drafts,
        screens: Sequence[ScreenSpec],
        searches: Sequence[SearchSpec],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.desk, self._drafts = desk, drafts
        desk.preferences = preferences
        self._specs = {spec.code: spec for spec in screens if spec.is_for(desk.actor)}
        self.screens: dict[str, Screen] = {}
        self.unfinished = Unfinished(desk, drafts, self.screens, self)
        in_rail = [spec for spec in self._specs.values() if spec.in_rail]
        # An area of which somebody may see one screen is no area to them: the rail names the screen.
        areas = [area for area in AREAS.values() if sum(spec.area == area.code for spec in in_rail) > 1]
        listed = {area.code for area in areas}
        alone = sorted((spec for spec in in_rail if spec.area not in listed), key=lambda spec: spec.area is not None)
        self.finder = Finder(desk, in_rail, searches, self)
        self.rail = Rail(desk.place.hospital_name, [*alone, *areas])
        self.indexes = {one.code: AreaIndex(one, [spec for spec in in_rail if spec.area == one.code], self) for one in areas}
        self._opened_in: dict[str, str] = {}
        self.header = Header(desk, preferences, self.finder.box)
        self.status = StatusLine(desk)
        self.content = Pages()
        self.content.addWidget(EmptyState(_("Your role has no screens yet. An administrator can grant permissions."), icon_name="lock"))
        self.toasts = ToastArea(self)
        self._lay_out()
        self._wire()
        self._badges = Badges(desk, [spec for spec in in_rail if spec.badge], self)

    @property
    def current(self) -> Screen | None:
        """The screen that is open."""
        widget = self.content.currentWidget()
        return widget if isinstance(widget, Screen) else None

    @property
    def current_code(self) -> str | None:
        """The code of the screen that is open."""
        return next((code for code, screen in self.screens.items() if screen is self.current), None)

    def begin(self) -> None:
        """Make the screen that opens first, and open it in the next turn: both in one would hold the frame up."""
        if not self.isVisible():  # locked, or logged out
            return
        home = self._home()
        if home is not None and home.code not in self.screens:
            self._make(home)
        QTimer.singleShot(0, self, lambda: self.open_home() if self.isVisible() else None)

    def open_home(self) -> None:
        """Open where the person was, else the home of the role, else the first department."""
        home = self._home()
        if home is not None:
            self.open(home.code)
        self.unfinished.tell_what_is_back(self._specs)

    def _home(self) -> ScreenSpec | None:
        actor = self.desk.actor
        before = self._drafts.last_screen(actor.user_id)
        homes = [spec.code for spec in self._specs.values() if set(spec.home_of) & actor.roles]
        codes = (before, *homes, *(spec.code for spec in self._specs.values() if spec.in_rail))
        return next((self._specs[code] for code in codes if code in self._specs), None)

    def open(self, code: str, what: dict[str, Any] | None = None) -> None:
        """Show a screen, and in it what was asked for."""
        spec = self._specs.get(self._first_of(code) if code in self.indexes else code)
        if spec is None:
            self.toasts.show_toast(_("Your role may not open this."), Tone.WARN)
            return
        screen = self.screens.get(spec.code) or self._make(spec)
        self.content.setCurrentWidget(screen)
        self._mark(spec)
        self._drafts.remember_screen(self.desk.actor.user_id, spec.code)
        screen.setFocus()
        if what:
            screen.open(**what)

    def _first_of(self, area: str) -> str:
        """The screen of an area that was open last, else the one that it lists first."""
        index = self.indexes[area]
        return self._opened_in.get(area) or by_group(index.area, [self._specs[code] for code in index.buttons])[0][1][0].code

    def _mark(self, spec: ScreenSpec) -> None:
        """Show where the person is: in the rail, and beside the screen where its area lists it."""
        self.rail.mark(spec.area if spec.area in self.indexes else spec.code)
        for code, index in self.indexes.items():
            index.setVisible(code == spec.area)
        if spec.area in self.indexes:
            self.indexes[spec.area].mark(spec.code)
            self._opened_in[spec.area] = spec.code
        self._make_room()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        is_indexed = any(not index.isHidden() for index in self.indexes.values())
        self.rail.set_narrow(is_indexed and self.width() < scaled(_ROOMY))

    def _badge(self, code: str, count: int) -> None:
        area = self._specs[code].area if code in self._specs else None
        if area in self.indexes and code in self.indexes[area].buttons:
            self.indexes[area].set_badge(code, count)
            code, count = area, self.indexes[area].count
        if code in self.rail.buttons:
            self.rail.buttons[code].set_badge(count)

    def keep_drafts(self) -> None:
        """Keep what is typed and not saved, here and in the database."""
        self.unfinished.keep()

    def take_scan(self, code: str) -> None:
        """Give a scanned code to the open screen, else open what it belongs to; behind a dialog nothing may change."""
        if QApplication.activeModalWidget() is not None:
            QApplication.beep()  # whoever scans looks at the card, not at the screen
            said = _("A code was scanned, but nothing was done with it. Close this window first, then scan again.")
            self.toasts.show_toast(said, Tone.WARN)
        elif self.current is None or not self.current.scanned(code):
            self.finder.look_up(code)

    def _make(self, spec: ScreenSpec) -> Screen:
        screen = self._build(spec)
        if not self.unfinished.put_back(spec, screen):
            self.content.removeWidget(screen)
            screen.deleteLater()
            screen = self._build(spec)
        return screen

    def _build(self, spec: ScreenSpec) -> Screen:
        screen = spec.build(self.desk, self.content)
        self.screens[spec.code] = screen
        self.content.addWidget(screen)
        return screen

    def _lay_out(self) -> None:
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.header)
        below = QHBoxLayout()
        below.setSpacing(0)
        for index in self.indexes.values():
            index.hide()
            below.addWidget(index)
        below.addWidget(self.content, 1)
        right.addLayout(below, 1)
        above = QHBoxLayout()
        above.setSpacing(0)
        above.addWidget(self.rail)
        above.addLayout(right, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(above, 1)
        whole.addWidget(self.status)

    def _learn_prefixes(self) -> None:
        self.desk.work.read(self, NUMBER_PREFIXES, latest="prefixes", then=learn)

    def _wire(self) -> None:
        self._learn_prefixes()
        self.desk.work.on(self, NumberFormatChanged, then=lambda _events: self._learn_prefixes())
        self.desk.opened.connect(self.open)
        self.desk.toasted.connect(lambda text, tone, undo: self.toasts.show_toast(text, tone, undo))
        self.desk.badged.connect(self._badge)
        self.desk.locked.connect(self.locked)
        self.rail.chosen.connect(self.open)
        for index in self.indexes.values():
            index.chosen.connect(self.open)
        self.header.locked.connect(self.locked)
        self.header.logged_out.connect(self.logged_out)
        self.header.kiosk_wanted.connect(self.kiosk_wanted)
        self.header.keys_wanted.connect(self.show_keys)
        self.header.account_wanted.connect(lambda: load(_PEOPLE + "account:AccountDialog")(self.desk, self).open())
        self.header.approval_wanted.connect(lambda: load(_PEOPLE + "approving:ApproveDialog")(self.desk, self).open())
        self.finder.missed.connect(lambda code: self.toasts.show_toast(_("Nothing belongs to {code}.").format(code=code), Tone.WARN))
        self._key("Ctrl+K", _("Search or scan"), self.finder.start)
        self._key("F1", _("Show the keys"), self.show_keys)
        self._key("Ctrl+Shift+Y", _("Sync with the other sites"), self.show_sync)
        self.status.sync_wanted.connect(self.show_sync)
        for place, code in enumerate(list(self.rail.buttons)[:9], start=1):
            self._key(f"Alt+{place}", self.rail.buttons[code].text(), partial(self.open, code))

    def _key(self, keys: str, does: str, action: Callable[[], object]) -> None:
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.setWhatsThis(does)
        shortcut.activated.connect(lambda: action())

    def show_sync(self) -> None:
        """Show how sync stands: of the copy, where that has taken the server's place."""
        keeping = keeping_of(self.desk.work)
        if keeping is not None and keeping.state.at_work is not None:
            load("clinic_desktop.ui.screens.reconcile.copy:CopyDialog")(self.desk, self, keeping).open()
        else:
            load("clinic_desktop.ui.screens.reconcile.status:SyncDialog")(self.desk, self).open()

    def show_keys(self) -> None:
        """Show the keys of the open screen and those that work everywhere."""
        title = _(self._specs[self.current_code].title) if self.current_code else ""
        here = keys_of(self.current) if self.current is not None else []
        mine = self.findChildren(QShortcut, options=Qt.FindChildOption.FindDirectChildrenOnly)
        everywhere: Keys = [(s.key().toString(QKeySequence.SequenceFormat.NativeText), s.whatsThis()) for s in mine]
        show_keys(self, title, here, [*everywhere, *keys_of(self.header), *keys_above(self)])
