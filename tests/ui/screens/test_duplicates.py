"""Duplicates, by keys and clicks: comparing, telling apart, merging with a choice for each field, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.patients import queries
from clinic_desktop.clinic.patients.combining import Choice
from clinic_desktop.clinic.patients.commands import merge_patients, offer_pairs
from clinic_desktop.clinic.patients.matching import Match
from clinic_desktop.clinic.patients.queries import PatientRow
from clinic_desktop.clinic.patients.rules import PatientStatus
from clinic_desktop.ui.screens import duplicates, reception
from clinic_desktop.ui.screens.duplicates.from_file import OtherRecordDialog
from clinic_desktop.ui.screens.duplicates.merging import MergeDialog
from clinic_desktop.ui.screens.duplicates.screen import DuplicatesScreen
from clinic_desktop.ui.screens.reception.patient_screen import PatientScreen
from clinic_desktop.ui.widgets import Dialog, Notes
from tests.ui.hands import modal, warned
from tests.ui.screens.conftest import LOOKS, Look
from tests.ui.screens.frontdesk import FrontDesk, Hands

KEY = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
Settle = Callable[[], None]
Open = Callable[..., DuplicatesScreen]
Pair = tuple[PatientRow, PatientRow]


@pytest.fixture
def pair(front: FrontDesk) -> Pair:
    """Meher, registered twice: with a visit and a card under each."""
    older = front.patient(
        "Meher", "Contractor", phone="98200 11111", allergies="Penicillin", date_of_birth=date(1980, 3, 1), address="1 Hill Road, Pune"
    )
    newer = front.patient("Mehru", "Contractor", phone="98200 22222", allergies="Sulfa", date_of_birth=date(1980, 3, 1))
    front.walk_in(older)
    front.walk_in(newer, doctor_id=front.world.second_doctor_id)
    match = Match(11.0, ("name_spelling", "birth_same"))
    front.run("receptionist", offer_pairs, pairs=[(older.id, newer.id, match)])
    return older, newer


@pytest.fixture
def screen(look: Look, pair: Pair) -> Open:
    return lambda theme="light", language="en": look(duplicates.SCREEN, theme, language)


@pytest.fixture
def dialog(qtbot: QtBot) -> Callable[[type[Dialog]], Any]:
    """The dialog of that kind, once it has the keyboard."""
    return lambda kind: modal(kind, qtbot)


def now(front: FrontDesk, patient: PatientRow) -> PatientRow:
    found = front.ask(queries.patient, patient.id)
    assert isinstance(found, PatientRow)
    return found


def test_two_records_stand_side_by_side_with_what_differs_marked(screen: Open, settle: Settle) -> None:
    shown = screen()
    settle()
    assert shown.tabs.tabText(0) == "To review (1)"
    panel = shown.pairs
    assert "Similar name" in panel.why.text()
    lines = panel.grid.lines
    assert [label.text() for label in lines["allergies"].sides] == ["Penicillin", "Sulfa"]
    marks = {name for name, line in lines.items() if line.mark.text()}
    assert marks == {"name", "phone", "allergies", "address"}  # in a sign, not by colour alone
    assert lines["name"].mark.accessibleName() == "differs"
    assert all("1 visit" in label.text() for label in panel.grid.hangs.sides)


def test_merged_by_the_keyboard_alone_with_a_choice_for_each_field_and_undone_from_the_message(
    screen: Open, front: FrontDesk, pair: Pair, settle: Settle, hands: Hands, dialog: Any, picture: Callable[[QWidget, str], Path]
) -> None:
    older, newer = pair
    shown = screen()
    settle()
    shown.pairs.table.grid.setFocus()
    hands.press(KEY.Key_Return, CTRL)
    merging = dialog(MergeDialog)
    picture(merging, "merge-dialog")
    assert merging.kept.patient.id == older.id  # the one that was registered first
    assert merging.rows.chosen()["allergies"] is Choice.BOTH
    assert "1 visit" in merging.moves.text()
    merging.rows.options["name"][Choice.KEPT].setFocus()
    hands.press(KEY.Key_Right)
    hands.press(KEY.Key_Down)
    hands.press(KEY.Key_Left)
    assert merging.rows.chosen()["name"] is Choice.MERGED
    assert merging.rows.chosen()["phone"] is Choice.KEPT
    merging.reason.setFocus()
    merging.reason.selectAll()
    hands.press(KEY.Key_Delete)
    hands.press(KEY.Key_Return, CTRL)
    assert merging.field.error == "Please give a reason."
    hands.type("she said so")
    told: list[Any] = []
    shown.desk.toasted.connect(lambda text, _tone, undo: told.append((text, undo)))
    hands.press(KEY.Key_Return, CTRL)
    settle()
    kept = now(front, older)
    assert (kept.full_name, kept.phone, kept.allergies) == ("Mehru Contractor", "+919820011111", "Penicillin\nSulfa")
    assert now(front, newer).status is PatientStatus.MERGED
    assert shown.pairs.table.rows == []
    (row,) = shown.merges.table.rows
    assert (row.reason, row.kept_number) == ("she said so", older.patient_number)
    told[-1][1]()
    settle()
    assert now(front, older).full_name == "Meher Contractor"
    assert len(shown.pairs.table.rows) == 1


def test_the_other_record_is_kept_and_what_was_chosen_is_not_lost_when_one_looks_elsewhere(
    screen: Open, front: FrontDesk, pair: Pair, settle: Settle, hands: Hands, dialog: Any
) -> None:
    shown = screen()
    settle()
    QTest.mouseClick(shown.pairs.merge, Qt.MouseButton.LeftButton)
    merging = dialog(MergeDialog)
    taken = merging.rows.chosen()
    hands.press(KEY.Key_T, CTRL)
    assert merging.kept.patient.id == pair[1].id
    flipped = merging.rows.chosen()
    assert (taken["address"], flipped["address"]) == (Choice.KEPT, Choice.MERGED)  # the same address
    left = shown.kept()
    assert left is not None
    merging.reject()
    shown.put_back(left)
    QTest.mouseClick(shown.pairs.merge, Qt.MouseButton.LeftButton)
    again = dialog(MergeDialog)
    assert (again.kept.patient.id, again.rows.chosen()) == (pair[1].id, flipped)
    again.reject()


def test_told_apart_with_a_note_they_are_not_offered_again(
    screen: Open, front: FrontDesk, settle: Settle, hands: Hands, dialog: Any, qtbot: QtBot
) -> None:
    shown = screen()
    settle()
    shown.pairs.table.grid.setFocus()
    hands.press(KEY.Key_D, CTRL)
    dialog(Dialog).findChild(Notes).setFocus()
    hands.type("cousins")
    hands.press(KEY.Key_Return, CTRL)
    settle()
    assert shown.pairs.table.rows == []
    assert front.ask(queries.open_duplicates) == 0
    QTest.mouseClick(shown.look, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(shown.look.isEnabled)
    settle()
    assert shown.pairs.table.rows == []


def test_looking_the_register_over_finds_pairs_nobody_saw(look: Look, front: FrontDesk, settle: Settle, qtbot: QtBot) -> None:
    for _ in range(2):
        front.patient("Sunita", "Deshpande", date_of_birth=date(1986, 4, 9))
    shown = look(duplicates.SCREEN, "light", "en")
    settle()
    assert shown.pairs.table.rows == []
    told: list[str] = []
    shown.desk.toasted.connect(lambda text, *_more: told.append(text))
    QTest.mouseClick(shown.look, Qt.MouseButton.LeftButton)
    assert shown.stop.isVisible()
    qtbot.waitUntil(shown.look.isEnabled)
    settle()
    assert len(shown.pairs.table.rows) == 1
    assert told == ["1 pair is new in the list."]


def test_a_past_merge_is_undone_with_a_reason(
    screen: Open, front: FrontDesk, pair: Pair, settle: Settle, hands: Hands, dialog: Any
) -> None:
    merged(front, pair)
    shown = screen()
    settle()
    shown.tabs.setCurrentIndex(1)
    shown.merges.table.select_first()
    hands.press(KEY.Key_Z, CTRL)
    dialog(Dialog).findChild(Notes).setFocus()
    hands.type("two sisters")
    hands.press(KEY.Key_Return, CTRL)
    settle()
    assert now(front, pair[1]).status is PatientStatus.ACTIVE
    assert [one.undone_at is None for one in shown.merges.table.rows] == [False]
    assert not shown.merges.undo.isVisible()


def test_an_earlier_merge_says_which_is_to_be_undone_first_and_leads_there(
    screen: Open,
    front: FrontDesk,
    pair: Pair,
    settle: Settle,
    hands: Hands,
    dialog: Any,
    qtbot: QtBot,
    picture: Callable[[QWidget, str], Path],
) -> None:
    merged(front, pair)
    merged(front, (front.patient("Sanjana", "Rao"), pair[0]))
    shown = screen()
    settle()
    shown.tabs.setCurrentIndex(1)
    later, earlier = shown.merges.table.rows
    shown.merges.table.select(earlier.id)
    hands.press(KEY.Key_Z, CTRL)
    told = dialog(Dialog)
    assert pair[0].patient_number in warned()
    picture(told, "merge-undo-first")
    hands.press(KEY.Key_Return)
    window = shown.window()
    window.activateWindow()  # no window manager does it here
    for one in (later, earlier):  # the one that stands in the way, and then, without it, the one that was meant
        qtbot.waitUntil(shown.merges.table.grid.hasFocus)
        assert shown.merges.table.current.id == one.id
        hands.press(KEY.Key_Z, CTRL)
        dialog(Dialog).findChild(Notes).setFocus()
        hands.type("cousins")
        hands.press(KEY.Key_Return, CTRL)
        settle()
        window.activateWindow()
        shown.merges.table.select(earlier.id)
    assert {now(front, one).status for one in pair} == {PatientStatus.ACTIVE}


def test_a_merged_record_leads_to_the_one_in_use_which_says_so(look: Look, front: FrontDesk, pair: Pair, settle: Settle) -> None:
    merged(front, pair)
    shown = look(reception.SCREENS[1], "light", "en")
    shown.open(patient_id=pair[1].id)
    settle()
    assert shown.file.file.patient.id == pair[0].id
    assert pair[1].patient_number in shown.file.aliases.text()


def test_from_a_patients_file_another_record_is_searched_for(
    look: Look, pair: Pair, settle: Settle, hands: Hands, dialog: Any, qtbot: QtBot, picture: Callable[[QWidget, str], Path]
) -> None:
    shown: PatientScreen = look(reception.SCREENS[1], "light", "en")
    shown.open(patient_id=pair[0].id)
    settle()
    spec = next(one for one in shown.file.more.specs if one.code == "merge")
    shown.file.more.start(spec)
    asked = dialog(OtherRecordDialog)
    asked.box.setFocus()
    asked.box.selectAll()
    hands.type("mehru")
    qtbot.waitUntil(lambda: [one.id for one in asked.table.rows] == [pair[1].id])
    picture(asked, "merge-other-record")
    hands.press(KEY.Key_Return)
    settle()
    merging = dialog(MergeDialog)
    assert {merging.kept.patient.id, merging.gone.patient.id} == {pair[0].id, pair[1].id}
    merging.reject()


@pytest.mark.parametrize(("theme", "language"), LOOKS)
def test_it_looks_right(screen: Open, settle: Settle, theme: str, language: str) -> None:
    shown = screen(theme, language)
    settle()
    assert shown.pairs.table.rows


def merged(front: FrontDesk, pair: Pair) -> UUID:
    """The two, merged before the screen is opened."""
    one, other = pair
    done = front.run(
        "receptionist",
        merge_patients,
        kept_id=one.id,
        kept_version=now(front, one).row_version,
        merged_id=other.id,
        merged_version=now(front, other).row_version,
        choices={},
        reason="she said so",
    )
    assert isinstance(done, UUID)
    return done
