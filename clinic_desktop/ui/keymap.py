"""F1: the keys that work on the current screen, read from its own actions, buttons and shortcuts."""

from __future__ import annotations

from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QBoxLayout, QGridLayout, QMainWindow, QWidget

from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.theme.fonts import Text, line_height, scaled
from clinic_desktop.ui.theme.tokens import GAP_8, GAP_16, GAP_24
from clinic_desktop.ui.widgets.dialogs import Dialog
from clinic_desktop.ui.widgets.text import Label

Keys = list[tuple[str, str]]
_AROUND, _WIDTH = 200, 380
"""What the title, the heading and the button of the key map take."""


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
    """Show the key map, in as many columns as the height of the screen asks for."""
    line = line_height() + GAP_8
    most = max((parent.screen().availableGeometry().height() - scaled(_AROUND)) // line, 1)
    columns = [part for heading, keys in ((title, here), (_("Everywhere"), everywhere)) for part in _columns(heading, keys, most)]
    are_beside = sum(len(keys) + 2 for _heading, keys in columns) > most
    dialog = Dialog(parent, _("Keys"), width=_WIDTH * (len(columns) if are_beside else 1))
    beside = QBoxLayout(QBoxLayout.Direction.LeftToRight if are_beside else QBoxLayout.Direction.TopToBottom)
    beside.setSpacing(2 * GAP_24 if are_beside else GAP_16)
    for heading, keys in columns:
        beside.addLayout(_listed(heading, keys))
    dialog.body.addLayout(beside)
    dialog.add_button(_("Close"), "primary", dialog.accept, default=True)
    dialog.open()
    return dialog


def _columns(heading: str, keys: Keys, most: int) -> list[tuple[str, Keys]]:
    """The keys below their heading, in columns alike that are not longer than that."""
    count = -(-len(keys) // most)
    each = -(-len(keys) // count) if count else 0
    return [(heading if place == 0 else "", keys[place * each : (place + 1) * each]) for place in range(count)]


def _listed(heading: str, keys: Keys) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(GAP_24)
    grid.setVerticalSpacing(GAP_8)
    grid.setColumnStretch(1, 1)
    grid.addWidget(Label(heading, voice=Text.STRONG), 0, 0, 1, 2)
    for line, (key, does) in enumerate(keys, 1):
        grid.addWidget(Label(key, tone="accent"), line, 0)
        grid.addWidget(Label(does), line, 1)
    for line in range(len(keys) + 1):
        grid.setRowMinimumHeight(line, line_height())  # the same beside a column in another script
    grid.setRowStretch(len(keys) + 1, 1)
    return grid
