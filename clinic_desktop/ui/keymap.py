"""F1: the keys that work on the current screen, read from its own actions, buttons and shortcuts."""

from __future__ import annotations

from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QMainWindow, QWidget

from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.theme.fonts import Text
from clinic_desktop.ui.theme.tokens import GAP_8, GAP_24
from clinic_desktop.ui.widgets.dialogs import Dialog
from clinic_desktop.ui.widgets.text import Label

Keys = list[tuple[str, str]]


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
    dialog = Dialog(parent, _("Keys"))
    grid = QGridLayout()
    grid.setHorizontalSpacing(GAP_24)
    grid.setVerticalSpacing(GAP_8)
    grid.setColumnStretch(1, 1)
    line = 0
    for heading, keys in ((title, here), (_("Everywhere"), everywhere)):
        if keys:
            if line:
                grid.setRowMinimumHeight(line, GAP_8)
                line += 1
            grid.addWidget(Label(heading, voice=Text.STRONG), line, 0, 1, 2)
            line += 1
        for key, does in keys:
            grid.addWidget(Label(key, tone="accent"), line, 0)
            grid.addWidget(Label(does), line, 1)
            line += 1
    dialog.body.addLayout(grid)
    dialog.add_button(_("Close"), "primary", dialog.accept, default=True)
    dialog.open()
    return dialog
