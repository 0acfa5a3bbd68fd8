"""A new clinic: from a computer that knows nothing to the first person at work."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.organisation import queries
from clinic_desktop.clinic.organisation.hours import WORKING_HOURS
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.keys import RECOVERY, USER, RecoveryKey, UserPassword, key_file_path
from clinic_desktop.ui.printing import Preview
from clinic_desktop.ui.screens.login.pages import LoginPage
from clinic_desktop.ui.screens.setup.choose import DEMO, ChoosePage
from clinic_desktop.ui.session import Session
from clinic_desktop.ui.shell import Shell
from tests.ui.example import SCREENS, SEARCHES
from tests.ui.founding_steps import ORDER, PASSWORD, USERNAME, Founder, url_of
from tests.ui.pages import page
from tests.ui.walk import unnamed

Open = Callable[..., Session]


@pytest.fixture
def open_session(run_program: Open) -> Open:
    """Start the program with the screens of the tests."""
    return partial(run_program, registry=lambda: (SCREENS, SEARCHES))


@pytest.fixture
def founder(open_session: Open, tmp_path: Path, qtbot: QtBot) -> Founder:
    """Somebody before the first page of a fresh computer."""
    made = Founder(open_session(url_of(tmp_path)), qtbot)
    made.begin()
    return made


def file_in(folder: Path) -> Path:
    return folder / "data" / "clinic.db"


def close(session: Session, qtbot: QtBot) -> None:
    session.window.close()
    qtbot.waitUntil(lambda: not session.window.isVisible())


def test_a_clinic_is_set_up_and_entered_in_one_go(founder: Founder, tmp_path: Path, qtbot: QtBot) -> None:
    for place, code in enumerate(ORDER):
        founder.up_to(code)
        assert unnamed(founder.page) == [], code
        assert founder.page.back.isVisible() is (code not in ("recovery",)), code
        assert place == 0 or founder.page.trouble.text() == ""
    summary = dict(founder.at("summary").shown)
    assert "Ayurveda" in summary["Departments"]
    assert summary["Tax"].startswith("GST 18%")
    founder.go_on()
    shell: Shell = page(founder.session, Shell, qtbot)
    assert shell.desk.actor.name == "Dr. Asha Rao"
    assert (shell.desk.place.currency, shell.desk.place.clinic_name) == ("INR", "Main Clinic")
    assert shell.desk.actor.clinic_id == shell.desk.place.clinic_id
    with shell.desk.work.db.read() as session:
        (clinic,) = queries.clinics(session)
        names = [one.name for one in queries.departments(session)]
        (tax,) = queries.tax_rates(session)
        hours = queries.setting_value(session, WORKING_HOURS)
    assert (clinic.hospital_name, clinic.hospital_address, clinic.phone) == ("Sunrise Hospital", "12 Hill Road", "022 1234")
    assert names == ["Ayurveda", "General medicine", "Pharmacy"]
    assert (tax.name, tax.rate_basis_points, tax.is_inclusive) == ("GST", 1800, False)
    assert hours.startswith("mo 09:00-13:00 14:00-18:00; tu ")
    assert founder.session.preferences.username == USERNAME
    slots = {(one.kind, one.name) for one in shell.desk.work.db.vault.slots()}
    assert {(USER, USERNAME), (RECOVERY, "")} <= slots
    for file in file_in(tmp_path).parent.iterdir():
        assert b"Sunrise" not in file.read_bytes(), file.name


def test_at_the_next_start_the_password_opens_and_enters_at_once(
    founder: Founder, open_session: Open, tmp_path: Path, qtbot: QtBot
) -> None:
    founder.up_to("summary")
    founder.go_on()
    page(founder.session, Shell, qtbot)
    close(founder.session, qtbot)
    session = open_session(url_of(tmp_path))
    login: LoginPage = page(session, LoginPage, qtbot)
    assert (login.heading.text(), login.username.text()) == ("Clinic Desktop", USERNAME)
    assert login.password.hasFocus()
    QTest.keyClicks(login.password, PASSWORD)
    QTest.keyClick(login.password, Qt.Key.Key_Return)
    shell: Shell = page(session, Shell, qtbot)
    assert shell.desk.place.hospital_name == "Sunrise Hospital"


def test_the_recovery_key_opens_a_copy_on_a_clean_computer(founder: Founder, tmp_path: Path, qtbot: QtBot) -> None:
    founder.up_to("summary")
    founder.go_on()
    page(founder.session, Shell, qtbot)
    close(founder.session, qtbot)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for file in (file_in(tmp_path), key_file_path(file_in(tmp_path))):
        shutil.copy(file, elsewhere)
    copy = Database.open(f"sqlcipher:///{elsewhere / 'clinic.db'}", secret=RecoveryKey(founder.key.lower().replace("-", " ")))
    with copy.read() as session:
        assert [one.hospital_name for one in queries.clinics(session)] == ["Sunrise Hospital"]
    copy.close()


def test_a_weak_password_is_told_at_the_field_and_makes_nothing(founder: Founder, tmp_path: Path, qtbot: QtBot) -> None:
    founder.type(full_name="Dr. Asha Rao", username=USERNAME, password="password1")
    field = founder.at("you").form.fields["password"]
    QTest.keyClick(field.editor, Qt.Key.Key_Tab)
    qtbot.waitUntil(lambda: field.error == "This password is too common.")
    assert founder.at("you").form["again"].hasFocus()
    founder.type(again="password1")
    founder.go_on()
    qtbot.waitUntil(lambda: not founder.session.work.is_busy)
    assert founder.page.code == "you"
    assert not file_in(tmp_path).exists()
    assert not key_file_path(file_in(tmp_path)).exists()


def test_keys_whose_database_is_not_here_are_kept_aside(open_session: Open, tmp_path: Path, qtbot: QtBot) -> None:
    keys = key_file_path(file_in(tmp_path))
    keys.parent.mkdir()
    keys.write_bytes(b"of a database that may come back")
    founder = Founder(open_session(url_of(tmp_path)), qtbot)
    founder.begin()
    founder.up_to("recovery")
    assert keys.with_name("clinic.db.keys.kept-1").read_bytes() == b"of a database that may come back"


def test_a_group_that_is_not_on_the_sheet_makes_no_key(founder: Founder, qtbot: QtBot) -> None:
    founder.up_to("recovery")
    step = founder.at("recovery")
    qtbot.waitUntil(lambda: step.has_key)
    founder.go_on()
    first = next(iter(step.typed_back.fields.values()))
    for field in step.typed_back.fields.values():
        QTest.keyClicks(field.editor, "XXXXX")
    founder.go_on()
    qtbot.waitUntil(lambda: first.error != "")
    assert first.error == "This is not what stands on the sheet. Read the group once more."
    assert founder.page.code == "recovery"
    assert not founder.session.work.db.vault.has(RECOVERY)
    QTest.mouseClick(step.again, Qt.MouseButton.LeftButton)
    assert step.sides.currentWidget() is step.shown
    founder.recovery()
    assert founder.session.work.db.vault.has(RECOVERY)


def test_the_recovery_sheet_is_shown_for_printing(founder: Founder, qtbot: QtBot) -> None:
    founder.up_to("recovery")
    step = founder.at("recovery")
    qtbot.waitUntil(lambda: step.has_key)
    QTest.mouseClick(step.print, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), Preview))
    preview = QApplication.activeModalWidget()
    assert isinstance(preview, Preview)
    QTest.keyClick(preview, Qt.Key.Key_Escape)


def test_going_back_changes_what_was_made(founder: Founder, qtbot: QtBot) -> None:
    founder.up_to("summary")
    for code in reversed(ORDER[2:-1]):
        founder.go_back()
        founder.at(code)
    assert not founder.page.step.form["currency"].isEnabled()  # type: ignore[union-attr]
    founder.type(name="Sunset Hospital")
    founder.go_on()
    step = founder.at("hours")
    step.days[0].is_open.setChecked(False)
    founder.go_on()
    ticks = {tick.text(): tick for tick in founder.at("departments").ticks}
    ticks["Pharmacy"].setChecked(False)
    founder.type(names="Dental lab")
    founder.go_on()
    founder.at("tax").form["kind"].set_value("none")
    founder.go_on()
    summary = dict(founder.at("summary").shown)
    assert "Sunset Hospital" in summary["Hospital"]
    assert summary["Departments"] == "Dental lab, General medicine"
    assert summary["Tax"] == "none"
    assert summary["Open"].startswith("Tuesday–")
    founder.go_back()
    founder.tax()
    founder.go_on()
    shell: Shell = page(founder.session, Shell, qtbot)
    with shell.desk.work.db.read() as session:
        (tax,) = queries.taxes(session, on=date(2100, 1, 1))
    assert (tax.name, tax.rate_basis_points) == ("GST", 1800)


TYPED: dict[str, dict[str, str]] = {
    "place": {"name": "Half-typed Hospital", "address": "Somewhere 4"},
    "departments": {"names": "Homeopathy"},
    "tax": {},
    "hours": {},
    "recovery": {},
    "summary": {},
}


def test_an_interrupted_set_up_goes_on_where_it_stopped(founder: Founder, open_session: Open, tmp_path: Path, qtbot: QtBot) -> None:
    """Interrupted at every step, one after the other."""
    for code in ORDER[1:]:
        founder.up_to(code)
        founder.type(**TYPED[code])
        close(founder.session, qtbot)
        founder = Founder(open_session(url_of(tmp_path)), qtbot)
        founder.log_in()
        step = founder.at(code)
        for name, text in TYPED[code].items():
            editor = step.form[name]
            assert text in (editor.toPlainText() if hasattr(editor, "toPlainText") else editor.text()), code
        if code == "recovery":
            qtbot.waitUntil(partial(getattr, step, "has_key"))
    founder.go_on()
    assert isinstance(page(founder.session, Shell, qtbot), Shell)


def test_a_set_up_that_is_killed_goes_on_where_it_was(open_session: Open, tmp_path: Path, qtbot: QtBot) -> None:
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.ui.founding_child", url_of(tmp_path), str(tmp_path)],
        stdout=subprocess.PIPE,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        cwd=Path(__file__).resolve().parents[2],
        text=True,
    )
    assert child.stdout is not None
    try:
        assert child.stdout.readline() == "kept\n"
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
    again = Founder(open_session(url_of(tmp_path)), qtbot)
    again.log_in()
    step = again.at("place")
    assert step.form["name"].text() == "Cut off"


def test_killed_before_anybody_is_there_it_begins_with_who_you_are(open_session: Open, tmp_path: Path, qtbot: QtBot) -> None:
    file_in(tmp_path).parent.mkdir()
    Database.open(url_of(tmp_path), secret=UserPassword(USERNAME, PASSWORD)).close()
    founder = Founder(open_session(url_of(tmp_path)), qtbot)
    founder.log_in()
    founder.begin()
    founder.up_to("place")


def test_the_demo_clinic_has_a_file_of_its_own(open_session: Open, tmp_path: Path, qtbot: QtBot) -> None:
    class Report:
        usernames = ("reception",)
        password = PASSWORD

    def demo(_db: Any, *, progress: Callable[[int, int], None]) -> Report:
        progress(1, 2)
        return Report()

    session = open_session(url_of(tmp_path), demo=demo)
    choose: ChoosePage = page(session, ChoosePage, qtbot)
    assert unnamed(choose) == []
    QTest.mouseClick(choose.tiles[DEMO], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
    told = QApplication.activeModalWidget()
    assert told is not None
    assert told.windowTitle() == "The demo clinic is ready"
    QTest.keyClick(told, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not session.work.is_busy)
    assert not file_in(tmp_path).exists()
    assert file_in(tmp_path).with_name("clinic-demo.db").exists()
    session.window.activateWindow()  # no window manager does it here
    login: LoginPage = page(session, LoginPage, qtbot)
    QTest.mouseClick(login.leave, Qt.MouseButton.LeftButton)
    page(session, ChoosePage, qtbot)
    assert not session.work.is_open


def test_the_first_page_speaks_another_language(open_session: Open, tmp_path: Path, qtbot: QtBot) -> None:
    session = open_session(url_of(tmp_path))
    choose: ChoosePage = page(session, ChoosePage, qtbot)
    choose.language.set_value("ar")
    qtbot.waitUntil(lambda: session.window.centralWidget() is not choose)
    again: ChoosePage = page(session, ChoosePage, qtbot)
    assert again.layoutDirection() == Qt.LayoutDirection.RightToLeft
    assert again.language.value() == "ar"
