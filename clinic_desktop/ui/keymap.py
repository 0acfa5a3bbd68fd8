"""F1: the keys that work on the current screen, read from its own actions, buttons and shortcuts."""

from __future__ import annotations

from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QBoxLayout, QGridLayout, QMainWindow, QWidget

from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.theme.fonts import Text
from clinic_desktop.ui.theme.tokens import GAP_8, GAP_16, GAP_24
from clinic_desktop.ui.widgets.dialogs import Dialog
from clinic_desktop.ui.widgets.text import Label

Keys = list[tuple[str, str]]
_MOST_BELOW_EACH_OTHER = 20


def keys_of(widget: QWidget) -> Keys:
    """(keys, what they do) of a widget and all that is in it."""
    found: dict[str, str] = {}
    for action in widget.findChildren(QAction):
        _note(found, action.shortcut(), action.text())
    for button in widget.findChildren(QAbstractButton):
        if button.isVisibleTo(widget):
            _note(found, button.shortcut(), button.text() or button.accessibleName())
    for shortcut in widget.findChildren(QShortcut):
        owner = shortcut.parent()
        if not isinstance(owner, QWidget) or owner is widget or owner.isVisibleTo(widget):
            _note(found, shortcut.key(), shortcut.whatsThis())
    return list(found.items())


def keys_above(page: QWidget) -> Keys:
    """The keys of what stands above a page in its window."""
    window = page.window()
    above = window.menuWidget() if isinstance(window, QMainWindow) else None
    return [] if above is None else keys_of(above)


def _note(found: dict[str, str], keys: QKeySequence, does: str) -> None:
    if not keys.isEmpty() and does:
        found.setdefault(keys.toString(QKeySequence.SequenceFormat.NativeText), does.replace("&", ""))


def show_keys(parent: QWidget, title: str, here: Keys, everywhere: Keys) -> Dialog:
    """Show the key map."""
    parts = [(heading, keys) for heading, keys in ((title, here), (_("Everywhere"), everywhere)) if keys]
    # Below each other they would be higher than a small screen.
    is_long = len(here) + len(everywhere) > _MOST_BELOW_EACH_OTHER
    dialog = Dialog(parent, _("Keys"), width=880 if is_long else 440)
    beside = QBoxLayout(QBoxLayout.Direction.LeftToRight if is_long else QBoxLayout.Direction.TopToBottom)
    beside.setSpacing(2 * GAP_24 if is_long else GAP_16)
    for heading, keys in parts:
        beside.addLayout(_listed(heading, keys))
    dialog.body.addLayout(beside)
    dialog.add_button(_("Close"), "primary", dialog.accept, default=True)
    dialog.open()
    return dialog


def _listed(heading: str, keys: Keys) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(GAP_24)
    grid.setVerticalSpacing(GAP_8)
    grid.setColumnStretch(1, 1)
    grid.addWidget(Label(heading, voice=Text.STRONG), 0, 0, 1, 2)
    for line, (key, does) in enumerate(keys, 1):
        grid.addWidget(Label(key, tone="accent"), line, 0)
        grid.addWidget(Label(does), line, 1)
    grid.setRowStretch(len(keys) + 1, 1)
    return grid
