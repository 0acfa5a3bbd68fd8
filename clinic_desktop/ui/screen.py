"""What every screen has in common with the shell."""

from __future__ import annotations

import logging
from typing import Any

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.widgets.dialogs import Dialog
from clinic_desktop.ui.work import Work

_MOST_LEFT = 10
"""Dialogs that were left behind and never opened again: the oldest are forgotten."""

log = logging.getLogger(__name__)


class Screen(QWidget):
    """A screen: layout and intents. Override what is needed of ``refresh``, ``open``, ``scanned``, ``draft`` and ``restore``."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.work: Work = desk.work
        self._is_stale = True
        self._dialogs: dict[str, Dialog] = {}
        self._left: dict[str, Any] = {}

    def watch(self, *event_types: type) -> None:
        """Refresh when such events are committed: now when visible, else when shown next."""
        self.work.on(self, *event_types, then=lambda _events: self.touch())

    def touch(self) -> None:
        """Refresh now when visible, else when shown next."""
        if self.isVisible():
            self._is_stale = False
            self.refresh()
        else:
            self._is_stale = True

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        super().showEvent(event)
        if self._is_stale:
            self._is_stale = False
            self.refresh()

    def refresh(self) -> None:
        """Read again what is shown; called on first show and after watched events."""

    def open(self, **what: Any) -> None:
        """Show something asked for by another screen, the search or a scan."""

    def scanned(self, code: str) -> bool:
        """Use a scanned code here; False hands it to the search."""
        return False

    # Drafts: the shell asks for them every two seconds and puts them into the database, encrypted with all else

    def draft(self) -> dict[str, Any] | None:
        """What is typed and not saved; None when nothing would be lost, so after a save or a cancel.

        Only what JSON can hold: texts, whole numbers, lists, dictionaries by text. ``None`` clears the one that is kept; a screen
        that must read before it can put a draft back returns that draft until then.
        """
        return None

    def whereabouts(self) -> dict[str, Any] | None:
        """Where the person is when nothing is typed, in the form of a draft: found again after a lock, but not on the next day."""
        return None

    def restore(self, draft: dict[str, Any]) -> None:
        """Put a draft back: perhaps days later, by another version, in another language. It raises on what it cannot read,
        at once, and then nothing of it is shown; it never posts anything."""

    def keep_typing(self, about: str, dialog: Dialog) -> None:
        """Keep what is typed into a dialog until it is saved or cancelled; what was left behind in it comes back now.

        ``about`` says which dialog and of which record.
        """
        self._dialogs[about] = dialog
        # Not a lambda: it would hold the screen, and the end of the dialog could then be that of its own parent.
        dialog.finished.connect(self._forget_dialog)
        left = self._left.pop(about, None)
        if left is not None:
            try:
                dialog.restore(left)
            except Exception:
                log.warning("what was left in %s cannot be put back", about.partition(" ")[0], exc_info=True)
            else:
                self.desk.toast(_("What you had typed here is back."))

    def _forget_dialog(self) -> None:
        over = self.sender()
        self._dialogs = {about: one for about, one in self._dialogs.items() if one is not over}

    def kept(self) -> dict[str, Any] | None:
        """The draft of the screen and of its dialogs, for the shell; ``is_typed`` unless it is only where the person is."""
        own, dialogs = self.draft(), dict(self._left)
        for about, dialog in self._dialogs.items():
            typed = dialog.draft()
            if typed is not None:
                dialogs[about] = typed
        shown, is_typed = self.whereabouts() if own is None else own, own is not None or bool(dialogs)
        if shown is None and not dialogs:
            return None
        return {"screen": shown, "dialogs": dict(list(dialogs.items())[-_MOST_LEFT:]), "is_typed": is_typed}

    def put_back(self, kept: dict[str, Any]) -> None:
        """Put back what ``kept`` gave; a dialog's part waits until that dialog is opened again."""
        self._left = dict(kept["dialogs"])
        if kept["screen"] is not None:
            self.restore(kept["screen"])
