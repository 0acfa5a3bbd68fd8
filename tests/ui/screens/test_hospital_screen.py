"""The hospital and its logo, under real hands."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.organisation import commands, queries
from clinic_desktop.clinic.organisation.logo import logo
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screens.organisation.hospital import HospitalScreen
from tests.clinic.world import World
from tests.ui.screens.frontdesk import Hands
from tests.ui.screens.set_up_room import CLICK, CTRL, KEY, Wait, ask, at, put
from tests.ui.screens.staffroom import choose_file
from tests.ui.walk import unnamed

__all__ = ["at"]


def picture(path: Path, width: int = 80, height: int = 40) -> Path:
    written = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(written, "PNG")
    path.write_bytes(written.getvalue())
    return path


def test_the_hospital_is_changed_and_stands_on_the_receipt(
    at: Callable[..., HospitalScreen], hands: Hands, settle: Wait, world: World
) -> None:
    screen = at(HospitalScreen)
    before = screen.logo.head.pixmap().toImage()
    assert not screen.panel.save.isEnabled()
    put(hands, screen.form["name"], "Sunset Hospital")
    put(hands, screen.form["email"], "nobody")
    hands.press(KEY.Key_S, CTRL)
    settle()
    assert screen.form.fields["email"].error == "Please enter an e-mail address."
    assert ask(world, queries.hospital).name == "Sunrise Hospital"
    put(hands, screen.form["email"], "desk@sunset.example")
    hands.press(KEY.Key_S, CTRL)
    settle()
    settle()
    after = ask(world, queries.hospital)
    assert (after.name, after.email, after.currency) == ("Sunset Hospital", "desk@sunset.example", "INR")
    assert screen.panel.title.text() == "Sunset Hospital"
    assert screen.draft() is None
    assert screen.logo.head.pixmap().toImage() != before
    assert unnamed(screen) == []


def test_esc_brings_the_hospital_back(at: Callable[..., HospitalScreen], hands: Hands) -> None:
    screen = at(HospitalScreen)
    put(hands, screen.form["name"], "Other")
    assert screen.is_typed
    hands.press(KEY.Key_Escape)
    assert (screen.form["name"].text(), screen.is_typed) == ("Sunrise Hospital", False)


def test_the_hospitals_draft_outlives_the_screen(
    at: Callable[..., HospitalScreen], desk: Desk, show: Callable[..., None], hands: Hands, settle: Wait
) -> None:
    screen = at(HospitalScreen)
    put(hands, screen.form["name"], "Half a na")
    kept = screen.draft()
    assert kept is not None
    other = HospitalScreen(desk)
    other.restore(kept)
    assert other.draft() == kept
    show(other, 962, 690)
    settle()
    assert (other.form["name"].text(), other.form["phone"].text()) == ("Half a na", "+91 20 5550 0100")
    assert other.draft() == kept
    assert other.panel.save.isEnabled()


def test_what_someone_else_did_to_the_hospital_is_told(at: Callable[..., HospitalScreen], hands: Hands, settle: Wait, world: World) -> None:
    screen = at(HospitalScreen)
    put(hands, screen.form["name"], "Mine")
    version = ask(world, queries.hospital).row_version
    world.db.run(world.actor("super_admin"), commands.change_hospital, row_version=version, name="Theirs")
    hands.press(KEY.Key_S, CTRL)
    settle()
    settle()
    assert "Someone else has changed this" in screen.panel.problem.text()
    assert (screen.form["name"].text(), ask(world, queries.hospital).name) == ("Mine", "Theirs")
    hands.press(KEY.Key_S, CTRL)
    settle()
    assert ask(world, queries.hospital).name == "Mine"


def test_a_logo_is_chosen_seen_and_removed(
    at: Callable[..., HospitalScreen], settle: Wait, world: World, tmp_path: Path, qtbot: QtBot
) -> None:
    screen = at(HospitalScreen)
    without = screen.logo.head.pixmap().height()
    assert screen.logo.remove.isHidden()
    QTest.mouseClick(screen.logo.choose, CLICK)
    choose_file(picture(tmp_path / "logo.png"), qtbot)
    qtbot.waitUntil(screen.logo.remove.isVisible)
    qtbot.waitUntil(lambda: screen.logo.head.pixmap().height() > without)  # the head has the picture above the name
    assert logo(world.db) is not None
    QTest.mouseClick(screen.logo.remove, CLICK)
    qtbot.waitUntil(screen.logo.remove.isHidden)
    qtbot.waitUntil(lambda: screen.logo.head.pixmap().height() == without)
    assert logo(world.db) is None


@pytest.mark.parametrize("content", [None, b"no picture", bytes(2 * 1024 * 1024 + 1)])
def test_what_is_no_logo_is_said_beside_it(
    at: Callable[..., HospitalScreen], settle: Wait, world: World, tmp_path: Path, content: bytes | None
) -> None:
    screen = at(HospitalScreen)
    if content is not None:
        (tmp_path / "logo.png").write_bytes(content)
    screen.logo.keep(tmp_path / "logo.png")
    settle()
    assert screen.logo.problem.isVisible()
    assert "PNG or JPEG" in screen.logo.problem.text() or "2 MB" in screen.logo.problem.text()
    assert logo(world.db) is None
