"""Who this is about: on every screen that shows one patient."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop.kernel.formats import isolated
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.theme.fonts import Text, font, scaled
from clinic_desktop.ui.theme.state import current
from clinic_desktop.ui.theme.tokens import GAP_4, GAP_8, GAP_12, GAP_16, Tone
from clinic_desktop.ui.widgets.chip import Chip
from clinic_desktop.ui.widgets.text import ElidedLabel, Label


@dataclass(frozen=True, slots=True)
class BannerPatient:
    """What the banner shows; ``allergies`` None means that none are recorded."""

    name: str
    number: str
    age: str
    sex: str
    allergies: str | None = None
    photo: bytes | None = None
    same_name: bool = False


class Portrait(QWidget):
    """The photo in a circle, or initials."""

    def __init__(self, pixels: int = 44, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._initials, self._photo = "", QPixmap()
        self.setFixedSize(QSize(scaled(pixels), scaled(pixels)))
        self.setFont(font(Text.STRONG))

    def show_person(self, name: str, photo: bytes | None = None) -> None:
        """Show this person."""
        words = [word for word in name.split() if word[0].isalpha()]
        self._initials = "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()
        self._photo = QPixmap()
        if photo:
            self._photo.loadFromData(photo)
        self.setAccessibleName(name)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        circle = QPainterPath()
        circle.addEllipse(QRectF(self.rect()))
        painter.fillPath(circle, QColor(current().accent_soft))
        if self._photo.isNull():
            painter.setPen(QColor(current().on_accent_soft))
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self._initials)
            return
        painter.setClipPath(circle)
        side = min(self._photo.width(), self._photo.height())
        source = QRectF((self._photo.width() - side) / 2, 0, side, side)
        painter.drawPixmap(QRectF(self.rect()), self._photo, source)


class PatientBanner(QFrame):
    """Name, number, age, sex, allergies in red, photo, and a warning when another patient has the same name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "banner")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumHeight(scaled(44) + 2 * GAP_8 + 2)  # the same without a portrait: nothing below may jump
        self._portrait = Portrait()
        self._name = ElidedLabel(voice=Text.STRONG)
        self._details = ElidedLabel(tone="muted")
        self._same_name = Chip(_("Same name as another patient"), Tone.WARN)
        self._allergies = Chip("", Tone.BAD)
        self._no_allergies = Label(_("No allergies recorded"), tone="muted")
        words = QVBoxLayout()
        words.setSpacing(GAP_4 // 2)
        words.addWidget(self._name)
        words.addWidget(self._details)
        across = QHBoxLayout(self)
        across.setContentsMargins(GAP_16, GAP_8, GAP_16, GAP_8)
        across.setSpacing(GAP_12)
        across.addWidget(self._portrait)
        across.addLayout(words, 1)
        for widget in (self._same_name, self._allergies, self._no_allergies):
            across.addWidget(widget)
        self.show_patient(None)

    def show_photo(self, photo: bytes | None) -> None:
        """Put the photo in, once it is read, of the patient who is shown."""
        self._portrait.show_person(self._name.text(), photo)

    def show_patient(self, patient: BannerPatient | None) -> None:
        """Show this patient, or say that none is chosen."""
        for widget in (self._same_name, self._allergies, self._no_allergies):
            widget.hide()
        if patient is None:
            self._portrait.hide()
            self._name.setText(_("No patient chosen"))
            self._name.set_tone("muted")
            self._details.hide()
            self.setAccessibleName(_("No patient chosen"))
            return
        self._portrait.show_person(patient.name, patient.photo)
        self._portrait.show()
        self._name.setText(patient.name)
        self._name.set_tone(None)
        self._details.show()
        # The first-strong isolate keeps a Latin number in its place between Arabic words.
        self._details.setText("  ·  ".join(isolated(part) for part in (patient.number, patient.age, patient.sex) if part))
        self._same_name.setVisible(patient.same_name)
        self._no_allergies.setVisible(not patient.allergies)
        self._allergies.setVisible(bool(patient.allergies))
        self._allergies.show_status(_("Allergies: {list}").format(list=patient.allergies), Tone.BAD)
        self.setAccessibleName(f"{patient.name}, {patient.number}")
