"""Registration by real keys: half a minute from the keyboard, duplicates beside the form, a family's number, editing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.frontdesk.rules import VisitStatus
from clinic_desktop.clinic.patients import queries
from clinic_desktop.clinic.patients.queries import PatientHit, PatientRow
from clinic_desktop.clinic.patients.rules import Gender
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screens.booking.screen import BookingScreen
from clinic_desktop.ui.screens.reception.patient_screen import PatientScreen
from clinic_desktop.ui.screens.reception.walk_in import WalkInDialog
from clinic_desktop.ui.screens.registration.screen import RegistrationScreen
from clinic_desktop.ui.shell import Shell
from clinic_desktop.ui.widgets.dialogs import Dialog
from tests.ui.screens.frontdesk import FrontDesk, Hands
from tests.ui.screens.registration_desk import Settle, close_dialog, opened, screen, type_patient
from tests.ui.walk import unnamed

__all__ = ["screen"]

CTRL = Qt.KeyboardModifier.ControlModifier


def found(front: FrontDesk, text: str) -> list[PatientHit]:
    return list(front.ask(queries.search, text))


def the_one(front: FrontDesk, text: str) -> PatientRow:
    (hit,) = found(front, text)
    row = front.ask(queries.patient, hit.id)
    assert isinstance(row, PatientRow)
    return row


def shown_candidates(screen: RegistrationScreen, qtbot: QtBot, settle: Settle, names: list[str]) -> None:
    cards = screen.candidates.cards
    qtbot.waitUntil(lambda: [c.name.text() for c in cards if c.isVisible()] == names)
    settle()


def test_a_patient_is_registered_by_keyboard_with_few_keys(
    screen: RegistrationScreen, front: FrontDesk, hands: Hands, settle: Settle
) -> None:
    assert screen.form.main["name"].hasFocus()
    type_patient(hands)
    assert screen.form.understood.text().count("First name Asha, last name Kulkarni") == 1
    hands.press(Qt.Key.Key_F9)
    settle()
    row = the_one(front, "Kulkarni")
    assert (row.first_name, row.last_name, row.gender, row.phone) == ("Asha", "Kulkarni", Gender.FEMALE, "+919820011001")
    assert row.dob_is_estimated
    assert screen.saved.isVisible()
    assert screen.saved.number.text() == row.patient_number == "PAT-2026-00001"
    assert screen.form.main["name"].hasFocus()
    assert screen.form.main["name"].text() == ""
    # 13 letters of a name, a sex, 2 digits of an age, 10 of a phone: nothing but them, three times Tab, and Save.
    assert hands.presses == 13 + 1 + 2 + 10 + 3 + 1


def test_enter_goes_on_field_by_field_and_ctrl_s_saves(screen: RegistrationScreen, front: FrontDesk, hands: Hands, settle: Settle) -> None:
    for text in ("Ravi Kumar Menon", "m", "5/3/1990", "98200 11002"):
        hands.type(text)
        hands.press(Qt.Key.Key_Return)
    assert found(front, "Menon") == []
    hands.press(Qt.Key.Key_S, CTRL)
    settle()
    row = the_one(front, "Menon")
    assert (row.first_name, row.middle_name, row.last_name) == ("Ravi", "Kumar", "Menon")
    assert (row.date_of_birth, row.dob_is_estimated) == (date(1990, 3, 5), False)


def test_what_is_wrong_stands_at_its_field_and_can_be_corrected(
    screen: RegistrationScreen, front: FrontDesk, hands: Hands, settle: Settle
) -> None:
    fields = screen.form.main.fields
    hands.press(Qt.Key.Key_F9)
    assert all(fields[name].error for name in ("name", "gender", "birth"))
    assert screen.form.main["name"].hasFocus()
    type_patient(hands, birth="3x4", phone="12")
    hands.press(Qt.Key.Key_F9)
    assert "birth date" in fields["birth"].error
    assert screen.form.main["birth"].hasFocus()
    hands.press(Qt.Key.Key_A, CTRL)
    hands.type("8m")
    hands.press(Qt.Key.Key_F9)
    settle()
    assert "phone number" in fields["phone"].error
    assert screen.form.main["name"].text() == "Asha Kulkarni"
    assert found(front, "Asha") == []
    hands.press(Qt.Key.Key_A, CTRL)
    hands.type("9820011001")
    hands.press(Qt.Key.Key_F9)
    settle()
    assert the_one(front, "Asha").date_of_birth == date(2025, 6, 17)


def test_who_has_no_phone_is_registered_by_saving_again(
    screen: RegistrationScreen, front: FrontDesk, hands: Hands, settle: Settle, qtbot: QtBot
) -> None:
    type_patient(hands, phone="")
    hands.press(Qt.Key.Key_F9)
    settle()
    assert found(front, "Asha") == []
    assert "save again" in screen.form.main.fields["phone"].error
    hands.press(Qt.Key.Key_F9)  # a double press
    settle()
    assert found(front, "Asha") == []
    qtbot.waitUntil(lambda: not screen.saver.is_busy)
    hands.press(Qt.Key.Key_F9)
    settle()
    assert the_one(front, "Asha").phone is None


def test_likely_duplicates_appear_while_typing_and_one_key_opens_them(
    house: Callable[[str], Shell], front: FrontDesk, hands: Hands, qtbot: QtBot, settle: Settle
) -> None:
    known = front.patient("Muhammad", "Ansari", gender=Gender.MALE, date_of_birth=date(1990, 5, 3), phone="98200 11009")
    front.patient("Zoya", "Khan")
    shell = house("receptionist")
    screen = opened(shell, settle)
    type_patient(hands, "Mohamed Ansari", "m", "3/5/1990", "")
    shown_candidates(screen, qtbot, settle, ["Muhammad Ansari"])
    assert "similar name" in screen.candidates.cards[0].reasons.text().lower()
    assert "birth date" in screen.candidates.cards[0].reasons.text()
    hands.press(Qt.Key.Key_1, CTRL)
    settle()
    assert isinstance(shell.current, PatientScreen)
    assert shell.current.file.file is not None
    assert shell.current.file.file.patient.id == known.id
    # What was typed waits where it was, and never was in the way.
    shell.open("registration")
    assert screen.form.main["name"].text() == "Mohamed Ansari"
    screen.form.main["phone"].setFocus()
    hands.type("9820011008")
    hands.press(Qt.Key.Key_F9)
    settle()
    assert len(found(front, "Ansari")) == 2


def test_a_phone_in_use_is_offered_to_the_family(screen: RegistrationScreen, front: FrontDesk, hands: Hands, settle: Settle) -> None:
    mother = front.patient("Sunita", "Deshpande", phone="98200 11003")
    type_patient(hands, "Arjun Deshpande", "m", "8", "9820011003")
    hands.press(Qt.Key.Key_F9)
    settle()
    assert "Sunita Deshpande" in screen.form.main.fields["phone"].error
    assert mother.patient_number in screen.form.main.fields["phone"].error
    assert screen.form.share.isVisible()
    hands.press(Qt.Key.Key_G, CTRL)
    assert "Sunita Deshpande" in screen.form.sharing.text()
    hands.press(Qt.Key.Key_F9)
    settle()
    child = the_one(front, "Arjun")
    assert (child.phone, child.phone_owner_id) == (mother.phone, mother.id)


def test_a_relative_is_found_by_name_and_lends_the_number(
    screen: RegistrationScreen, front: FrontDesk, hands: Hands, qtbot: QtBot, settle: Settle
) -> None:
    mother = front.patient("Sunita", "Deshpande", phone="98200 11003")
    type_patient(hands, "Arjun Deshpande", "m", "8", "")
    hands.press(Qt.Key.Key_D, CTRL)
    assert screen.form.more["blood_group"].hasFocus()
    screen.form.family.setFocus()
    hands.type("sunita")
    hands.press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: screen.form.owner is not None)
    assert screen.form.main["phone"].text() == mother.phone
    hands.press(Qt.Key.Key_F9)
    settle()
    assert the_one(front, "Arjun").phone_owner_id == mother.id


def test_another_number_is_nobodys_shared_one(screen: RegistrationScreen, front: FrontDesk, hands: Hands, settle: Settle) -> None:
    front.patient("Sunita", "Deshpande", phone="98200 11003")
    type_patient(hands, "Arjun Deshpande", "m", "8", "9820011003")
    hands.press(Qt.Key.Key_F9)
    settle()
    hands.press(Qt.Key.Key_G, CTRL)
    screen.form.main["phone"].setFocus()
    hands.press(Qt.Key.Key_Backspace)
    hands.type("4")
    assert screen.form.owner is None
    hands.press(Qt.Key.Key_F9)
    settle()
    assert the_one(front, "Arjun").phone_owner_id is None


def test_save_and_walk_in_ends_in_the_queue(
    screen: RegistrationScreen, front: FrontDesk, hands: Hands, qtbot: QtBot, settle: Settle
) -> None:
    type_patient(hands)
    hands.press(Qt.Key.Key_F6)
    settle()
    dialog = walk_in_dialog(qtbot)
    settle()
    assert unnamed(dialog) == []
    hands.press(Qt.Key.Key_Return)
    hands.press(Qt.Key.Key_Return)
    settle()
    (visit,) = front.board()
    assert (visit.patient_name, visit.status, visit.queue_number) == ("Asha Kulkarni", VisitStatus.WAITING, 1)


def walk_in_dialog(qtbot: QtBot) -> WalkInDialog:
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), WalkInDialog) and QApplication.focusWidget() is not None)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, WalkInDialog)
    return dialog


def test_save_and_book_takes_the_patient_along(
    house: Callable[[str], Shell], front: FrontDesk, hands: Hands, qtbot: QtBot, settle: Settle
) -> None:
    shell = house("receptionist")
    opened(shell, settle)
    type_patient(hands)
    hands.press(Qt.Key.Key_F7)
    settle()
    booking = shell.current
    assert isinstance(booking, BookingScreen)
    qtbot.waitUntil(lambda: booking.file is not None)
    assert booking.file is not None
    assert booking.file.patient.full_name == "Asha Kulkarni"


def test_save_and_print_card_issues_one_and_shows_it(
    screen: RegistrationScreen, front: FrontDesk, hands: Hands, qtbot: QtBot, settle: Settle
) -> None:
    type_patient(hands)
    hands.press(Qt.Key.Key_F8)
    settle()
    row = the_one(front, "Asha")
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), Dialog))
    settle()
    assert front.ask(queries.card_in_use, row.id).card_number == "CRD-2026-000001"
    close_dialog()


def test_a_double_press_registers_once(screen: RegistrationScreen, front: FrontDesk, hands: Hands, settle: Settle) -> None:
    type_patient(hands)
    hands.press(Qt.Key.Key_F9)
    hands.press(Qt.Key.Key_F9)
    hands.press(Qt.Key.Key_S, CTRL)
    settle()
    assert len(found(front, "Asha")) == 1


def test_a_typed_name_or_phone_comes_along(house: Callable[[str], Shell], settle: Settle) -> None:
    shell = house("receptionist")
    shell.open("registration", {"text": "Kiran Bedi"})
    screen = shell.current
    assert isinstance(screen, RegistrationScreen)
    assert screen.form.main["name"].text() == "Kiran Bedi"
    screen.form.clear()
    shell.open("registration", {"text": "98200 11001"})
    assert (screen.form.main["name"].text(), screen.form.main["phone"].text()) == ("", "98200 11001")
    settle()


def test_who_may_not_register_sees_no_save_and_is_refused(
    desk_as: Callable[[str], Desk], show: Callable[[QWidget], None], settle: Settle, hands: Hands, refusals: list[object], front: FrontDesk
) -> None:
    screen = RegistrationScreen(desk_as("cashier"))
    show(screen)
    settle()
    assert not screen.save.isVisible()
    assert not any(button.isVisible() for button in screen.foot.then.values())
    type_patient(hands)
    screen._save("")
    settle()
    assert "You may not do this" in screen.problem.text()
    assert found(front, "Asha") == []


def test_every_control_has_a_name(screen: RegistrationScreen, hands: Hands, settle: Settle) -> None:
    hands.press(Qt.Key.Key_D, CTRL)
    settle()
    assert unnamed(screen) == []


def test_pictures(screen: RegistrationScreen, picture: Callable[[QWidget, str], Path], hands: Hands, settle: Settle) -> None:
    type_patient(hands, "Jean-Luc Fernandes")
    settle()
    assert picture(screen.window(), "registration").stat().st_size > 10_000
