"""Editing a patient, drafts, and how names and ages are read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.patients import commands, queries
from clinic_desktop.clinic.patients.details import details_of
from clinic_desktop.clinic.patients.queries import PatientRow
from clinic_desktop.clinic.patients.rules import Gender
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.ui.drafts import Drafts
from clinic_desktop.ui.screens.reception.patient_screen import PatientScreen
from clinic_desktop.ui.screens.registration.screen import RegistrationScreen
from clinic_desktop.ui.screens.registration.typed import Name, read_birth, read_name
from clinic_desktop.ui.shell import Shell
from clinic_desktop.ui.widgets.dialogs import Dialog
from tests.ui.screens.frontdesk import TODAY, FrontDesk, Hands
from tests.ui.screens.registration_desk import Settle, close_dialog, opened, screen, type_patient

__all__ = ["screen"]


def test_editing_keeps_what_was_not_touched(house: Callable[[str], Shell], front: FrontDesk, hands: Hands, settle: Settle) -> None:
    row = front.patient("Ana Maria", "de Souza", date_of_birth=date(1980, 9, 1), dob_is_estimated=True, phone="98200 11001", remarks="Old")
    shell = house("receptionist")
    shell.open("registration", {"patient_id": row.id})
    settle()
    screen = shell.current
    assert isinstance(screen, RegistrationScreen)
    assert screen.banner.isVisible()
    screen.form.more["allergies"].setFocus()
    hands.type("Latex")
    hands.press(Qt.Key.Key_F9)
    settle()
    after = front.ask(queries.patient, row.id)
    assert after.allergies == "Latex"
    assert details_of(after) == details_of(row).__class__(**{**_fields(row), "allergies": "Latex"})
    assert isinstance(shell.current, PatientScreen)


def _fields(row: PatientRow) -> dict[str, object]:
    details = details_of(row)
    return {name: getattr(details, name) for name in details.__dataclass_fields__}


def test_somebody_elses_change_is_kept_and_so_is_mine(
    house: Callable[[str], Shell], front: FrontDesk, hands: Hands, settle: Settle
) -> None:
    row = front.patient("Asha", "Rao", phone="98200 11001")
    shell = house("receptionist")
    shell.open("registration", {"patient_id": row.id})
    settle()
    screen = shell.current
    assert isinstance(screen, RegistrationScreen)
    screen.form.more["city"].setFocus()
    hands.type("Pune")
    screen.form.more["region"].setFocus()
    hands.type("MH")
    details = details_of(row).__class__(**{**_fields(row), "allergies": "Latex", "region": "Goa"})
    front.run("nurse", commands.edit_patient, patient_id=row.id, row_version=row.row_version, details=details, phone="98200 11001")
    settle()
    hands.press(Qt.Key.Key_F9)
    settle()
    theirs = screen.form.more.fields["region"].findChildren(QLabel)
    assert any(one.isVisible() and one.text() == "Somebody else wrote here: \u2068Goa\u2069" for one in theirs)
    assert screen.form.more["region"].text() == "MH"
    assert "Allergies" in screen.problem.text()
    assert screen.form.more["city"].text() == "Pune"
    assert screen.form.more["allergies"].text() == "Latex"
    hint = screen.form.more.fields["allergies"].findChildren(QLabel)
    assert any(one.isVisible() and "Changed by somebody else. Before: –" in one.text() for one in hint)
    hands.press(Qt.Key.Key_F9)
    settle()
    after = front.ask(queries.patient, row.id)
    assert (after.city, after.allergies, after.region) == ("Pune", "Latex", "MH")


def test_a_draft_survives_and_leaving_it_is_asked(
    house: Callable[[str], Shell], drafts: Drafts, front: FrontDesk, hands: Hands, qtbot: QtBot, settle: Settle
) -> None:
    row = front.patient("Zoya", "Khan")
    shell = house("receptionist")
    screen = opened(shell, settle)
    type_patient(hands, phone="")
    shell.keep_drafts()
    again = house("receptionist")
    second = opened(again, settle)
    assert second is not screen
    assert second.form.main["name"].text() == "Asha Kulkarni"
    assert second.form.main["gender"].value() is Gender.FEMALE
    again.open("registration", {"patient_id": row.id})
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), Dialog))
    close_dialog()
    settle()
    assert second.form.main["name"].text() == "Asha Kulkarni"
    again.open("registration", {"patient_id": row.id})
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, Dialog)
    dialog.accept()
    settle()
    assert second.form.main["name"].text() == "Zoya Khan"


def test_names_are_taken_apart() -> None:
    assert read_name("  Asha ") == Name("Asha", None, None)
    assert read_name("Asha Kumari Rao") == Name("Asha", "Kumari", "Rao")
    assert read_name("Rao, Asha Kumari") == Name("Asha", "Kumari", "Rao")
    assert read_name("محمد عبد الله") == Name("محمد", "عبد", "الله")
    assert read_name(" , ") is None
    assert read_name("Mrs. Asha Rao") == read_name("Rao, Smt Asha") == read_name("Dr. Mrs Asha Rao") == Name("Asha", None, "Rao")
    assert (read_name("Dr"), read_name("श्रीमती आशा राव")) == (Name("Dr", None, None), Name("आशा", None, "राव"))
    assert read_name("السيدة ليلى حداد") == Name("ليلى", None, "حداد")
    assert read_name("Drew Msimang") == Name("Drew", None, "Msimang")


@pytest.mark.parametrize(
    ("text", "born", "estimated"),
    [
        ("34", date(1991, 9, 2), True),
        ("34y", date(1991, 9, 2), True),
        ("٣٤", date(1991, 9, 2), True),
        ("8m", date(2025, 6, 17), True),
        ("3w", date(2026, 2, 9), True),
        ("10d", date(2026, 2, 20), False),
        ("1990", date(1990, 7, 1), True),
        ("2026", date(2026, 3, 2), True),
        ("5/3/1990", date(1990, 3, 5), False),
        ("1990-03-05", date(1990, 3, 5), False),
        ("05031990", date(1990, 3, 5), False),
        ("0", date(2025, 9, 1), True),
    ],
)
def test_an_age_or_a_birth_date_is_read(text: str, born: date, estimated: bool) -> None:
    read = read_birth(text, TODAY)
    assert read is not None
    assert (read.day, read.is_estimated) == (born, estimated)


@pytest.mark.parametrize("text", ["131", "340", "abc", "32/1/1990", "1/1/2030", "2027", "1800", "0000"])
def test_what_is_no_age_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_birth(text, TODAY)
    assert refused.value.field == "birth"
