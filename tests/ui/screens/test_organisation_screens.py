"""Hospital, clinics, taxes, holidays, workstations, numbers and settings, by keys and clicks on the real screens."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.organisation import commands, queries
from clinic_desktop.clinic.organisation.logo import logo
from clinic_desktop.clinic.organisation.printers import PrinterProfile
from clinic_desktop.clinic.organisation.rules import Reset
from clinic_desktop.kernel.settings import Scope
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.preferences import Preferences
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.organisation.clinics import ClinicsScreen
from clinic_desktop.ui.screens.organisation.holidays import HolidaysScreen
from clinic_desktop.ui.screens.organisation.hospital import HospitalScreen
from clinic_desktop.ui.screens.organisation.last_year import CopyHolidays
from clinic_desktop.ui.screens.organisation.numbering import NumberingScreen
from clinic_desktop.ui.screens.organisation.settings import SettingsScreen
from clinic_desktop.ui.screens.organisation.taxes import TaxesScreen
from clinic_desktop.ui.screens.organisation.workstations import WorkstationsScreen
from tests.clinic.world import HOLIDAY, World
from tests.ui.screens.frontdesk import FrontDesk, Hands
from tests.ui.screens.staffroom import choose_file
from tests.ui.walk import unnamed

Wait = Callable[[], None]
S = TypeVar("S", bound=Screen)
KEY = Qt.Key
CLICK = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def at(desk: Desk, show: Callable[..., None], settle: Wait) -> Callable[[type[S]], S]:
    """An open screen of the administrator: ``at(TaxesScreen)``."""

    def come(kind: type[S]) -> S:
        screen = kind(desk)
        show(screen, 962, 690)
        settle()
        settle()
        return screen

    return come


def ask(world: World, query: Callable[..., Any], **params: Any) -> Any:
    with world.db.read() as session:
        return query(session, **params)


def click_row(records: Any, test: Callable[[Any], bool]) -> None:
    place = next(i for i, row in enumerate(records.table.rows) if test(row))
    grid = records.table.grid
    grid.scrollTo(records.table.model.index(place, 0))
    QTest.mouseClick(grid.viewport(), CLICK, pos=grid.visualRect(records.table.model.index(place, 0)).center())


def put(hands: Hands, editor: QWidget, text: str) -> None:
    """Type over what is in an editor."""
    editor.setFocus()
    hands.press(KEY.Key_A, CTRL)
    hands.type(text)


def texts(records: Any) -> list[list[str]]:
    return [[column.text(row) for column in records.table.model.columns if not column.hidden] for row in records.table.rows]


# The hospital


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


# Numbers


def test_a_format_is_seen_before_it_is_saved(at: Callable[..., NumberingScreen], hands: Hands, settle: Wait, world: World) -> None:
    screen = at(NumberingScreen)
    records = screen.records
    click_row(records, lambda row: row.kind.code == "invoice")
    assert screen.preview.text() == "INV-2026-00001"
    put(hands, records.form["prefix"], "pat")
    assert screen.preview.text() == "PAT-2026-00001"
    hands.press(KEY.Key_S, CTRL)
    settle()
    assert "PAT" in records.form.fields["prefix"].error
    put(hands, records.form["prefix"], "bill")
    records.form["reset"].setFocus()
    hands.press(KEY.Key_End)
    assert screen.preview.text() == "BILL-00001"
    hands.press(KEY.Key_S, CTRL)
    settle()
    settle()
    assert ["Invoices", "BILL-00001", "Never", "Changed"] in texts(records)
    with world.db.read() as session:
        (row,) = [
            one for one in queries.number_formats(session, clinic_id=world.clinic_id, now=world.db.clock()) if one.kind.code == "invoice"
        ]
    assert (row.prefix, row.reset, row.width) == ("BILL", Reset.NEVER, 5)
    QTest.mouseClick(screen.usual, CLICK)
    assert screen.preview.text() == "INV-2026-00001"
    hands.press(KEY.Key_S, CTRL)
    settle()
    settle()
    assert screen.usual.isHidden()
    assert ["Invoices", "INV-2026-00001", "Each year", ""] in texts(records)


def test_formats_of_another_clinic_and_a_draft_of_them(
    at: Callable[..., NumberingScreen], desk: Desk, show: Callable[..., None], hands: Hands, settle: Wait, world: World
) -> None:
    world.db.run(world.actor("admin"), commands.add_clinic, code="NTH", name="North", timezone="Asia/Kolkata")
    screen = at(NumberingScreen)
    screen.clinic.setFocus()
    hands.press(KEY.Key_Down)
    settle()
    click_row(screen.records, lambda row: row.kind.code == "invoice")
    assert screen.preview.text() == "INV-NTH-2026-00001"
    put(hands, screen.records.form["prefix"], "N")
    kept = screen.draft()
    assert kept is not None
    other = NumberingScreen(desk)
    other.restore(kept)
    show(other, 962, 690)
    settle()
    settle()
    assert (other.clinic.currentText(), other.preview.text()) == ("North", "N-NTH-2026-00001")
    assert other.draft() == kept


# Settings


def row_of(screen: SettingsScreen, key: str) -> Any:
    return next(one.row for one in screen.records.table.rows if one.row.key == key)


def test_settings_are_found_by_words_of_title_help_key_and_group(at: Callable[..., SettingsScreen], hands: Hands, qtbot: QtBot) -> None:
    screen = at(SettingsScreen)
    table = screen.records.table
    for words, key in (
        ("skipped again", "queue.skip_behind"),  # title
        ("due_days", "billing.due_days"),  # key
        ("refund limit", "billing.approval_limit"),  # words
        ("display ticker", "display.ticker"),  # group and key
        ("write-offs", "stock.adjustment_limit"),  # help
    ):
        table.filter.setFocus()
        hands.press(KEY.Key_A, CTRL)
        hands.type(words)
        qtbot.waitUntil(lambda key=key: [one.row.key for one in table.rows] == [key])


def test_a_setting_is_changed_for_a_clinic_and_given_back(
    at: Callable[..., SettingsScreen], hands: Hands, settle: Wait, world: World
) -> None:
    screen = at(SettingsScreen)
    screen.place.setFocus()
    hands.press(KEY.Key_Down)
    settle()
    assert screen.place.currentText() == "Main Clinic"
    click_row(screen.records, lambda one: one.row.key == "queue.policy")
    screen.editor.setFocus()
    former = row_of(screen, "queue.policy").value
    hands.press(KEY.Key_End)
    hands.press(KEY.Key_S, CTRL)
    settle()
    settle()
    row = row_of(screen, "queue.policy")
    assert (row.value != former, row.set_at, row.is_own) == (True, Scope.CLINIC, True)
    with world.db.read() as session:
        values = {one.key: one.value for one in queries.settings(session)}
    assert values["queue.policy"] == former  # the hospital has its own still
    assert screen.reset.isVisible()
    QTest.mouseClick(screen.reset, CLICK)
    settle()
    settle()
    assert (row_of(screen, "queue.policy").value, row_of(screen, "queue.policy").set_at) == (former, None)
    assert screen.reset.isHidden()


def test_amounts_are_typed_as_amounts_and_limits_are_kept(
    at: Callable[..., SettingsScreen], hands: Hands, settle: Wait, world: World
) -> None:
    screen = at(SettingsScreen)
    click_row(screen.records, lambda one: one.row.key == "billing.approval_limit")
    editor = screen.editor.currentWidget()
    put(hands, editor, "1,234.56")
    hands.press(KEY.Key_S, CTRL)
    settle()
    settle()
    assert row_of(screen, "billing.approval_limit").value == 123_456
    assert [row[2] for row in texts(screen.records) if row[0] == "Amount above which a second person approves"] == ["₹1,234.56"]
    put(hands, editor, "99999999999999")
    hands.press(KEY.Key_S, CTRL)
    settle()
    assert screen.field.error.startswith("Please enter a number from 0 to")
    assert row_of(screen, "billing.approval_limit").value == 123_456


def test_what_holds_for_a_whole_clinic_is_not_set_for_a_desk(at: Callable[..., SettingsScreen], settle: Wait, hands: Hands) -> None:
    screen = at(SettingsScreen)
    screen.place.setFocus()
    hands.press(KEY.Key_End)
    settle()
    assert screen.place.currentText().startswith("Main Clinic · ")
    click_row(screen.records, lambda one: one.row.key == "queue.policy")
    assert not screen.editor.isEnabled()
    assert not screen.records.panel.save.isEnabled()


def test_a_setting_is_opened_by_its_key_and_its_draft_comes_back(
    at: Callable[..., SettingsScreen], desk: Desk, show: Callable[..., None], hands: Hands, settle: Wait
) -> None:
    screen = at(SettingsScreen)
    screen.place.setFocus()
    hands.press(KEY.Key_Down)
    settle()
    screen.open(key="display.ticker")
    settle()
    assert screen.records.record.row.key == "display.ticker"
    screen.editor.setFocus()
    hands.type("Wash your hands")
    kept = screen.draft()
    assert kept is not None
    other = SettingsScreen(desk)
    other.restore(kept)
    show(other, 962, 690)
    settle()
    settle()
    assert other.place.currentText() == "Main Clinic"
    assert other.editor.value() == "Wash your hands"
    assert other.draft() == kept
