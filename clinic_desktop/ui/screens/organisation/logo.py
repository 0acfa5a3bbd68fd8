"""The hospital's logo: chosen, removed, and seen as it will be printed."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QLabel

from clinic_desktop import wording
from clinic_desktop.clinic.organisation import commands
from clinic_desktop.kernel.errors import ClinicError, InvalidInput
from clinic_desktop.kernel.i18n import Language, _
from clinic_desktop.ui.files import ask_file
from clinic_desktop.ui.late import late
from clinic_desktop.ui.printing import WITH_LOGO, letterhead_picture, page_images
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import BusyButton, Button, Card, Label, directed, row

KEEP_LOGO = late("clinic_desktop.clinic.organisation.logo:keep_logo")
HEAD_PREVIEW = late("clinic_desktop.documents.compose:head_preview")
_DPI, _MOST_BYTES = 110, 2 * 1024 * 1024


def head_on_receipt(*, db: Any, clinic_id: UUID, language: Language) -> QImage:
    """The head of a receipt as a picture."""
    with db.read() as session:
        WITH_LOGO(session, letterhead_picture(db))
        pdf = HEAD_PREVIEW(session, language=language, clinic_id=clinic_id)
    return page_images(pdf, _DPI)[0]


def keep_file(*, db: Any, actor: Any, path: Path) -> None:
    """Make a file the logo; one that is far too large is not even read."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise InvalidInput("logo", "picture_too_large", limit=2)
        data = path.read_bytes()
    except OSError as error:
        raise InvalidInput("logo", "not_a_picture") from error
    KEEP_LOGO(db, actor, data)


class LogoCard(Card):
    """The head of a receipt with the logo, and the buttons for it; ``changed()`` when there is another one, or none."""

    changed = Signal()

    def __init__(self, screen: Screen, *, may_change: bool) -> None:
        super().__init__(_("On a receipt"), screen)
        self._screen = screen
        self.head = QLabel()  # picture only
        self.head.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.head.setMinimumHeight(scaled(150))
        self.head.setAccessibleName(_("The head of a receipt"))
        self.choose = BusyButton(_("Choose logo…"), icon_name="image", role=None)
        self.remove = Button(_("Remove"), icon_name="trash-2", role="quiet")
        self.problem = Label(tone="bad", wrap=True)
        self.problem.hide()
        self.body.addWidget(self.head)
        self.body.addLayout(row(self.choose, self.remove))
        self.body.addWidget(self.problem)
        told = _("PNG or JPEG of at most 2 MB. It stands on every receipt, invoice and prescription.")
        self.body.addWidget(Label(directed(told), tone="muted", wrap=True))
        self.choose.setVisible(may_change)
        self._may_change = may_change
        self.remove.hide()
        self.choose.clicked.connect(self._ask)
        self.remove.clicked.connect(self._remove)

    def show_head(self, picture: QImage) -> None:
        """Show the head of a receipt."""
        self.head.setPixmap(QPixmap.fromImage(picture))

    def show_logo(self, is_there: bool) -> None:
        """Offer to remove what is there."""
        self.remove.setVisible(is_there and self._may_change)

    def _ask(self) -> None:
        ask_file(self, _("Choose a logo"), _("Pictures (*.png *.jpg *.jpeg)"), self.keep)

    def keep(self, path: Path) -> None:
        """Make this file the logo."""
        work = self._screen.work
        self.problem.hide()
        self.choose.set_busy(True)
        work.background(
            self,
            keep_file,
            then=lambda _nothing: self._kept(),
            failed=self._refused,
            settled=lambda: self.choose.set_busy(False),
            db=work.db,
            actor=work.actor,
            path=path,
        )

    def _kept(self) -> None:
        self._screen.desk.toast(_("The logo is on every letterhead from now on."), tone=Tone.GOOD)
        self.changed.emit()

    def _refused(self, error: ClinicError) -> None:
        self.problem.setText(wording.sentence(error))
        self.problem.show()

    def _remove(self) -> None:
        self._screen.work.do(self, commands.remove_logo, then=lambda _nothing: self.changed.emit(), failed=self._refused)
