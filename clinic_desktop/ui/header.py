"""The head of the window: search, date, clinic, and the menu of the user."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from clinic_desktop.kernel.formats import date_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.preferences import LANGUAGE_NAMES, Preferences
from clinic_desktop.ui.theme.fonts import SCALES, scaled
from clinic_desktop.ui.theme.icons import icon, icon_size
from clinic_desktop.ui.theme.tokens import GAP_8, GAP_12, GAP_24
from clinic_desktop.ui.widgets.inputs import SearchBox
from clinic_desktop.ui.widgets.text import Label, literal

APPROVING = frozenset(("billing.approve",))
"""Permissions with which one approves what somebody else does at another desk."""


class Header(QWidget):
    """Search box, date and user menu."""

    locked = Signal()
    logged_out = Signal()
    keys_wanted = Signal()
    account_wanted = Signal()
    approval_wanted = Signal()
    kiosk_wanted = Signal()

    def __init__(self, desk: Desk, preferences: Preferences, box: SearchBox, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "header")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._desk, self._preferences = desk, preferences
        self._date = Label(tone="muted")
        self.user = QToolButton()
        self.user.setText(desk.actor.name)
        self.user.setIcon(icon("user", "muted", gap=4))
        self.user.setIconSize(icon_size(gap=4))
        self.user.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.user.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.user.setAccessibleName(_("User menu of {name}").format(name=desk.actor.name))
        self.user.setMenu(self._menu())
        box.setMaximumWidth(scaled(460))
        across = QHBoxLayout(self)
        across.setContentsMargins(GAP_24, GAP_8, GAP_12, GAP_8)
        across.setSpacing(GAP_12)
        across.addWidget(box, 3)
        across.addStretch(1)
        across.addWidget(Label(desk.place.clinic_name))
        across.addWidget(self._date)
        across.addWidget(self.user)
        self._clock = QTimer(self, interval=30_000)
        self._clock.timeout.connect(self._show_date)
        self._clock.start()
        self._show_date()

    def _show_date(self) -> None:
        self._date.setText(date_text(self._desk.today(), weekday=True))

    def _menu(self) -> QMenu:
        likes = self._preferences
        menu = QMenu(self)
        themes = (("light", _("Light")), ("dark", _("Dark")), ("contrast", _("High contrast")))
        menu.addMenu(self._choices(_("Theme"), "contrast", themes, likes.theme, likes.set_theme))
        menu.addMenu(self._choices(_("Language"), "languages", LANGUAGE_NAMES.items(), likes.language, likes.set_language))
        sizes = ((str(one), f"{one} %") for one in SCALES)
        menu.addMenu(self._choices(_("Text size"), "type", sizes, str(likes.scale), lambda one: likes.set_scale(int(one))))
        menu.addAction(icon("keyboard"), _("Keys")).triggered.connect(self.keys_wanted)
        menu.addSeparator()
        menu.addAction(icon("user-cog"), _("My account")).triggered.connect(self.account_wanted)
        if APPROVING & self._desk.actor.permissions:
            menu.addAction(icon("badge-check"), _("Approve for somebody")).triggered.connect(self.approval_wanted)
        if "kiosk.open" in self._desk.actor.permissions:
            menu.addAction(icon("smartphone"), _("Open as a kiosk")).triggered.connect(self.kiosk_wanted)
        lock = menu.addAction(icon("lock"), _("Lock"))
        lock.setShortcut("Ctrl+L")
        lock.triggered.connect(self.locked)
        menu.addAction(icon("log-out"), _("Log out")).triggered.connect(self.logged_out)
        return menu

    def _choices(self, title: str, icon_name: str, options: Iterable[tuple[str, str]], now: str, choose: Callable[[str], object]) -> QMenu:
        menu = QMenu(title, self)
        menu.setIcon(icon(icon_name))
        group = QActionGroup(menu)
        for code, text in options:
            # Without a picture: it would take the place of the tick.
            action = QAction(literal(text), menu, checkable=True)
            action.setChecked(code == now)
            action.triggered.connect(lambda _on, one=code: choose(one))
            group.addAction(action)
            menu.addAction(action)
        return menu
