"""The photo by camera: real streams from a server of the test, looked at, taken, unplugged, let go."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.organisation.commands import set_setting
from clinic_desktop.clinic.patients.filing import photo
from clinic_desktop.clinic.patients.queries import PatientRow
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.ui.screens.photo.cameras import CameraFailed, CameraSource, Eye, refusal
from clinic_desktop.ui.screens.photo.dialog import PhotoDialog
from clinic_desktop.ui.watchdog import Watchdog
from clinic_desktop.wording import sentence
from tests.clinic.world import World
from tests.ui.hands import modal
from tests.ui.screens.folder_desk import OpenFile, open_file
from tests.ui.screens.frontdesk import Hands
from tests.ui.screens.network_camera import NetworkCamera, network_camera
from tests.ui.screens.reception_desk import asha
from tests.ui.screens.test_photo import colour
from tests.ui.walk import unnamed

__all__ = ["asha", "open_file"]
Wait = Callable[[], None]
KEY = Qt.Key
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def set_camera(world: World, address: str) -> None:
    place = {"clinic_id": None, "workstation_id": world.workstations["front desk"]}
    world.db.run(world.actor("admin"), set_setting, key="patients.camera_address", value=address, **place)


def look(dialog: PhotoDialog, camera: NetworkCamera, hands: Hands, qtbot: QtBot) -> None:
    with qtbot.waitSignal(dialog.camera.seen):
        hands.press(KEY.Key_F2)
    assert camera.looked_at.is_set()


def test_a_photo_is_taken_by_keys_alone_and_the_camera_is_let_go(
    open_file: OpenFile, asha: PatientRow, world: World, hands: Hands, settle: Wait, qtbot: QtBot, picture: Callable[..., Path]
) -> None:
    with network_camera("red") as camera:
        set_camera(world, camera.address)
        screen = open_file(asha, "visits")
        hands.press(KEY.Key_F, CTRL | SHIFT)
        dialog = modal(PhotoDialog, qtbot)
        settle()
        assert (dialog.camera.button.text(), dialog.camera.which.isVisible()) == ("Camera", False)
        assert not camera.looked_at.is_set()  # nobody is looked at who was not asked
        look(dialog, camera, hands, qtbot)
        assert unnamed(dialog) == []
        assert not dialog.save.isEnabled()
        for _press in range(3):
            hands.press(KEY.Key_Plus)
        crop = dialog.frame.crop
        picture(dialog, "photo-camera")
        with qtbot.waitSignal(dialog.camera.taken):
            hands.press(KEY.Key_Return)
        settle()
        assert camera.left.wait(5)
        assert dialog.frame.crop == crop
        assert dialog.camera.button.text() == "Take again"
        camera.looked_at.clear()
        look(dialog, camera, hands, qtbot)
        assert not dialog.save.isEnabled()
        with qtbot.waitSignal(dialog.camera.taken):
            hands.press(KEY.Key_F2)
        settle()
        hands.press(KEY.Key_S, CTRL)
        settle()
        settle()
    assert colour(photo(world.db, patient_id=asha.id)) == "red"
    screen.activateWindow()


def test_a_camera_that_is_unplugged_or_hidden_is_let_go_and_the_screen_never_waits_for_it(
    open_file: OpenFile, asha: PatientRow, world: World, hands: Hands, settle: Wait, qtbot: QtBot
) -> None:
    with network_camera("blue", (1280, 720)) as camera:
        set_camera(world, camera.address)
        screen = open_file(asha, "visits")
        hands.press(KEY.Key_F, CTRL | SHIFT)
        dialog = modal(PhotoDialog, qtbot)
        settle()
        look(dialog, camera, hands, qtbot)
        hands.press(KEY.Key_Escape)  # which lets go of the camera, not yet of the dialog
        assert camera.left.wait(5)
        assert (dialog.isVisible(), dialog.camera.button.text()) == (True, "Camera")
        camera.left.clear()
        watchdog = Watchdog()
        look(dialog, camera, hands, qtbot)
        watchdog.start()
        for _picture in range(10):
            qtbot.waitSignal(dialog.camera.seen).wait()
        assert watchdog.stop() == []
        camera.is_unplugged.set()
        with qtbot.waitSignal(dialog.camera.told):
            pass
        assert dialog.problem.text() == "The camera is not there any more. Plug it in again, or choose another one."
        assert not dialog.save.isEnabled()
        camera.is_unplugged.clear()
        camera.left.clear()
        look(dialog, camera, hands, qtbot)
        assert not dialog.problem.isVisible()
        dialog.hide()  # as the lock does
        assert camera.left.wait(5)
        dialog.show()
        dialog.reject()
    screen.activateWindow()


def test_where_there_is_no_camera_a_line_says_so(
    open_file: OpenFile, asha: PatientRow, hands: Hands, settle: Wait, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "plan9")  # whatever this computer has
    screen = open_file(asha, "visits")
    hands.press(KEY.Key_F, CTRL | SHIFT)
    dialog = modal(PhotoDialog, qtbot)
    settle()
    assert not dialog.camera.button.isVisible()
    assert dialog.camera.nothing.text() == "No camera was found. Plug one in, and open this again."
    dialog.reject()
    screen.activateWindow()


def test_what_a_camera_refuses_is_said_as_it_is(tmp_path: Path, world: World) -> None:
    eye, film = Eye(), tmp_path / "film.mjpeg"
    with network_camera() as camera:
        film.write_bytes(camera.picture * 3)
        for source, reason in (
            (CameraSource("", camera.address.replace("video", "locked")), "not_allowed"),
            (CameraSource("", "http://127.0.0.1:1/"), "not_answering"),
            (CameraSource("", "/dev/no-such-camera", "v4l2"), "gone"),
            (CameraSource("", film.as_uri()), "unreadable"),  # no file of this computer
        ):
            with pytest.raises(CameraFailed) as refused:
                eye.open(source)
            assert refused.value.params == {"reason": reason}
    assert "another program" in sentence(refusal(OSError(errno.EBUSY, "Device or resource busy")))
    for address in ("file:///etc/passwd", "concat:/etc/passwd", "/dev/video0", "rtsp://", "http://a b/"):
        with pytest.raises(InvalidInput):
            set_camera(world, address)
