"""What the open program does by itself: backups and messages, said in the status line, and the backup before it closes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from clinic_desktop.clinic.access import passwords
from clinic_desktop.clinic.access.commands import set_password
from clinic_desktop.clinic.backups.commands import AT_CLOSING, FOLDER, TIMES
from clinic_desktop.clinic.frontdesk import commands as frontdesk
from clinic_desktop.clinic.frontdesk.models import Appointment
from clinic_desktop.clinic.frontdesk.rules import AppointmentStatus
from clinic_desktop.clinic.messages.commands import enqueue
from clinic_desktop.clinic.messages.rules import TEMPLATES, BodyForm, Channel, Text
from clinic_desktop.clinic.messages.sealing import set_text_service
from clinic_desktop.clinic.organisation.commands import set_setting
from clinic_desktop.clinic.organisation.models import Clinic
from clinic_desktop.clinic.patients.commands import register_patient
from clinic_desktop.clinic.patients.rules import Gender
from clinic_desktop.clinic.staff.models import Doctor, Service
from clinic_desktop.kernel.backup.container import ENDING
from clinic_desktop.kernel.clock import system_clock
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.keys import UserPassword
from clinic_desktop.kernel.migrations import upgrade
from clinic_desktop.kernel.security import Actor
from clinic_desktop.ui.closing import CloseDialog
from clinic_desktop.ui.housekeeping import CLOCK_MS
from clinic_desktop.ui.screens.login.pages import LoginPage
from clinic_desktop.ui.session import Session
from clinic_desktop.ui.shell import Shell
from tests.clinic.messages.gateway_server import Answer, text_gateway
from tests.clinic.world import build_world
from tests.conftest import FrozenClock
from tests.ui.conftest import FAR
from tests.ui.example import SCREENS, SEARCHES
from tests.ui.pages import page
from tests.ui.templates import copy_of
from tests.ui.walk import unnamed

PASSWORD = "blue-Elephant-42"
Open = Callable[..., Session]


def url_in(folder: Path) -> str:
    return f"sqlcipher:///{folder / 'clinic.db'}"


def furnish(folder: Path, clock: FrozenClock) -> None:
    with closing(Database.open(url_in(folder), secret=UserPassword("receptionist", PASSWORD), clock=clock)) as db:
        upgrade(db)
        world = build_world(db)
        hashed = passwords.new(PASSWORD, username="receptionist")
        db.run(Actor.system(), set_password, user_id=world.users["receptionist"], password=hashed, must_change_password=False)


@pytest.fixture
def session(run_program: Open, tmp_path: Path, clock: FrozenClock, qtbot: QtBot) -> Session:
    """An encrypted clinic with the receptionist at work."""
    copy_of("housekeeping", tmp_path, lambda folder: furnish(folder, clock))
    session = run_program(url_in(tmp_path), registry=lambda: (SCREENS, SEARCHES))
    login: LoginPage = page(session, LoginPage, qtbot)
    login.username.setText("receptionist")
    QTest.keyClicks(login.password, PASSWORD)
    QTest.keyClick(login.password, Qt.Key.Key_Return)
    page(session, Shell, qtbot)
    return session


def backups(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"*{ENDING}"))


def settle(session: Session, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not session.work.is_busy)


def choose(session: Session, key: str, value: object) -> None:
    session.work.db.run(Actor.system(), set_setting, key=key, value=value)


def test_a_backup_that_is_due_is_made_beside_the_work(session: Session, tmp_path: Path, qtbot: QtBot) -> None:
    session.housekeeping.turn()
    settle(session, qtbot)
    assert len(backups(tmp_path / "backups")) == 1
    assert not session.housekeeping.wants_backup
    shell = session.window.shell
    assert shell is not None
    assert not shell.status.trouble.isVisible()


def test_a_backup_that_fails_stands_in_the_status_line_until_one_succeeds(
    session: Session, tmp_path: Path, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    gone = tmp_path / "removable"
    choose(session, FOLDER.key, str(gone))
    session.housekeeping.back_up()
    settle(session, qtbot)
    shell = session.window.shell
    assert shell is not None
    assert shell.status.trouble.isVisible()
    assert "is not there" in shell.status.trouble.text
    assert QApplication.activeModalWidget() is None
    session.preferences.set_theme("dark")
    again: Shell = page(session, Shell, qtbot)
    assert again.status.trouble.isVisible(), "a new look takes nothing away"
    gone.mkdir()
    session.housekeeping.back_up()
    settle(session, qtbot)
    assert not again.status.trouble.isVisible()
    assert len(backups(gone)) == 1
    assert "no backup" in caplog.text
    caplog.clear()


def test_everybody_is_told_when_nobody_plans_any(session: Session, qtbot: QtBot) -> None:
    choose(session, TIMES.key, "")
    session.housekeeping.back_up()
    settle(session, qtbot)
    shell = session.window.shell
    assert shell is not None
    assert shell.status.trouble.text == "There is no backup of this clinic yet. Make one now, or tell whoever runs the clinic."


def test_a_clock_that_went_back_is_said_until_it_is_right_again(session: Session, clock: FrozenClock, qtbot: QtBot) -> None:
    shell = session.window.shell
    assert shell is not None
    db, right = session.work.db, clock.now
    choose(session, TIMES.key, "8:00")  # at the real time, which is later
    db.clock, clock.now = clock, datetime.now(UTC)
    session.housekeeping.look_at_clock()
    settle(session, qtbot)
    assert not shell.status.trouble.isVisible()
    clock.now = right
    choose(session, TIMES.key, "9:00")  # an entry that is dated as wrong as the clock is
    session.housekeeping.look_at_clock()
    settle(session, qtbot)
    assert shell.status.trouble.isVisible()
    told = shell.status.trouble.text
    assert told.startswith("The clock of this computer says Mar 2, 2026, 9:00\xa0AM, but the newest entry was made at "), told
    assert told.endswith("The order of entries is kept meanwhile.")
    clock.now = datetime.now(UTC)
    session.housekeeping.look_at_clock()
    settle(session, qtbot)
    assert not shell.status.trouble.isVisible()


def test_the_clock_is_looked_at_first_and_every_five_minutes(session: Session, clock: FrozenClock, qtbot: QtBot) -> None:
    shell = session.window.shell
    assert shell is not None
    session.work.db.clock = clock
    session.housekeeping.turn()
    settle(session, qtbot)
    assert "The clock of this computer says" in shell.status.trouble.text
    pauses = {timer.interval() for timer in session.housekeeping.findChildren(QTimer)}
    assert pauses == {one * FAR for one in (10_000, 30_000, 120_000, 300_000)}
    session.work.db.clock = system_clock
    clocks = [timer for timer in session.housekeeping.findChildren(QTimer) if timer.interval() == CLOCK_MS * FAR]
    for timer in clocks:
        timer.setInterval(1)
    qtbot.waitUntil(lambda: "The clock" not in shell.status.trouble.text)
    for timer in clocks:
        timer.stop()
    settle(session, qtbot)


def test_nothing_is_still_to_come_where_it_was_stopped(session: Session, qtbot: QtBot) -> None:
    waiting = [timer for timer in session.housekeeping.findChildren(QTimer) if timer.isActive()]
    assert sorted(timer.interval() for timer in waiting) == [one * FAR for one in (10_000, 30_000, 120_000, 300_000, 300_000)]
    session.housekeeping.stop()  # as before a restore
    assert not any(timer.isActive() for timer in waiting)
    settle(session, qtbot)


def test_text_messages_leave_by_themselves_and_what_stays_is_said(session: Session, qtbot: QtBot) -> None:
    shell, db = session.window.shell, session.work.db
    assert shell is not None
    service = {"form": BodyForm.FORM, "template": TEMPLATES[BodyForm.FORM], "header": "X-Key", "sender": "SUNRSE", "secret": "k7Hq-20"}

    def queue(key: str) -> None:
        with db.write(Actor.system()) as tx:
            tx.command = "test.queue"
            enqueue(tx, channel=Channel.SMS, topic="test", recipient="+919876543210", text=Text("", "Hello"), key=key)

    with text_gateway(Answer(200), Answer(503)) as gateway:
        set_text_service(db, Actor.system(), url=gateway.url, **service)  # type: ignore[arg-type]
        queue("first")
        session.housekeeping.send()
        settle(session, qtbot)
        (request,) = gateway.requests
        assert (request.form["text"], request.headers["x-key"]) == ("Hello", "k7Hq-20")
        assert not shell.status.trouble.isVisible()
        queue("second")
        session.housekeeping.send()
        settle(session, qtbot)
        assert shell.status.trouble.text.startswith("The text message service did not take the message: ")
        assert "503 Service Unavailable" in shell.status.trouble.text
        queue("third")
        session.housekeeping.send()
        settle(session, qtbot)
        assert not shell.status.trouble.isVisible()


def asked(session: Session, qtbot: QtBot) -> CloseDialog:
    session.housekeeping.wants_backup = True
    session.window.close()
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), CloseDialog))
    found = QApplication.activeModalWidget()
    assert isinstance(found, CloseDialog)
    assert session.window.isVisible()
    return found


def test_closing_offers_a_backup_first(session: Session, tmp_path: Path, qtbot: QtBot) -> None:
    dialog = asked(session, qtbot)
    assert unnamed(dialog) == []
    QTest.mouseClick(dialog.back_up, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not session.window.isVisible())
    assert len(backups(tmp_path / "backups")) == 1


def test_closing_without_a_backup_and_staying(session: Session, tmp_path: Path, qtbot: QtBot) -> None:
    dialog = asked(session, qtbot)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    assert session.window.isVisible()
    dialog = asked(session, qtbot)
    QTest.mouseClick(dialog.leave_now, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not session.window.isVisible())
    assert backups(tmp_path / "backups") == []


def test_a_backup_that_fails_keeps_the_window_open_and_says_why(
    session: Session, tmp_path: Path, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    choose(session, FOLDER.key, str(tmp_path / "removable"))
    dialog = asked(session, qtbot)
    QTest.mouseClick(dialog.back_up, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.trouble.isVisible())
    assert session.window.isVisible()
    assert dialog.back_up.isEnabled()
    caplog.clear()
    QTest.mouseClick(dialog.leave_now, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not session.window.isVisible())


def test_where_it_was_switched_off_nothing_is_asked(session: Session, qtbot: QtBot) -> None:
    choose(session, AT_CLOSING.key, False)
    session.housekeeping.turn()
    settle(session, qtbot)
    assert not session.housekeeping.wants_backup
    session.window.close()
    qtbot.waitUntil(lambda: not session.window.isVisible())


def test_whoever_never_came_is_recorded_by_itself(session: Session, qtbot: QtBot) -> None:
    db, system = session.work.db, Actor.system()
    with db.read() as read:
        clinic_id, doctor_id = read.scalars(select(Clinic.id)).one(), read.scalars(select(Doctor.id)).first()
        service_id = read.scalars(select(Service.id).where(Service.code == "CONS")).one()
    who = {"clinic_id": clinic_id, "first_name": "Asha", "gender": Gender.FEMALE, "date_of_birth": date(1990, 3, 5)}
    patient = db.run(system, register_patient, key=new_id(), **who)
    wish = {"clinic_id": clinic_id, "doctor_id": doctor_id, "patient_id": patient.id, "service_id": service_id}
    late = {"start": db.clock() - timedelta(minutes=200), "override_reason": "was written down on paper"}
    booked = db.run(system, frontdesk.book, key=new_id(), **wish, **late)
    session.housekeeping.turn()
    settle(session, qtbot)
    with db.read() as read:
        assert read.get_one(Appointment, booked.appointment_id).status is AppointmentStatus.NO_SHOW
    assert session.housekeeping.trouble == ""
