"""Questions and messages: plain text, one at a time, never a nested event loop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import shiboken6
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop import wording
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.i18n import _
from clinic_desktop.kernel.text import required_line
from clinic_desktop.ui.theme.fonts import Text, scaled
from clinic_desktop.ui.theme.tokens import GAP_8, GAP_16, GAP_24
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.choice import Notes
from clinic_desktop.ui.widgets.form import FormField
from clinic_desktop.ui.widgets.keys import keyed
from clinic_desktop.ui.widgets.text import Label


class Dialog(QDialog):
    """A window-modal dialog with a title, a body and its buttons; it deletes itself when closed."""

    def __init__(self, parent: QWidget | None, title: str, text: str = "", *, width: int = 440) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(scaled(width))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(GAP_24, GAP_24, GAP_24, GAP_24)
        outer.setSpacing(GAP_16)
        outer.addWidget(Label(title, voice=Text.TITLE, wrap=True))
        if text:
            outer.addWidget(Label(text, wrap=True))
        self.body = QVBoxLayout()
        self.body.setSpacing(GAP_16)
        outer.addLayout(self.body, 1)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(GAP_8)
        self.buttons.addStretch(1)
        outer.addLayout(self.buttons)

    def event(self, event: QEvent) -> bool:
        """As high as wrapped text needs at this width, which Qt does not see to: when it opens, and when something appears in it."""
        kind = event.type()
        handled = super().event(event)  # which may be the end of the dialog
        if kind in (QEvent.Type.Show, QEvent.Type.LayoutRequest) and shiboken6.isValid(self) and self.isVisible():
            layout, opens = self.layout(), kind == QEvent.Type.Show and not self.testAttribute(Qt.WidgetAttribute.WA_Resized)
            if layout is not None and layout.hasHeightForWidth():
                needed = layout.totalHeightForWidth(self.width())
                if opens or needed > self.height():
                    self.resize(self.width(), needed)
                    self._stay_on_screen()
        return handled

    def _stay_on_screen(self) -> None:
        """What has grown moves up: the buttons at its foot must be in reach."""
        room, frame = self.screen().availableGeometry(), self.frameGeometry()
        if frame.bottom() > room.bottom():
            self.move(self.x(), max(room.top(), self.y() - (frame.bottom() - room.bottom())))

    def draft(self) -> dict[str, Any] | None:
        """What is typed and not saved, for ``Screen.keep_typing``; None when nothing would be lost."""
        return None

    def restore(self, draft: dict[str, Any]) -> None:
        """Put a draft back; it raises on what it cannot read."""

    def leave(self) -> None:
        """Close without saving; where something typed would be lost, ask first."""
        if self.draft() is None:
            self.reject()
            return
        text = _("What you typed here is not saved and would be lost.")
        ask(self, _("Leave without saving?"), text, yes=_("Leave"), no=_("Go on here"), role="danger", then=self.reject)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def add_button(self, text: str, role: str | None, action: Callable[[], object], *, default: bool = False) -> Button:
        """Add a button at the end of the foot."""
        button = Button(text, role=role)
        button.clicked.connect(lambda: action())
        button.setDefault(default)
        self.buttons.addWidget(button)
        return button


def tell(parent: QWidget | None, title: str, text: str) -> Dialog:
    """Tell something that a person must have read."""
    dialog = Dialog(parent, title, text)
    dialog.add_button(_("Close"), "primary", dialog.accept, default=True)
    dialog.open()
    return dialog


def ask(
    parent: QWidget | None, title: str, text: str, *, yes: str, then: Callable[[], object], role: str = "primary", no: str | None = None
) -> Dialog:
    """Ask yes or no; ``then()`` follows on yes."""
    dialog = Dialog(parent, title, text)
    dialog.add_button(no or _("Cancel"), None, dialog.reject)
    dialog.add_button(yes, role, dialog.accept, default=role != "danger")
    dialog.accepted.connect(lambda: then())
    dialog.open()
    return dialog


def ask_reason(
    parent: QWidget | None,
    title: str,
    text: str,
    *,
    yes: str,
    then: Callable[[str], object],
    role: str = "danger",
    no: str | None = None,
    limit: int = 200,
) -> Dialog:
    """Ask for a reason of one line; ``then(reason)`` follows once one is given that is kept, by the button or Ctrl+Enter."""
    dialog = Dialog(parent, title, text)
    notes = Notes(_("Reason"))
    field = FormField("reason", _("Reason"), notes, required=True)
    dialog.body.addWidget(field)

    def accept() -> None:
        try:
            reason = required_line(notes.toPlainText(), "reason", limit=limit)
        except InvalidInput as error:
            field.set_error(_("Please give a reason.") if error.reason == "required" else wording.sentence(error))
            notes.setFocus()
            return
        dialog.accept()
        then(reason)

    dialog.add_button(no or _("Cancel"), None, dialog.reject)
    keyed(dialog.add_button(yes, role, accept), "Ctrl+Return")
    dialog.open()
    notes.setFocus()
    return dialog
