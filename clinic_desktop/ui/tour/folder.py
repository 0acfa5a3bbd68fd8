"""A patient's papers: files dropped on the file, looked at and described; a photo; and a consent that is signed on the pad."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QLinearGradient, QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.tour.driver import Driver
from clinic_desktop.ui.tour.eyes import StepFailed
from clinic_desktop.ui.tour.getting_about import AREA, choose_file, go_to, tab
from clinic_desktop.ui.tour.story import Part

_COPY, _LEFT, _NONE = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def _part(driver: Driver, code: str, title: str) -> Any:
    """A tab of the file that is open."""
    tabs = driver.screen("patient").file.tabs  # type: ignore[attr-defined]
    place = next(place for place in range(tabs.count()) if tabs.tabText(place).startswith(title))
    tab(driver, tabs.tabBar(), place)
    driver.patience.until(lambda: code in tabs.parts, f"the tab {code}")
    return tabs.parts[code]


def _drop(widget: QWidget, *files: Path) -> None:
    carried = QMimeData()
    carried.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    at = widget.rect().center()
    QApplication.sendEvent(widget, QDragEnterEvent(at, _COPY, carried, _LEFT, _NONE))
    QApplication.sendEvent(widget, QDropEvent(QPointF(at), _COPY, carried, _LEFT, _NONE))


def _picture(file: Path, dark: str, light: str) -> Path:
    """A picture with something to see in it: an arch of teeth, if one wants to."""
    drawn = QPixmap(1200, 700)
    ground = QLinearGradient(0, 0, 0, 700)
    ground.setColorAt(0, QColor(dark))
    ground.setColorAt(1, QColor(light))
    painter = QPainter(drawn)
    painter.fillRect(drawn.rect(), ground)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(255, 255, 255, 150))
    for number in range(14):
        painter.drawRoundedRect(120 + number * 70, 240 + abs(number - 6) * 12, 54, 190, 24, 24)
    painter.end()
    drawn.save(str(file))
    return file


def documents(driver: Driver) -> None:
    """Three files at once, one of which is refused and says why."""
    part = _part(driver, "documents", _("Documents"))
    driver.snap("documents-none")
    with TemporaryDirectory(prefix="clinic-tour-") as folder:
        scan = _picture(Path(folder, "OPG 2026-03-02.jpg"), "#101418", "#5b6a75")
        letter = Path(folder, "Referral.txt")
        letter.write_text("To Dr. Anjali\n\nPlease see the lower left, tooth 36.\n", encoding="utf-8")
        program = Path(folder, "report.pdf.exe")
        program.write_bytes(b"MZ" + bytes(200))
        _drop(part, scan, letter, program)
        dialog = driver.dialog("AttachDialog")
        driver.click(dialog.form["tags"])
        driver.type("36")
        driver.click(dialog.attach)
        driver.patience.until(lambda: bool(dialog.problem.text()), "what was refused")
        driver.snap("documents-attached")
        driver.press("Escape")
        driver.no_dialog()
    driver.patience.until(lambda: len(part.table.rows) == 2, "the documents")
    driver.pick_row(part.table, lambda row: row.name.endswith(".jpg"))
    driver.snap("documents")
    driver.press("Return")
    driver.dialog("Viewer")
    driver.snap("document-large")
    driver.press("Escape")
    driver.no_dialog()


def photo(driver: Driver) -> None:
    """A face in its frame, which then stands on the banner."""
    with TemporaryDirectory(prefix="clinic-tour-") as folder:
        file = _picture(Path(folder, "photo.png"), "#0b6e6e", "#e0f0ef")
        driver.press("Ctrl+Shift+F")
        dialog = driver.dialog("PhotoDialog")
        driver.press("Ctrl+O")
        choose_file(driver, file)
        driver.patience.until(dialog.save.isEnabled, "the picture")
        driver.press("+", "+", "Left")
        driver.snap("photo")
        driver.press("Ctrl+S")
        driver.no_dialog()
    driver.snap("photo-on-the-banner")


def texts(driver: Driver) -> None:
    """The drafts of consent texts are put in, and can be changed."""
    driver.click(driver.shell.rail.buttons[AREA])
    screen = go_to(driver, "consent_texts")
    driver.click(_("Add the drafts"))
    driver.patience.until(lambda: screen.records.table.rows, "the drafts")
    driver.snap("consent-texts")


def sign(driver: Driver) -> None:
    """What is missing stands on the file; the patient signs on the pad."""
    if driver.story.patient_id is None:
        raise StepFailed("nobody was registered")
    driver.shell.open("patient", {"patient_id": driver.story.patient_id})
    part = _part(driver, "consents", _("Consents"))
    driver.patience.until(lambda: part.kinds.rows, "the consents")
    driver.snap("consents-missing")
    driver.press("F2")
    dialog = driver.dialog("SignDialog")
    pad = dialog.pad
    points = [QPoint(90 + number * 14, pad.height() // 2 + (-1) ** number * (34 - number)) for number in range(30)]
    QTest.mousePress(pad, _LEFT, _NONE, points[0])
    for point in points[1:]:
        QTest.mouseMove(pad, point)
    QTest.mouseRelease(pad, _LEFT, _NONE, points[-1])
    driver.snap("consent-signed")
    driver.click(dialog.sign)
    driver.no_dialog()
    driver.patience.until(lambda: part.signed.rows, "the signed consent")
    driver.snap("consents")
    driver.click(part.show_paper)
    driver.save_document("consent")


DOCUMENTS = Part("documents", None, (documents, photo))
TEXTS = Part("consent-texts", "owner", (texts,))
CONSENTS = Part("consents", "reception", (sign,))
