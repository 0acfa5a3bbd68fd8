"""The folded part of registration and what belongs to it: numbers of other systems, changes in words, any text in every field."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.patients import commands, queries
from clinic_desktop.clinic.patients.details import details_of
from clinic_desktop.clinic.patients.other_numbers import OtherNumber
from clinic_desktop.clinic.patients.queries import PatientRow
from clinic_desktop.clinic.patients.rules import BloodGroup
from clinic_desktop.kernel.i18n import activate
from clinic_desktop.ui.screens.reception.patient_screen import PatientScreen
from clinic_desktop.ui.screens.registration.changes import ChangesDialog
from clinic_desktop.ui.screens.registration.numbers import NumbersDialog
from clinic_desktop.ui.screens.registration.screen import RegistrationScreen
from clinic_desktop.ui.shell import Shell
from clinic_desktop.ui.theme.apply import apply_theme
from clinic_desktop.ui.widgets import Button, Dialog
from tests.ui.hands import modal
from tests.ui.screens.frontdesk import FrontDesk, Hands
from tests.ui.screens.registration_desk import Settle, screen, type_patient
from tests.ui.texts import plain
from tests.ui.walk import unnamed

__all__ = ["screen"]

House = Callable[[str], Shell]
KEY, CTRL, SHIFT = Qt.Key, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def by_name(front: FrontDesk, text: str) -> PatientRow:
    (hit,) = front.ask(queries.search, text)
    row = front.ask(queries.patient, hit.id)
    assert isinstance(row, PatientRow)
    return row


def file_of(house: House, patient: PatientRow, settle: Settle, role: str = "receptionist") -> PatientScreen:
    shell = house(role)
    shell.open("patient", {"patient_id": patient.id})
    settle()
    settle()
    assert isinstance(shell.current, PatientScreen)
    return shell.current


def test_a_number_of_another_system_is_registered_or_refused_at_its_field(
    screen: RegistrationScreen, front: FrontDesk, hands: Hands, settle: Settle
) -> None:
    front.patient("Ravi", "Menon", numbers=[OtherNumber("Laboratory", "LB 7")])
    more = screen.form.more
    type_patient(hands)
    hands.press(KEY.Key_D, CTRL)
    more["number"].setFocus()
    hands.type("LB 7")
    hands.press(KEY.Key_F9)
    settle()
    assert more.fields["number_system"].error
    assert more["number_system"].hasFocus()
    hands.type("labo")
    assert more["number_system"].text() == "laboratory"
    hands.press(KEY.Key_Return)
    hands.press(KEY.Key_F9)
    settle()
    assert plain(more.fields["number"].error) == "Ravi Menon (PAT-2026-00001) has this number already."
    assert more["number"].hasFocus()
    hands.type("8")
    hands.press(KEY.Key_F9)
    settle()
    asha = by_name(front, "lb 78")
    assert (asha.full_name, asha.phone) == ("Asha Kulkarni", "+919820011001")


def test_numbers_are_added_and_taken_back_from_the_file(house: House, front: FrontDesk, hands: Hands, qtbot: QtBot, settle: Settle) -> None:
    asha = front.patient("Asha", "Kulkarni")
    front.patient("Ravi", "Menon", numbers=[OtherNumber("Scheme", "55")])
    screen = file_of(house, asha, settle)
    hands.press(KEY.Key_N, CTRL | SHIFT)
    dialog = modal(NumbersDialog, qtbot)
    settle()
    assert unnamed(dialog) == []
    for number, error in (("55", "Ravi Menon (PAT-2026-00002) has this number already."), ("56", "")):
        dialog.form["number_system"].setFocus()
        hands.press(KEY.Key_A, CTRL)
        hands.type("scheme")
        hands.press(KEY.Key_Tab)
        hands.press(KEY.Key_A, CTRL)
        hands.type(number)
        hands.press(KEY.Key_Return)
        settle()
        settle()
        assert plain(dialog.form.fields["number"].error) == error
    qtbot.waitUntil(lambda: [(one.system, one.value) for one in dialog.table.rows] == [("Scheme", "56")])
    assert [hit.full_name for hit in front.ask(queries.search, "56")][:1] == ["Asha Kulkarni"]
    qtbot.waitUntil(lambda: plain(screen.file.contacts.numbers.text()) == "Scheme 56")
    dialog.table.grid.setFocus()
    dialog.table.select_first()
    hands.press(KEY.Key_Delete)
    question = modal(Dialog, qtbot)
    assert question is not dialog
    (remove,) = (one for one in question.findChildren(Button) if one.text() == "Remove")
    QTest.mouseClick(remove, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.table.rows == [])
    assert front.ask(queries.identifiers, asha.id) == []
    dialog.reject()
    settle()


def changed(front: FrontDesk) -> PatientRow:
    asha = front.patient("Asha", "Kulkarni", phone="98200 11001")
    edited = replace(details_of(asha), last_name="Menon", blood_group=BloodGroup.O_POSITIVE, address="12 Lake Road\nPune")
    front.run("nurse", commands.edit_patient, patient_id=asha.id, row_version=1, details=edited, phone="98200 11009")
    front.run("receptionist", commands.add_number, patient_id=asha.id, system="Laboratory", value="LB 7")
    return asha


def test_changes_are_told_in_words(house: House, front: FrontDesk, hands: Hands, qtbot: QtBot, settle: Settle) -> None:
    file_of(house, changed(front), settle)
    hands.press(KEY.Key_H, CTRL | SHIFT)
    dialog = modal(ChangesDialog, qtbot)
    qtbot.waitUntil(lambda: bool(dialog.table.rows))
    told = {line.what: (line.who, plain(line.before), plain(line.after)) for line in dialog.table.rows}
    nurse = front.world.actor("nurse").name
    assert told["Last name"] == (nurse, "Kulkarni", "Menon")
    assert told["Phone"] == (nurse, "+919820011001", "+919820011009")
    assert told["Blood group"] == (nurse, "", "O+")
    assert told["Number of another system"] == (front.world.actor("receptionist").name, "", "LB 7")
    assert dialog.table.rows[-1].what == "Registered a patient"
    assert not {"Full name", "Search text", "Sounds of the name", "Patient"} & told.keys()
    assert unnamed(dialog) == []
    hands.press(KEY.Key_Down)
    assert dialog.full.text()
    hands.press(KEY.Key_Escape)
    settle()


def test_nothing_typed_is_lost_when_a_folded_field_is_wrong(
    screen: RegistrationScreen, front: FrontDesk, hands: Hands, settle: Settle
) -> None:
    type_patient(hands)
    hands.press(KEY.Key_D, CTRL)
    screen.form.more["email"].setFocus()
    hands.type("asha at home")
    screen.form.more["emergency_contact_phone"].setFocus()
    hands.type("12")
    hands.press(KEY.Key_D, CTRL)
    assert not screen.form.more.isVisible()
    for name, right in (("email", "asha@home.example"), ("emergency_contact_phone", "98200 11002")):
        hands.press(KEY.Key_F9)
        settle()
        assert screen.form.more.fields[name].error
        assert screen.form.more[name].hasFocus()
        assert screen.form.main["name"].text() == "Asha Kulkarni"
        hands.press(KEY.Key_A, CTRL)
        hands.type(right)
    hands.press(KEY.Key_F9)
    settle()
    assert by_name(front, "Kulkarni").email == "asha@home.example"


def test_a_doubtful_phone_and_an_impossible_date_are_said_where_they_stand(
    screen: RegistrationScreen, front: FrontDesk, hands: Hands, settle: Settle
) -> None:
    phone = screen.form.main.fields["phone"]
    settle()
    for typed, doubt in (("982001", "shorter"), ("98200110012345", "longer"), ("982001100", "not a phone number"), ("98200 11001", "")):
        phone.editor.setFocus()
        hands.press(KEY.Key_A, CTRL)
        hands.type(typed)
        hands.press(KEY.Key_Tab)
        shown = [one.text() for one in phone.findChildren(QLabel) if one.isVisible() and "check it" in one.text()]
        assert (doubt in shown[0]) if doubt else shown == [], typed
    screen.form.main["name"].setFocus()
    type_patient(hands, birth="31/2/1990", phone="")
    hands.press(KEY.Key_F9)
    assert screen.form.main.fields["birth"].error == "There is no such date."
    hands.press(KEY.Key_A, CTRL)
    hands.type("28/2/1990")
    screen.form.main["phone"].setFocus()
    hands.press(KEY.Key_A, CTRL)
    hands.type("982001100")
    hands.press(KEY.Key_Tab)
    assert any(one.isVisible() and "check it" in one.text() for one in phone.findChildren(QLabel))
    hands.press(KEY.Key_F9)
    settle()
    assert by_name(front, "Kulkarni").phone == "+91982001100", "an old number is kept as it is typed"
    assert not any(one.isVisible() and "check it" in one.text() for one in phone.findChildren(QLabel)), "the next patient has another"


@pytest.mark.parametrize(("theme", "language"), [("dark", "en"), ("light", "ar"), ("light", "hi")])
def test_pictures(
    qapp: QApplication,
    house: House,
    front: FrontDesk,
    hands: Hands,
    qtbot: QtBot,
    settle: Settle,
    picture: Callable[[QWidget, str], Path],
    theme: str,
    language: str,
) -> None:
    activate(language)
    apply_theme(qapp, theme, right_to_left=language == "ar")
    asha = changed(front)
    screen = file_of(house, asha, settle)
    for kind, key in ((NumbersDialog, KEY.Key_N), (ChangesDialog, KEY.Key_H)):
        hands.press(key, CTRL | SHIFT)
        dialog = modal(kind, qtbot)
        qtbot.waitUntil(lambda dialog=dialog: bool(dialog.table.rows))  # type: ignore[misc]
        assert picture(dialog, f"{kind.__name__}-{theme}-{language}").stat().st_size > 5_000
        dialog.reject()
        qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
        screen.window().activateWindow()
        qtbot.waitUntil(screen.window().isActiveWindow)
    hands.press(KEY.Key_F3)
    settle()
    settle()
    assert picture(screen.window(), f"registration-more-{theme}-{language}").stat().st_size > 10_000
