"""A patient's number and address proved in the file: the code leaves, is read out, typed with slips, and what it proves is seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from clinic_desktop.clinic.access.rules import OtpPurpose
from clinic_desktop.clinic.messages.commands import claim_due, set_up_mail, set_up_texts
from clinic_desktop.clinic.messages.commands import settle as settle_message
from clinic_desktop.clinic.messages.models import QueuedMessage
from clinic_desktop.clinic.messages.rules import TEMPLATES, BodyForm, Channel, Security
from clinic_desktop.clinic.patients.commands import edit_patient
from clinic_desktop.clinic.patients.details import details_of
from clinic_desktop.clinic.patients.queries import PatientRow
from clinic_desktop.clinic.patients.queries import patient as patient_now
from clinic_desktop.kernel.i18n import activate
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screens.reception.patient_screen import PatientScreen
from clinic_desktop.ui.screens.reception.proving import ContactLine, ProveDialog
from clinic_desktop.ui.shell import Shell
from clinic_desktop.ui.theme.apply import apply_theme
from tests.conftest import FrozenClock
from tests.ui.hands import enter, modal
from tests.ui.screens.conftest import LOOKS
from tests.ui.screens.frontdesk import FrontDesk, Hands
from tests.ui.walk import unnamed

House = Callable[[str], Shell]
Settle = Callable[[], None]
KEY = Qt.Key
MAIL, PHONE = OtpPurpose.VERIFY_EMAIL, OtpPurpose.VERIFY_PHONE


@pytest.fixture
def asha(front: FrontDesk) -> PatientRow:
    return front.patient("Asha", "Kulkarni", phone="98200 11001", email="asha@home.example")


def give_mail_server(front: FrontDesk) -> None:
    server = {"host": "localhost", "port": 25, "security": Security.UNPROTECTED, "username": "", "sender": "desk@clinic.example"}
    front.world.db.run(front.world.system(), set_up_mail, **server, sealed=None, keeps_password=False)  # type: ignore[arg-type]


def give_text_service(front: FrontDesk) -> None:
    service = {
        "url": "http://localhost:9/send",
        "form": BodyForm.FORM,
        "template": TEMPLATES[BodyForm.FORM],
        "header": "",
        "sender": "Clinic",
    }
    front.world.db.run(front.world.system(), set_up_texts, **service, sealed=None, keeps_secret=False)  # type: ignore[arg-type]


def file_of(house: House, patient: PatientRow, settle: Settle, role: str = "receptionist") -> PatientScreen:
    shell = house(role)
    shell.open("patient", {"patient_id": patient.id})
    settle()
    settle()
    assert isinstance(shell.current, PatientScreen)
    return shell.current


def line(screen: PatientScreen, purpose: OtpPurpose) -> ContactLine:
    return screen.file.contacts.lines[purpose]


def open_dialog(screen: PatientScreen, purpose: OtpPurpose, qtbot: QtBot, settle: Settle) -> ProveDialog:
    """Back from what is offered to the button above it, and Space."""
    button = line(screen, purpose).prove
    screen.file.walk_in.setFocus()
    for _ in range(4):
        if not button.hasFocus():
            QTest.keyClick(QApplication.focusWidget(), KEY.Key_Backtab)
    assert button.hasFocus(), "not reached by the keyboard"
    QTest.keyClick(button, KEY.Key_Space)
    dialog = modal(ProveDialog, qtbot)
    settle()
    return dialog


def body_of_the_message(front: FrontDesk) -> str:
    with front.world.db.read() as session:
        newest = session.scalars(select(QueuedMessage.payload).order_by(QueuedMessage.id.desc()).limit(1)).one()
    return msgspec.json.decode(str(newest), type=dict[str, str])["body"]


def code_in_the_message(front: FrontDesk) -> str:
    return body_of_the_message(front).partition("code ")[2][:7]


def other(code: str) -> str:
    return str((int(code.replace(" ", "")) + 1) % 1_000_000).zfill(6)


def test_an_address_is_proved_by_the_keyboard_alone(
    house: House, front: FrontDesk, asha: PatientRow, hands: Hands, qtbot: QtBot, settle: Settle
) -> None:
    give_mail_server(front)
    screen = file_of(house, asha, settle)
    said: list[str] = []
    screen.desk.toasted.connect(lambda text, _tone, _undo: said.append(text))
    assert "asha@home.example" in line(screen, MAIL).text.text()
    assert line(screen, MAIL).state.isHidden()
    dialog = open_dialog(screen, MAIL, qtbot, settle)
    assert unnamed(dialog) == []
    assert "a•••@home.example" in dialog.where.text()
    assert "asha@" not in dialog.where.text()
    assert dialog.entry.send.hasFocus()
    hands.press(KEY.Key_Return)
    settle()
    settle()
    assert dialog.entry.code.hasFocus()
    assert "A code was sent to" in dialog.where.text()
    assert dialog.way.text() == "The message is sent within half a minute."
    first, second = code_in_the_message(front).split()
    hands.type(f" {first}-{second} ")
    hands.press(KEY.Key_Return)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    settle()
    settle()
    assert said == ["The e-mail address is verified."]
    assert line(screen, MAIL).state.text == "Verified on Mar 2, 2026"
    assert line(screen, MAIL).prove.isHidden()
    assert line(screen, PHONE).prove.isVisible()


def test_a_number_is_proved_by_a_text_message(
    house: House, front: FrontDesk, asha: PatientRow, hands: Hands, qtbot: QtBot, settle: Settle
) -> None:
    give_text_service(front)
    screen = file_of(house, asha, settle)
    dialog = open_dialog(screen, PHONE, qtbot, settle)
    assert "••••••••••001" in dialog.where.text()
    hands.press(KEY.Key_Return)
    settle()
    with front.world.db.read() as session:
        sent = session.execute(select(QueuedMessage.channel, QueuedMessage.recipient)).one()
    assert (sent.channel, sent.recipient) == (Channel.SMS, "+919820011001")
    for digit in code_in_the_message(front).replace(" ", ""):
        enter(dialog.entry.code, "٠١٢٣٤٥٦٧٨٩"[int(digit)])
    hands.press(KEY.Key_Return)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    settle()
    settle()
    assert line(screen, PHONE).state.text == "Verified on Mar 2, 2026"
    assert line(screen, MAIL).state.isHidden()


def test_wrong_codes_count_down_and_a_slip_of_the_hand_does_not(
    house: House, front: FrontDesk, asha: PatientRow, hands: Hands, qtbot: QtBot, settle: Settle
) -> None:
    give_mail_server(front)
    dialog = open_dialog(file_of(house, asha, settle), MAIL, qtbot, settle)
    hands.press(KEY.Key_Return)
    settle()
    code = code_in_the_message(front)
    hands.type("12345")
    hands.press(KEY.Key_Return)
    settle()
    assert dialog.entry.problem.text() == "The code has 6 digits."
    assert dialog.entry.code.text() == "12345"
    hands.press(KEY.Key_A, Qt.KeyboardModifier.ControlModifier)
    for left in ("4 more tries", "3 more tries", "2 more tries", "1 more try"):
        hands.type(other(code))
        hands.press(KEY.Key_Return)
        settle()
        settle()
        assert dialog.entry.problem.text() == f"This is not the code. {left}."
        assert dialog.entry.code.selectedText() == other(code), "ready to be typed over"
    hands.type("9")
    assert dialog.entry.problem.isHidden(), "the error goes with the next key"
    hands.type(other(code)[1:])
    hands.press(KEY.Key_Return)
    settle()
    settle()
    assert dialog.entry.problem.text().startswith("This code was tried too often")
    hands.type(code)
    hands.press(KEY.Key_Return)
    settle()
    settle()
    assert dialog.entry.problem.text().startswith("This code was tried too often")
    assert dialog.entry.send.text() == "Send a new code"
    QTest.mouseClick(dialog.entry.send, Qt.MouseButton.LeftButton)
    settle()
    settle()
    assert dialog.entry.problem.isHidden()
    hands.type(code_in_the_message(front))
    hands.press(KEY.Key_Return)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    settle()


def test_a_code_that_is_out_is_taken_after_the_dialog_was_closed_and_not_after_its_time(
    house: House, front: FrontDesk, asha: PatientRow, hands: Hands, qtbot: QtBot, settle: Settle, clock: FrozenClock
) -> None:
    give_mail_server(front)
    screen = file_of(house, asha, settle)
    open_dialog(screen, MAIL, qtbot, settle)
    hands.press(KEY.Key_Return)
    settle()
    hands.press(KEY.Key_Escape)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    screen.window().activateWindow()
    qtbot.waitUntil(screen.window().isActiveWindow)
    code = code_in_the_message(front)
    dialog = open_dialog(screen, MAIL, qtbot, settle)
    assert dialog.entry.code.hasFocus()
    clock.advance(minutes=11)
    hands.type(code)
    hands.press(KEY.Key_Return)
    settle()
    settle()
    assert dialog.entry.problem.text() == "This code is too old. Send a new one."
    assert dialog.entry.code.text() == code
    hands.press(KEY.Key_Escape)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)


def test_codes_are_not_sent_without_end(
    house: House, front: FrontDesk, asha: PatientRow, qtbot: QtBot, settle: Settle, clock: FrozenClock
) -> None:
    give_mail_server(front)
    dialog = open_dialog(file_of(house, asha, settle), MAIL, qtbot, settle)
    for _ in range(6):
        QTest.mouseClick(dialog.entry.send, Qt.MouseButton.LeftButton)
        settle()
        clock.advance(minutes=1)
    assert dialog.entry.problem.text() == "Too many codes were asked for. Try again in 55 minutes."
    dialog.reject()


def test_what_becomes_of_the_message_is_told(
    house: House, front: FrontDesk, asha: PatientRow, hands: Hands, qtbot: QtBot, settle: Settle, clock: FrozenClock
) -> None:
    give_mail_server(front)
    dialog = open_dialog(file_of(house, asha, settle), MAIL, qtbot, settle)
    hands.press(KEY.Key_Return)
    settle()
    program = front.world.system()
    (message,) = front.world.db.run(program, claim_due, channels=(Channel.EMAIL,), limit=5)
    front.world.db.run(program, settle_message, message_id=message.message_id, error="mailbox full")
    qtbot.waitUntil(lambda: "mailbox full" in dialog.way.text())
    assert dialog.way.text().startswith("The message could not be sent yet")
    clock.advance(minutes=2)
    front.world.db.run(program, claim_due, channels=(Channel.EMAIL,), limit=5)
    front.world.db.run(program, settle_message, message_id=message.message_id, provider_id="1")
    qtbot.waitUntil(lambda: dialog.way.text() == "The message was sent.")
    dialog.reject()


@pytest.mark.parametrize("purpose", [MAIL, PHONE])
def test_where_nothing_can_be_sent_nothing_is_offered(
    house: House, front: FrontDesk, asha: PatientRow, qtbot: QtBot, settle: Settle, purpose: OtpPurpose
) -> None:
    dialog = open_dialog(file_of(house, asha, settle), purpose, qtbot, settle)
    assert dialog.where.text().startswith("No code can be sent")
    assert dialog.entry.send.isHidden()
    assert dialog.entry.code.isHidden()
    dialog.reject()


def test_an_address_that_changed_meanwhile_is_not_called_proved(
    house: House, front: FrontDesk, asha: PatientRow, hands: Hands, qtbot: QtBot, settle: Settle
) -> None:
    give_mail_server(front)
    screen = file_of(house, asha, settle)
    dialog = open_dialog(screen, MAIL, qtbot, settle)
    hands.press(KEY.Key_Return)
    settle()
    code, row = code_in_the_message(front), front.ask(patient_now, asha.id)
    edited = {"patient_id": row.id, "row_version": row.row_version, "phone": row.phone_typed}
    front.run("receptionist", edit_patient, details=replace(details_of(row), email="new@home.example"), **edited)
    hands.type(code)
    hands.press(KEY.Key_Return)
    settle()
    settle()
    assert dialog.entry.problem.text().startswith("The code was right, but it went to")
    dialog.reject()
    settle()
    assert line(screen, MAIL).state.isHidden()
    assert "new@home.example" in line(screen, MAIL).text.text()


def test_who_may_not_edit_patients_sees_whether_it_is_proved_and_no_button(
    desk_as: Callable[[str], Desk], front: FrontDesk, asha: PatientRow, show: Callable[[QWidget], None], settle: Settle
) -> None:
    for role, may in (("receptionist", True), ("cashier", False)):
        screen = PatientScreen(desk_as(role))
        show(screen)
        screen.open(patient_id=asha.id)
        settle()
        assert line(screen, MAIL).text.isVisible()
        assert line(screen, MAIL).prove.isVisible() is may
        screen.hide()


def test_nothing_stands_there_of_the_former_patient_or_of_one_without_contacts(
    house: House, front: FrontDesk, asha: PatientRow, settle: Settle
) -> None:
    screen = file_of(house, asha, settle)
    assert screen.file.contacts.isVisible()
    screen.open(patient_id=front.patient("Om", None, phone=None).id)
    assert screen.file.contacts.isHidden()
    settle()
    assert screen.file.contacts.isHidden()


@pytest.mark.parametrize(("theme", "language"), LOOKS)
def test_pictures(
    qapp: QApplication,
    house: House,
    front: FrontDesk,
    asha: PatientRow,
    hands: Hands,
    qtbot: QtBot,
    settle: Settle,
    picture: Callable[[QWidget, str], Path],
    theme: str,
    language: str,
) -> None:
    give_mail_server(front)
    activate(language)
    apply_theme(qapp, theme, right_to_left=language == "ar")
    front.book(asha)
    screen = file_of(house, asha, settle)
    window = screen.window()
    picture(window, f"proving-file-{theme}-{language}")
    dialog = open_dialog(screen, PHONE, qtbot, settle)
    picture(dialog, f"proving-none-{theme}-{language}")
    dialog.reject()
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    dialog = open_dialog(screen, MAIL, qtbot, settle)
    picture(dialog, f"proving-before-{theme}-{language}")
    hands.press(KEY.Key_Return)
    settle()
    settle()
    hands.type("000000")
    hands.press(KEY.Key_Return)
    settle()
    settle()
    picture(dialog, f"proving-wrong-{theme}-{language}")
    hands.type("".join(c for c in body_of_the_message(front) if c.isdecimal())[:6])
    hands.press(KEY.Key_Return)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    settle()
    settle()
    assert picture(window, f"proving-done-{theme}-{language}").stat().st_size > 10_000
