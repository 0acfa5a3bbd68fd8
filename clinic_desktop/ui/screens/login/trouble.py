"""The database does not open: what happened, what was kept, and what can be done. Never a dead end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from clinic_desktop import wording
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.formats import isolated
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.away_words import at
from clinic_desktop.ui.theme.fonts import Text, scaled
from clinic_desktop.ui.theme.icons import pixmap
from clinic_desktop.ui.theme.tokens import GAP_8, GAP_12, GAP_16, GAP_24
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.text import Label

if TYPE_CHECKING:
    from clinic_desktop.sync.replica_files import Kept

RETRY, OTHER_FILE, JOIN, RESTORE, ACCEPT, CLOSE = "retry", "other_file", "join", "restore", "accept", "close"
COPY, SERVER = "copy", "server"
_WIDTH = 620


@dataclass(frozen=True, slots=True)
class Advice:
    """What a person is told of one kind of trouble, and which buttons help; the first one is the likeliest."""

    heading: str
    kept: str
    todo: str
    actions: tuple[str, ...]


def advice_with(error: ClinicError, kept: Kept | None, *, is_copy: bool) -> Advice:
    """What to say where this computer has a copy of the server's data, or where it is the copy that does not open."""
    if kept is not None:
        until = isolated(at(kept.fed_until))
        todo = _("This computer has a copy, complete until {time}. You can go on with it until the server is back.").format(time=until)
        return Advice(_("The server does not answer"), _("What is saved is on the server."), todo, (COPY, RETRY, OTHER_FILE))
    if is_copy:
        todo = _("What was done on this computer\u2019s copy is still in it. Try again; or go on at the server without it for now.")
        return Advice(_("This computer\u2019s copy does not open"), _("What is saved is on the server."), todo, (RETRY, SERVER))
    return advice_on(error)


def advice_on(error: ClinicError) -> Advice:
    """What to say of an error that keeps the database closed; its own sentence says what happened."""
    reason = str(error.params.get("reason", ""))
    unchanged = _("Nothing was changed. Your data is where it was.")
    match error.code, reason:
        case (("key_file_missing" | "key_file_foreign" | "key_file_damaged"), _why):
            todo = _("Put the right key file back beside the database, or restore a backup: every backup has its own copy of the keys.")
            return Advice(_("The key file does not fit"), unchanged, todo, (RETRY, RESTORE, OTHER_FILE, JOIN))
        case "database_unavailable", "unreachable":
            todo = _("Check that the server is switched on and that this computer is on the network. Then try again.")
            return Advice(_("The server does not answer"), _("What is saved is on the server."), todo, (RETRY, JOIN, OTHER_FILE))
        case "database_unavailable", "newer_version":
            todo = _("Update this program to the version of the other computers. Then try again.")
            return Advice(_("This program is too old"), unchanged, todo, (RETRY, OTHER_FILE, JOIN))
        case "database_unavailable", "network_share":
            todo = _("Move the database to a disk of this computer. For several computers, join a server instead.")
            return Advice(_("The database is on a network share"), unchanged, todo, (OTHER_FILE, JOIN, RETRY))
        case "database_unavailable", ("open_elsewhere" | "busy"):
            todo = _("Go on in the window that is open, or close it and try again.")
            return Advice(_("The program is open already"), unchanged, todo, (RETRY, OTHER_FILE, JOIN))
        case "database_unavailable", "folder_missing":
            todo = _("If it is on a removable disk, connect the disk and try again.")
            return Advice(_("The folder is not there"), unchanged, todo, (RETRY, OTHER_FILE, RESTORE, JOIN))
        case "database_unavailable", "disk_full":
            todo = _("Free some space on the disk. Then try again.")
            return Advice(_("The disk is full"), unchanged, todo, (RETRY, OTHER_FILE))
        case "database_older", _why:
            todo = _("If somebody put back an old copy, restore the newest backup. If this is meant, open it as it is.")
            return Advice(_("This is an older copy"), unchanged, todo, (RESTORE, ACCEPT, OTHER_FILE))
        case _:
            todo = _("Restore the newest backup, or choose another database. If it goes on, show the details to whoever helps you.")
            return Advice(_("The database cannot be opened"), unchanged, todo, (RESTORE, RETRY, OTHER_FILE, JOIN))


class TroublePage(QWidget):
    """``wanted(action)``; the details can be copied for whoever helps."""

    wanted = Signal(str)

    def __init__(self, error: ClinicError, details: str, kept: Kept | None = None, *, is_copy: bool = False) -> None:
        super().__init__()
        self.error, self._details = error, details
        advice = advice_with(error, kept, is_copy=is_copy)
        self.setAccessibleName(advice.heading)
        self.buttons: dict[str, Button] = {}
        card = QFrame(self)
        card.setProperty("role", "card")
        card.setFixedWidth(scaled(_WIDTH))
        body = QVBoxLayout(card)
        body.setContentsMargins(GAP_24 + GAP_8, GAP_24 + GAP_8, GAP_24 + GAP_8, GAP_24 + GAP_8)
        body.setSpacing(GAP_16)
        head = QHBoxLayout()
        head.setSpacing(GAP_12)
        picture = QLabel(card)  # picture only
        picture.setPixmap(pixmap("triangle-alert", "on_warn", size=24, ratio=self.devicePixelRatioF()))
        head.addWidget(picture)
        head.addWidget(Label(advice.heading, card, voice=Text.TITLE, wrap=True), 1)
        body.addLayout(head)
        self.said = Label(wording.sentence(error), card, wrap=True)
        for label in (self.said, Label(advice.kept, card, wrap=True), Label(advice.todo, card, wrap=True)):
            body.addWidget(label)
        body.addSpacing(GAP_8)
        for place, action in enumerate((*advice.actions, CLOSE)):
            body.addWidget(self._button(action, "primary" if place == 0 else None, card))
        self.copy = Button(_("Copy the details"), icon_name="copy", role="quiet", parent=card)
        self.copy.clicked.connect(self._copy)
        body.addWidget(self.copy)
        self._centre(card)
        self.setFocusProxy(self.buttons[advice.actions[0]])

    def _button(self, action: str, role: str | None, parent: QWidget) -> Button:
        texts = {
            RETRY: _("Try again"),
            OTHER_FILE: _("Choose another database…"),
            JOIN: _("Join a clinic on the network…"),
            RESTORE: _("Restore a backup…"),
            ACCEPT: _("Open it as it is"),
            COPY: _("Go on with this computer\u2019s copy\u2026"),
            SERVER: _("Go to the clinic\u2019s server"),
            CLOSE: _("Close the program"),
        }
        made = self.buttons[action] = Button(texts[action], role=role, parent=parent)
        made.clicked.connect(lambda: self.wanted.emit(action))
        return made

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._details)
        self.copy.setText(_("Copied"))

    def _centre(self, card: QWidget) -> None:
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(card, 0, Qt.AlignmentFlag.AlignVCenter)
        across.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(GAP_24, GAP_16, GAP_24, GAP_16)
        whole.addStretch(2)
        whole.addLayout(across)
        whole.addStretch(3)
