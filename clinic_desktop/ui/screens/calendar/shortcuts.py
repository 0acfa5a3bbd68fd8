"""The keys of the calendar, for the key map, too; letters are letters in the search box."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screens.calendar.bar import View
from clinic_desktop.ui.widgets import keyed

if TYPE_CHECKING:
    from clinic_desktop.ui.screens.calendar.screen import CalendarScreen


def wire_keys(screen: CalendarScreen) -> None:
    """Give the screen its keys."""
    keyed(screen.next_free, "Ctrl+N")
    for keys, does, act in (
        ("T", _("Today"), lambda: screen.go_to(screen.desk.today())),
        ("PgDown", _("Next day or week"), lambda: screen.step(1)),
        ("PgUp", _("Day or week before"), lambda: screen.step(-1)),
        ("D", _("Day of all doctors"), lambda: screen.choose_view(View.DAY)),
        ("W", _("Week of one doctor"), lambda: screen.choose_view(View.WEEK)),
        ("A", _("Week of the clinic"), lambda: screen.choose_view(View.CLINIC)),
        ("G", _("Go to a day"), screen.ask_day),
        ("N", _("Next free place"), screen.seeker.next_free),
        ("M", _("Take an appointment up; arrows carry it, Enter lets go"), screen.pages.pick_up),
        ("L", _("Change how long it takes, or draw a new one; arrows, then Enter"), screen.grid.pick_up_edge),
        ("Ctrl++", _("Nearer"), lambda: screen.grid.zoom(1)),
        ("Ctrl+-", _("Further away"), lambda: screen.grid.zoom(-1)),
    ):
        _key(screen.pages, keys, does, act)
    for keys, does in (("C", _("Confirm")), ("F4", _("Check in")), ("F9", _("Did not come")), ("F10", _("Cancel…"))):
        _key(screen.pages, keys, does, lambda keys=keys: screen.acts.by_key(screen.pages.current, keys))  # type: ignore[misc]
    find = QShortcut(QKeySequence("Ctrl+F"), screen)
    find.setWhatsThis(_("Find in the calendar"))
    find.activated.connect(screen.search.setFocus)


def _key(within: QWidget, keys: str, does: str, act: Callable[[], object]) -> None:
    shortcut = QShortcut(QKeySequence(keys), within)
    shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    shortcut.setWhatsThis(does)
    shortcut.activated.connect(act)
