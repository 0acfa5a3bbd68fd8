"""The camera in the photo dialog: which one, on, take, again; where there is none a line says so."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QHideEvent, QImage
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.patients.queries import camera_address
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.photo.cameras import CameraSource, cameras, is_installed
from clinic_desktop.ui.screens.photo.live import Live
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import GAP_8
from clinic_desktop.ui.widgets import Button, Choice, Label, keyed

_NARROW = 168


def cameras_here(*, db: Any, clinic_id: UUID, workstation_id: UUID | None) -> list[CameraSource] | None:
    """The cameras of a workstation; None where the program has no part for them."""
    if not is_installed():
        return None
    with db.read() as session:
        address = camera_address(session, clinic_id=clinic_id, workstation_id=workstation_id)
    return cameras(address)


class CameraBox(QWidget):
    """``seen`` while it looks, ``taken`` with the bytes of a picture, ``told`` with what is wrong."""

    began = Signal()
    seen = Signal(QImage)
    taken = Signal(bytes)
    told = Signal(str)

    def __init__(self, screen: Screen, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.which = Choice(_("Camera"))
        self.button = Button(_("Camera"), icon_name="camera")
        self.nothing = Label(tone="muted", wrap=True)
        self.which.setMinimumWidth(scaled(_NARROW))
        self.nothing.setMaximumWidth(scaled(_NARROW))  # the picture beside it has the room
        self.live = Live(screen.work, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_8)
        for part in (self.which, self.button, self.nothing):
            column.addWidget(part)
            part.hide()
        self.button.clicked.connect(self.press)
        self.which.currentIndexChanged.connect(lambda _place: self._change())
        self.live.seen.connect(self.seen)
        self.live.taken.connect(self._took)
        self.live.failed.connect(self._fail)
        self._find(screen, self)

    def _find(self, screen: Screen, owner: QObject) -> None:
        place = screen.desk.place
        screen.work.background(
            owner, cameras_here, then=self._offer, db=screen.work.db, clinic_id=place.clinic_id, workstation_id=place.workstation_id
        )

    def _offer(self, found: list[CameraSource] | None) -> None:
        self.which.set_options([(one.name, one) for one in found or ()])
        self.which.setVisible(len(found or ()) > 1)
        self.button.setVisible(bool(found))
        self._word(_("Camera"))
        if found is None:
            self.nothing.setText(_("Photos by camera need a part of the program that is not installed here."))
        elif not found:
            self.nothing.setText(_("No camera was found. Plug one in, and open this again."))
        self.nothing.setVisible(not found)

    @property
    def is_on(self) -> bool:
        """Whether somebody looks through a camera."""
        return self.live.is_on

    def press(self) -> None:
        """Look; a second time take what is seen; after that look again."""
        if self.live.is_on:
            self.button.setEnabled(False)
            self.live.take()
            return
        source: CameraSource | None = self.which.value()
        if source is not None:
            self.live.start(source)
            self._word(_("Take picture"))
            self.began.emit()

    def stop(self) -> None:
        """Let the camera go."""
        self.live.stop()
        self._word(_("Camera"))

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        # The dialog closes, or the desk is locked: nobody is looked at whom nobody sees.
        if self.live.is_on:
            self.stop()
            self.told.emit("")
        super().hideEvent(event)

    def _change(self) -> None:
        if self.live.is_on:
            self.live.stop()
            self.press()

    def _took(self, data: bytes) -> None:
        self._word(_("Take again"))
        self.taken.emit(data)

    def _fail(self, error: ClinicError) -> None:
        self._word(_("Camera"))
        self.told.emit(wording.sentence(error))

    def _word(self, text: str) -> None:
        self.button.setText(text)
        self.button.setEnabled(True)
        keyed(self.button, "F2")
