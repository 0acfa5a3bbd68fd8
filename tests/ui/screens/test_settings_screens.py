"""Number formats and settings, under real hands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.organisation import commands, queries
from clinic_desktop.clinic.organisation.rules import Reset
from clinic_desktop.kernel.settings import Scope
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screens.organisation.numbering import NumberingScreen
from clinic_desktop.ui.screens.organisation.settings import SettingsScreen
from tests.clinic.world import World
from tests.ui.screens.frontdesk import Hands
from tests.ui.screens.set_up_room import CLICK, CTRL, KEY, Wait, at, click_row, put, texts

__all__ = ["at"]


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
