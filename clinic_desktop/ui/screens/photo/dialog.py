"""The photo of a patient: by the camera, from a file or from the clipboard, cut to a square, or taken away."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.patients.filing import drop_photo, keep_photo
from clinic_desktop.clinic.patients.intake import Crop
from clinic_desktop.clinic.patients.queries import PatientRow
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.files import ask_file
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.photo.box import CameraBox
from clinic_desktop.ui.screens.photo.frame import CropFrame
from clinic_desktop.ui.screens.photo.reading import Chosen, chosen, chosen_file
from clinic_desktop.ui.theme.tokens import GAP_8, GAP_16, Tone
from clinic_desktop.ui.widgets import BusyButton, Button, Dialog, Label, Portrait, ask, keyed

_ZOOM = 0.08


def show_photo_dialog(screen: Screen, _beside: QWidget, patient: PatientRow) -> None:
    """Open the dialog for the patient of the file."""
    PhotoDialog(screen, patient).open()


class PhotoDialog(Dialog):
    """The picture with its frame, and beside it the photo that there is."""

    def __init__(self, screen: Screen, patient: PatientRow) -> None:
        super().__init__(screen, _("Photo"), f"{patient.full_name} · {patient.patient_number}", width=680)
        self._screen, self._patient = screen, patient
        self._chosen: Chosen | None = None
        self.frame = CropFrame()
        self.now = Portrait(112)
        self.now.show_person(patient.full_name)
        self.camera = CameraBox(screen)
        self.choose = Button(_("Choose picture…"), icon_name="folder-open")
        self.paste = Button(_("Paste"), icon_name="clipboard-plus")
        self.smaller = Button("", icon_name="minus", role="quiet")
        self.smaller.setAccessibleName(_("Larger part"))
        self.larger = Button("", icon_name="plus", role="quiet")
        self.larger.setAccessibleName(_("Smaller part"))
        self.problem = Label(tone="bad", wrap=True)
        self.problem.hide()
        self.remove = BusyButton(_("Remove photo"), icon_name="trash-2", role="quiet")
        self.save = BusyButton(_("Save photo"))
        self._lay_out()
        self._wire()
        self.setAcceptDrops(True)
        screen.desk.photo_of(self, patient, lambda photo: self.now.show_person(patient.full_name, photo))

    def _lay_out(self) -> None:
        side = QVBoxLayout()
        side.setSpacing(GAP_8)
        for part in (self.now, self.camera, self.choose, self.paste):
            side.addWidget(part)
        zooming = QHBoxLayout()
        zooming.addWidget(self.smaller)
        zooming.addWidget(self.larger)
        zooming.addStretch(1)
        side.addLayout(zooming)
        side.addStretch(1)
        side.addWidget(self.remove)
        across = QHBoxLayout()
        across.setSpacing(GAP_16)
        across.addWidget(self.frame, 1)
        across.addLayout(side)
        self.body.addLayout(across, 1)
        self.body.addWidget(
            Label(_("Drag the frame over the face; arrow keys move it, plus and minus change it."), tone="muted", wrap=True)
        )
        self.body.addWidget(self.problem)
        self.add_button(_("Cancel"), None, self.reject)
        self.buttons.addWidget(self.save)
        self.save.setEnabled(False)
        self.save.setDefault(True)
        self.remove.setVisible(self._patient.photo_document_id is not None)

    def _wire(self) -> None:
        for button, keys, action in (
            (self.choose, "Ctrl+O", self._choose),
            (self.paste, "Ctrl+V", self._paste),
            (self.save, "Ctrl+S", self._save),
            (self.remove, "", self._ask_remove),
        ):
            button.clicked.connect(action)
            if keys:
                keyed(button, keys)
        self.camera.began.connect(self._look)
        self.camera.seen.connect(self._show_live)
        self.camera.taken.connect(self._take_bytes)
        self.camera.told.connect(self._lose)
        self.smaller.clicked.connect(lambda: self.frame.zoom(_ZOOM))
        self.larger.clicked.connect(lambda: self.frame.zoom(-_ZOOM))
        self.choose.setFocus()

    # The camera

    def _look(self) -> None:
        self._lose("")
        self.camera.button.setDefault(True)
        self.frame.setFocus()

    def _end_camera(self) -> None:
        if self.camera.is_on:
            self.camera.stop()
            self._lose("")

    def _show_live(self, picture: QImage) -> None:
        if self.camera.is_on:
            self.frame.show_live(picture)

    def _take_bytes(self, data: bytes) -> None:
        crop = self.frame.crop  # it was put over the face while the camera looked
        self._screen.work.background(self, chosen, then=lambda found: self._show(found, crop), failed=self._refuse, data=data)

    def _lose(self, said: str) -> None:
        """No picture any more, and why."""
        self._tell(said)
        self._chosen = None
        self.save.setEnabled(False)
        self.frame.clear()

    def leave(self) -> None:
        """Escape lets the camera go first."""
        if self.camera.is_on:
            self._end_camera()
        else:
            super().leave()

    # A picture comes in

    def _choose(self) -> None:
        ask_file(self, _("Choose a picture"), _("Pictures (*.jpg *.jpeg *.png *.webp *.tif *.tiff)"), self.take)

    def take(self, path: Path) -> None:
        """Use the picture of a file."""
        self._end_camera()
        self._screen.work.background(self, chosen_file, then=self._show, failed=self._refuse, path=path)

    def _paste(self) -> None:
        picture = QGuiApplication.clipboard().image()
        if picture.isNull():
            self._tell(_("There is no picture on the clipboard."))
            return
        self._end_camera()
        written = QByteArray()
        buffer = QBuffer(written)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        picture.save(buffer, "PNG")  # type: ignore[call-overload]
        self._screen.work.background(self, chosen, then=self._show, failed=self._refuse, data=bytes(written.data()))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        if any(one.isLocalFile() for one in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        event.acceptProposedAction()
        self.take(Path(next(one for one in event.mimeData().urls() if one.isLocalFile()).toLocalFile()))

    def _show(self, found: Chosen, crop: Crop | None = None) -> None:
        self._tell("")
        self._chosen = found
        self.frame.show_picture(found.shown, crop)
        self.save.setEnabled(True)
        self.save.setDefault(True)
        self.frame.setFocus()

    def _refuse(self, error: ClinicError) -> None:
        self._tell(wording.sentence(error))

    def _tell(self, said: str) -> None:
        self.problem.setText(said)
        self.problem.setVisible(bool(said))

    # And becomes the photo

    def _save(self) -> None:
        if self._chosen is None:
            return
        self.save.set_busy(True)
        work = self._screen.work
        work.background(
            self,
            keep_photo,
            then=lambda _nothing: self._done(_("The photo is saved.")),
            failed=self._refuse,
            settled=lambda: self.save.set_busy(False),
            db=work.db,
            actor=self._screen.desk.actor,
            patient_id=self._patient.id,
            data=self._chosen.data,
            crop=self.frame.crop,
        )

    def _ask_remove(self) -> None:
        said = _("The photo is deleted for good.")
        ask(self, _("Remove the photo?"), said, yes=_("Remove"), then=self._remove, role="danger")

    def _remove(self) -> None:
        work = self._screen.work
        work.background(
            self,
            drop_photo,
            then=lambda _nothing: self._done(_("The photo is removed.")),
            failed=self._refuse,
            db=work.db,
            actor=self._screen.desk.actor,
            patient_id=self._patient.id,
        )

    def _done(self, said: str) -> None:
        self._screen.desk.toast(said, tone=Tone.GOOD)
        self.accept()
