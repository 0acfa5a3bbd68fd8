"""Reminders by telephone, paper and program, their texts, and a patient's own messages, under real hands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.messages.addressing import wording_in_force
from clinic_desktop.clinic.messages.delivery import deliver_due
from clinic_desktop.clinic.messages.queries import TellState, to_tell
from clinic_desktop.clinic.messages.rules import Channel, Undeliverable
from clinic_desktop.clinic.messages.rules.notices import Notice, shipped
from clinic_desktop.clinic.messages.ways import SMS_URL
from clinic_desktop.clinic.organisation.commands import set_setting
from clinic_desktop.clinic.patients.queries import contact_wish
from clinic_desktop.clinic.patients.rules import ContactBy
from clinic_desktop.kernel.i18n import Language
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.printing import Preview
from clinic_desktop.ui.screens import notices
from clinic_desktop.ui.screens.notices.of_patient import MessagesPart
from clinic_desktop.ui.screens.notices.reminders import RemindersScreen
from clinic_desktop.ui.screens.notices.texts import TextsScreen
from clinic_desktop.ui.screens.reception.patient_screen import PatientScreen
from clinic_desktop.ui.widgets import Label
from tests.clinic.messages.test_queue import Postman
from tests.ui.hands import modal
from tests.ui.screens.conftest import LOOKS, Look
from tests.ui.screens.frontdesk import TODAY, FrontDesk, Hands, at

KEY, CTRL, SHIFT, CLICK = Qt.Key, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier, Qt.MouseButton.LeftButton
Wait = Callable[[], None]
Picture = Callable[[QWidget, str], Path]
Show = Callable[..., None]
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def booked(front: FrontDesk) -> list[Any]:
    """Three who are expected tomorrow; the program cannot send."""
    people = [front.patient(name, "Rao", phone=f"98765432{number:02}") for number, name in enumerate(("Asha", "Bela", "Chitra"))]
    return [front.book(one, at(9 + place, day=TOMORROW)) for place, one in enumerate(people)]


def texting(front: FrontDesk) -> None:
    front.world.db.run(front.world.system(), set_setting, key=SMS_URL.key, value="https://texts.example/send")


def names(screen: RemindersScreen) -> list[str]:
    return [one.patient_name for one in screen.telling.table.rows]


def states(front: FrontDesk) -> list[TellState]:
    return [one.state for one in front.ask(to_tell, clinic_id=front.world.clinic_id, day=TOMORROW)]


def test_the_evenings_calls_are_worked_through_by_one_key(
    desk_as: Callable[[str], Desk], booked: list[Any], front: FrontDesk, hands: Hands, show: Show, settle: Wait, picture: Picture
) -> None:
    desk = desk_as("receptionist")
    undone: list[Any] = []
    desk.toasted.connect(lambda _text, _tone, undo: undone.append(undo))
    screen = RemindersScreen(desk)
    show(screen, 1100, 690)
    settle()
    assert screen.day.currentText().startswith("Tomorrow")
    assert names(screen) == ["Asha Rao", "Bela Rao", "Chitra Rao"]
    assert [column.text(screen.telling.table.rows[0]) for column in screen.telling.table.model.columns[4:6]] == [
        "To tell",
        "Nothing is set up to send",
    ]
    picture(screen, "reminders-to-call")
    for _patient in range(2):
        hands.press(KEY.Key_F4)
        settle()
    assert names(screen) == ["Chitra Rao"]
    hands.press(KEY.Key_F6)
    settle()
    assert states(front) == [TellState.TOLD] * 3
    assert screen.pages.tabText(0) == "To tell"
    assert hands.presses == 3
    undone[-1]()
    settle()
    assert names(screen) == ["Chitra Rao"]
    screen.telling.which.set_value(True)
    assert [column.text(screen.telling.table.rows[0]) for column in screen.telling.table.model.columns[4:5]] == ["By phone"]


def test_a_slip_is_printed_in_two_sizes(
    desk_as: Callable[[str], Desk], booked: list[Any], hands: Hands, show: Show, settle: Wait, picture: Picture, qtbot: QtBot
) -> None:
    screen = RemindersScreen(desk_as("receptionist"))
    show(screen, 1100, 690)
    settle()
    for key, modifier, name in ((KEY.Key_F8, Qt.KeyboardModifier.NoModifier, "roll"), (KEY.Key_F8, SHIFT, "a6")):
        screen.activateWindow()
        qtbot.waitUntil(screen.isActiveWindow)
        QTest.keyClick(screen.telling.table.grid, key, modifier)
        settle()
        preview = modal(Preview, qtbot)
        picture(preview, f"slip-{name}")
        QTest.keyClick(preview, KEY.Key_Escape)
        settle()


def test_what_could_not_be_sent_is_sent_again_or_called(
    desk_as: Callable[[str], Desk], front: FrontDesk, hands: Hands, show: Show, settle: Wait, picture: Picture
) -> None:
    texting(front)
    for number, name in enumerate(("Asha", "Bela")):
        front.book(front.patient(name, "Rao", phone=f"98765432{number:02}"), at(9 + number, day=TOMORROW))
    deliver_due(front.world.db, Postman([Undeliverable("404 Not Found", for_good=True)] * 2))
    screen = RemindersScreen(desk_as("receptionist"))
    show(screen, 1100, 690)
    settle()
    assert screen.pages.tabText(1) == "Could not be sent (2)"
    screen.open(failed=True)
    screen.failed.table.setFocus()
    settle()
    picture(screen, "reminders-failed")
    hands.press(KEY.Key_F5)
    settle()
    postman = Postman()
    assert deliver_due(front.world.db, postman).sent == 1
    settle()
    settle()
    assert [one.patient_name for one in screen.failed.table.rows] == ["Bela Rao"]
    hands.press(KEY.Key_F4)
    settle()
    settle()
    assert screen.failed.table.rows == []
    assert states(front) == [TellState.TOLD, TellState.TOLD]


def test_a_text_is_worded_with_its_places_and_put_back(
    desk: Desk, front: FrontDesk, hands: Hands, show: Show, settle: Wait, picture: Picture
) -> None:
    screen = TextsScreen(desk)
    show(screen, 962, 690)
    settle()
    assert screen.records.choose(f"{Notice.BOOKED}:{Channel.SMS}:en")
    settle()
    body = screen.records.form["body"]
    assert screen.length.text().startswith("1 text message, ")
    assert "Latin letters, 160 in a message" in screen.length.text()
    body.setFocus()
    body.selectAll()
    hands.type("Hi ")
    QTest.mouseClick(screen.places["patient_name"], CLICK)
    hands.type(" {0}")
    hints = screen.records.form.fields["body"].findChildren(Label)
    assert any(one.isVisible() and "cannot stand here." in one.text() for one in hints)
    hands.press(KEY.Key_S, CTRL)
    settle()
    assert "cannot stand here." in screen.records.form.fields["body"].error
    assert body.toPlainText() == "Hi {patient_name} {0}"
    for _character in range(4):
        hands.press(KEY.Key_Backspace)
    assert screen.preview.text() == "Hi Asha Kulkarni"
    hands.press(KEY.Key_S, CTRL)
    settle()
    settle()
    assert front.ask(wording_in_force, Notice.BOOKED, Channel.SMS, "en").body == "Hi {patient_name}"
    QTest.mouseClick(screen.restore_shipped, CLICK)
    hands.press(KEY.Key_S, CTRL)
    settle()
    assert front.ask(wording_in_force, Notice.BOOKED, Channel.SMS, "en") == shipped(Notice.BOOKED, Channel.SMS, "en")
    screen.language.setFocus()
    hands.press(KEY.Key_Down)
    assert screen.records.choose(f"{Notice.MOVED}:{Channel.EMAIL}:ar")
    settle()
    assert screen.preview_subject.text() == Language("ar").gettext("Your appointment at {clinic_name} has another time").format(
        clinic_name="Main Clinic"
    )
    picture(screen, "texts-mail-ar")


def test_a_patient_wants_no_messages(
    desk_as: Callable[[str], Desk], front: FrontDesk, hands: Hands, show: Show, settle: Wait, picture: Picture
) -> None:
    texting(front)
    asha = front.patient("Asha", "Rao", phone="9876543200")
    front.book(asha, at(9, day=TOMORROW))
    screen = PatientScreen(desk_as("receptionist"))
    show(screen, 1100, 690)
    screen.open(patient_id=asha.id)
    settle()
    tabs = screen.file.tabs
    tabs.open_part("messages")
    settle()
    part = tabs.parts["messages"]
    assert isinstance(part, MessagesPart)
    assert [part.table.model.columns[4].text(one) for one in part.table.rows] == ["Waiting", "Waiting"]
    picture(screen, "file-messages")
    part.by.setFocus()
    for _way in range(4):
        hands.press(KEY.Key_Down)
    assert part.by.value() is ContactBy.NONE
    QTest.mouseClick(part.save, CLICK)
    settle()
    settle()
    assert front.ask(contact_wish, asha.id).contact_by is ContactBy.NONE
    assert [part.table.model.columns[4].text(one) for one in part.table.rows] == ["Withdrawn", "Withdrawn"]
    assert {part.table.model.columns[5].text(one) for one in part.table.rows} == {"Wants no messages"}
    assert QApplication.activeModalWidget() is None


@pytest.mark.parametrize(("theme", "language"), LOOKS)
@pytest.mark.parametrize("code", ["reminders", "message_texts"])
def test_they_are_looked_at(look: Look, booked: list[Any], code: str, theme: str, language: str) -> None:
    (spec,) = (one for one in notices.SCREENS if one.code == code)
    look(spec, theme, language)
