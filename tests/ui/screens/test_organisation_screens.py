"""Hospital, clinics, taxes, holidays, workstations, numbers and settings, by keys and clicks on the real screens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.frontdesk import commands as frontdesk
from clinic_desktop.clinic.organisation import queries
from clinic_desktop.clinic.organisation.commands import add_holiday
from clinic_desktop.clinic.organisation.printers import PrinterProfile
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.preferences import Preferences
from clinic_desktop.ui.screens.booking.moved_away import MovedAwayDialog
from clinic_desktop.ui.screens.organisation.clinics import ClinicsScreen
from clinic_desktop.ui.screens.organisation.holidays import HolidaysScreen
from clinic_desktop.ui.screens.organisation.last_year import CopyHolidays
from clinic_desktop.ui.screens.organisation.taxes import TaxesScreen
from clinic_desktop.ui.screens.organisation.workstations import WorkstationsScreen
from tests.clinic.world import HOLIDAY, World
from tests.ui.hands import modal
from tests.ui.screens.frontdesk import FrontDesk, Hands
from tests.ui.screens.frontdesk import at as instant
from tests.ui.screens.set_up_room import CLICK, CTRL, KEY, Wait, ask, at, click_row, put, texts
from tests.ui.walk import unnamed

__all__ = ["at"]


# Clinics


def test_a_clinic_is_added_closed_and_opened_again(at: Callable[..., ClinicsScreen], hands: Hands, settle: Wait, world: World) -> None:
    screen = at(ClinicsScreen)
    records = screen.records
    assert screen.close_button.isHidden()  # the main one stays open
    assert not records.form["code"].isEnabled()
    hands.press(KEY.Key_F2)
    hands.type("North")
    hands.press(KEY.Key_Return)
    hands.type("main")
    records.form["timezone"].set_value("Asia/Kolkata")
    hands.press(KEY.Key_S, CTRL)
    settle()
    assert "MAIN" in records.form.fields["code"].error
    put(hands, records.form["code"], "nth")
    hands.press(KEY.Key_S, CTRL)
    settle()
    settle()
    assert records.panel.title.text() == "North"
    assert texts(records)[1] == ["North", "NTH", "Asia/Kolkata", "In use"]
    QTest.mouseClick(screen.close_button, CLICK)
    settle()
    settle()
    assert [one.code for one in ask(world, queries.clinics)] == ["MAIN"]
    assert texts(records)[1][3] == "Closed"
    QTest.mouseClick(screen.reopen_button, CLICK)
    settle()
    assert len(ask(world, queries.clinics)) == 2
    put(hands, records.form["name"], "North Wing")
    hands.press(KEY.Key_S, CTRL)
    settle()
    assert ask(world, queries.clinics)[1].name == "North Wing"


# Taxes


def test_a_rate_is_followed_by_another(at: Callable[..., TaxesScreen], hands: Hands, settle: Wait, world: World) -> None:
    screen = at(TaxesScreen)
    records = screen.records
    click_row(records, lambda row: row.name == "GST 5 %")
    QTest.mouseClick(screen.new_rate, CLICK)
    assert records.is_new
    assert records.form["rate_basis_points"].hasFocus()
    assert records.form["name"].text() == "GST 5 %"
    hands.type("5,5")
    put(hands, records.form["valid_from"], "1/4/2026")
    hands.press(KEY.Key_S, CTRL)
    settle()
    settle()
    assert texts(records) == [
        ["GST 18 %", "18%", "Jan 1, 2026", "", "Valid"],
        ["GST 5 %", "5.5%", "Apr 1, 2026", "", "To come"],
        ["GST 5 %", "5%", "Jan 1, 2026", "Mar 31, 2026", "Valid"],
    ]
    with world.db.read() as session:
        assert [one.rate_basis_points for one in queries.taxes(session, on=date(2026, 4, 1))] == [1800, 550]


def test_a_wrong_rate_is_corrected_and_a_used_one_only_ends(
    at: Callable[..., TaxesScreen], hands: Hands, settle: Wait, front: FrontDesk, world: World
) -> None:
    front.walk_in(front.patient(), service_id=world.services["ECG"])  # taxed with 18 %
    screen = at(TaxesScreen)
    records = screen.records
    click_row(records, lambda row: row.name == "GST 18 %")
    put(hands, records.form["rate_basis_points"], "17")
    hands.press(KEY.Key_S, CTRL)
    settle()
    assert "stands on invoices" in records.panel.problem.text()
    put(hands, records.form["rate_basis_points"], "18")
    put(hands, records.form["valid_to"], "1/3/2026")
    hands.press(KEY.Key_S, CTRL)
    settle()
    assert "An invoice of" in records.form.fields["valid_to"].error
    put(hands, records.form["valid_to"], "2/3/2026")
    hands.press(KEY.Key_S, CTRL)
    settle()
    settle()
    rates = {one.name: one for one in ask(world, queries.tax_rates)}
    assert rates["GST 18 %"].valid_to == date(2026, 3, 2)
    click_row(records, lambda row: row.name == "GST 5 %")
    put(hands, records.form["rate_basis_points"], "4.5")
    hands.press(KEY.Key_S, CTRL)
    settle()
    assert {one.name: one.rate_basis_points for one in ask(world, queries.tax_rates)} == {"GST 18 %": 1800, "GST 5 %": 450}


# Holidays


def test_holidays_are_added_taken_over_and_taken_back(
    at: Callable[..., HolidaysScreen], hands: Hands, settle: Wait, world: World, qtbot: QtBot, desk: Desk
) -> None:
    screen = at(HolidaysScreen)
    records = screen.records
    undo: list[Any] = []
    desk.toasted.connect(lambda _text, _tone, action: undo.append(action))
    hands.press(KEY.Key_F2)
    hands.type("15082026")
    hands.press(KEY.Key_Return)
    hands.type("Independence Day")
    hands.press(KEY.Key_S, CTRL)
    settle()
    settle()
    assert [row[0] for row in texts(records)] == ["Eid al-Fitr", "Independence Day"]
    assert [row[2] for row in texts(records)] == ["Main Clinic", "the whole hospital"]
    screen.year.setFocus()
    hands.press(KEY.Key_Down)
    settle()
    assert texts(records) == []
    assert screen.copy.text() == "Take over 2026…"
    QTest.mouseClick(screen.copy, CLICK)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, CopyHolidays)
    assert unnamed(dialog) == []
    qtbot.waitUntil(dialog.isActiveWindow)
    dialog.ticks[0][1].setFocus()
    hands.press(KEY.Key_Space)  # Eid moves with the moon
    QTest.mouseClick(dialog.take, CLICK)
    qtbot.waitUntil(lambda: [row[0] for row in texts(records)] == ["Independence Day"])
    screen.activateWindow()
    qtbot.waitUntil(screen.isActiveWindow)
    QTest.mouseClick(screen.cancel_button, CLICK)
    qtbot.waitUntil(lambda: texts(records) == [])
    undo[-1]()
    qtbot.waitUntil(lambda: [row[0] for row in texts(records)] == ["Independence Day"])
    assert [one.day for one in ask(world, queries.holidays_of_year, year=2027)] == [date(2027, 8, 15)]
    assert [one.day for one in ask(world, queries.holidays_of_year, year=2026)] == [HOLIDAY, date(2026, 8, 15)]


def test_a_lifted_holiday_names_whom_it_had_moved_away(
    at: Callable[..., HolidaysScreen], front: FrontDesk, hands: Hands, settle: Wait, world: World, qtbot: QtBot, desk: Desk
) -> None:
    """With what became of their former places; nobody is moved back, and Enter opens who is to be called."""
    day, other = date(2026, 3, 4), date(2026, 3, 5)
    asha, ravi = (front.patient(name) for name in ("Asha", "Ravi"))
    moved = [front.book(one, instant(10, 15 * number, day)) for number, one in enumerate((asha, ravi))]
    front.run("admin", add_holiday, day=day, name="Founder's day")
    for number, one in enumerate(moved):
        front.run("receptionist", frontdesk.move, appointment_id=one.appointment_id, start=instant(11, 15 * number, other))
    front.run(
        "doctor",
        frontdesk.book,
        clinic_id=world.clinic_id,
        doctor_id=world.doctor_id,
        patient_id=front.patient("Om").id,
        service_id=world.services["CONS"],
        start=instant(10, 15, day),
        override_reason="Sees her all the same",
    )
    screen = at(HolidaysScreen)
    opened: list[Any] = []
    desk.opened.connect(lambda code, what: opened.append((code, what)))
    click_row(screen.records, lambda row: row.day == day)
    QTest.mouseClick(screen.cancel_button, CLICK)
    dialog = modal(MovedAwayDialog, qtbot)
    settle()
    assert [(row[0], row[4]) for row in texts(dialog)] == [("Asha Rao", "free"), ("Ravi Rao", "taken")]
    assert texts(dialog)[0][2:4] == [
        "\u2068Mar 4, 2026, 10:00\xa0AM\u2069  ·  \u2068Doctor One\u2069",
        "\u2068Mar 5, 2026, 11:00\xa0AM\u2069  ·  \u2068Doctor One\u2069",
    ]
    assert unnamed(dialog) == []
    hands.press(KEY.Key_Down)
    hands.press(KEY.Key_Return)
    assert opened == [("patient", {"patient_id": ravi.id, "visit_id": moved[1].visit_id})]
    assert front.visit(moved[0].visit_id).business_date == other
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)


def test_a_holiday_of_another_year_turns_to_that_year(at: Callable[..., HolidaysScreen], hands: Hands, settle: Wait) -> None:
    screen = at(HolidaysScreen)
    records = screen.records
    hands.press(KEY.Key_F2)
    hands.type("01/01/2050")
    hands.press(KEY.Key_Return)
    hands.type("New Year")
    hands.press(KEY.Key_S, CTRL)
    assert "2023" in records.form.fields["day"].error
    put(hands, records.form["day"], "01/01/2027")
    hands.press(KEY.Key_S, CTRL)
    settle()
    settle()
    assert (screen.year.value(), [row[0] for row in texts(records)]) == (2027, ["New Year"])
    assert records.panel.title.text() == "New Year"


# Workstations


def test_a_workstation_gets_its_printers(at: Callable[..., WorkstationsScreen], hands: Hands, settle: Wait, world: World) -> None:
    screen = at(WorkstationsScreen)
    records = screen.records
    click_row(records, lambda row: row.name == "cashier")
    printer, copies = screen.printers.lines["receipt"]
    printer.setFocus()
    hands.type("Thermal 80")
    copies.setFocus()
    hands.press(KEY.Key_Up)
    assert records.is_typed
    kept = screen.draft()
    hands.press(KEY.Key_S, CTRL)
    settle()
    found = ask(world, queries.printer_for, workstation_id=world.workstations["cashier"], kind="receipt")
    assert found == PrinterProfile("Thermal 80", 2)
    assert not records.is_typed
    assert kept is not None
    assert kept["form"]["printers"]["receipt"] == ["Thermal 80", 2]
    put(hands, printer, "x")
    hands.press(KEY.Key_Backspace)
    hands.press(KEY.Key_S, CTRL)
    settle()
    assert ask(world, queries.printer_for, workstation_id=world.workstations["cashier"], kind="receipt") is None


def test_this_computer_says_which_it_is(
    at: Callable[..., WorkstationsScreen], desk: Desk, preferences: Preferences, world: World, settle: Wait, tmp_path: Path
) -> None:
    desk.preferences = preferences
    screen = at(WorkstationsScreen)
    assert screen.page.subtitle.text() == "Nobody has said which of them this computer is."
    click_row(screen.records, lambda row: row.name == "room 1")
    QTest.mouseClick(screen.this_button, CLICK)
    settle()
    assert preferences.workstation_id == world.workstations["room 1"]
    assert screen.page.subtitle.text() == "This computer is \u2068room 1\u2069."
    assert screen.this_button.text() == "Not this computer"
    assert [row[0] for row in texts(screen.records) if row[4] == "This computer"] == ["room 1"]
    QTest.mouseClick(screen.this_button, CLICK)
    settle()
    assert preferences.workstation_id is None
