"""The photo of a patient: a frame over a picture by hand and by keys, from a file and from the clipboard, shown and removed."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.patients.filing import keep_photo, photo
from clinic_desktop.clinic.patients.queries import PatientRow
from clinic_desktop.ui.screens.photo.dialog import PhotoDialog
from clinic_desktop.ui.widgets.dialogs import Dialog
from tests.clinic.patients.hostile_files import picture as drawn
from tests.clinic.patients.hostile_files import png_bomb
from tests.clinic.world import World
from tests.ui.hands import modal
from tests.ui.screens.folder_desk import OpenFile, drop, open_file, written
from tests.ui.screens.frontdesk import Hands
from tests.ui.screens.reception_desk import asha
from tests.ui.walk import unnamed

__all__ = ["asha", "open_file"]
Wait = Callable[[], None]
KEY, CLICK = Qt.Key, Qt.MouseButton.LeftButton
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def halves(width: int = 800, height: int = 400) -> bytes:
    """Red at the left, blue at the right."""
    made = Image.new("RGB", (width, height), "red")
    made.paste("blue", (width // 2, 0, width, height))
    saved = io.BytesIO()
    made.save(saved, "PNG")
    return saved.getvalue()


def colour(data: bytes | None) -> str:
    assert data is not None
    with Image.open(io.BytesIO(data)) as opened:
        assert opened.format == "JPEG"
        assert opened.width == opened.height
        red, _green, blue = opened.convert("RGB").getpixel((opened.width // 2, opened.height // 2))  # type: ignore[misc]
    return "red" if red > blue else "blue"


def test_a_face_is_framed_and_stands_on_the_banner(
    open_file: OpenFile,
    asha: PatientRow,
    world: World,
    tmp_path: Path,
    hands: Hands,
    settle: Wait,
    qtbot: QtBot,
    picture: Callable[..., Path],
) -> None:
    screen = open_file(asha, "visits")
    hands.press(KEY.Key_F, CTRL | SHIFT)
    dialog = modal(PhotoDialog, qtbot)
    settle()
    assert unnamed(dialog) == []
    assert not dialog.save.isEnabled()
    drop(dialog, written(tmp_path, "bomb.png", png_bomb(20_000, 20_000)))
    settle()
    assert dialog.problem.text() == "The picture has too many pixels. Choose a smaller one."
    drop(dialog, written(tmp_path, "people.png", halves()))
    settle()
    assert dialog.save.isEnabled()
    assert dialog.frame.hasFocus()
    for _press in range(3):
        hands.press(KEY.Key_Plus)
    middle = dialog.frame.rect().center()
    QTest.mousePress(dialog.frame, CLICK, pos=middle)
    QTest.mouseMove(dialog.frame, middle + QPoint(400, 0))
    QTest.mouseRelease(dialog.frame, CLICK, pos=middle + QPoint(400, 0))
    picture(dialog, "photo-dialog")
    hands.press(KEY.Key_S, CTRL)
    settle()
    settle()
    assert colour(photo(world.db, patient_id=asha.id)) == "blue"
    screen.activateWindow()
    qtbot.waitUntil(screen.isActiveWindow)
    settle()
    settle()
    seen = screen.file.banner.grab().toImage()
    assert any(seen.pixelColor(x, seen.height() // 2).blue() > 200 > seen.pixelColor(x, seen.height() // 2).red() for x in range(20, 60))


def test_a_photo_comes_from_the_clipboard_and_goes_for_good_when_it_is_asked_twice(
    open_file: OpenFile, asha: PatientRow, world: World, hands: Hands, settle: Wait, qtbot: QtBot
) -> None:
    keep_photo(world.db, world.actor("admin"), patient_id=asha.id, data=drawn(90, 90, colour="green"))
    screen = open_file(asha, "visits")
    hands.press(KEY.Key_F, CTRL | SHIFT)
    dialog = modal(PhotoDialog, qtbot)
    settle()
    QApplication.clipboard().clear()
    hands.press(KEY.Key_V, CTRL)
    assert dialog.problem.text() == "There is no picture on the clipboard."
    QApplication.clipboard().setImage(QImage.fromData(halves(500, 400)))
    hands.press(KEY.Key_V, CTRL)
    settle()
    for _press in range(40):
        hands.press(KEY.Key_Left)
    for _press in range(3):
        hands.press(KEY.Key_Plus)
    for _press in range(40):
        hands.press(KEY.Key_Left)
    hands.press(KEY.Key_S, CTRL)
    settle()
    settle()
    assert colour(photo(world.db, patient_id=asha.id)) == "red"
    screen.activateWindow()
    qtbot.waitUntil(screen.isActiveWindow)
    settle()
    hands.press(KEY.Key_F, CTRL | SHIFT)
    dialog = modal(PhotoDialog, qtbot)
    settle()
    QTest.mouseClick(dialog.remove, CLICK)
    question = QApplication.activeModalWidget()
    assert isinstance(question, Dialog)
    QTest.mouseClick(next(one for one in question.findChildren(QPushButton) if one.text() == "Remove"), CLICK)
    settle()
    settle()
    assert photo(world.db, patient_id=asha.id) is None
    screen.activateWindow()
