"""The reconcile screen, by keys and clicks, over what two sites really did at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from clinic_desktop.clinic.patients.queries import patient
from clinic_desktop.clinic.reconciling.queries import settled_conflicts
from clinic_desktop.kernel.journal import ChangeSet
from clinic_desktop.kernel.security import Actor
from clinic_desktop.sync.lineage import identity
from clinic_desktop.sync.models import SyncParked
from clinic_desktop.sync.outbox import own_changes
from clinic_desktop.sync.parking import park
from clinic_desktop.sync.reading import Park
from clinic_desktop.sync.scope import writing
from clinic_desktop.sync.wire import Origin, WireChange
from clinic_desktop.ui.screens import reconcile
from clinic_desktop.ui.screens.reconcile.screen import ReconcileScreen
from clinic_desktop.ui.widgets import Notes
from tests.clinic.world import World
from tests.conftest import FrozenClock
from tests.databases import drop, fresh
from tests.ui.chains import HERE, THERE, build_disagreement, edit
from tests.ui.screens.conftest import LOOKS, Look
from tests.ui.screens.frontdesk import Hands

KEY = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
Settle = Callable[[], None]
Open = Callable[..., ReconcileScreen]


@pytest.fixture
def asha() -> list[UUID]:
    """The id of the patient about whom two sites disagree."""
    return []


@pytest.fixture
def world(tmp_path: Path, clock: FrozenClock, asha: list[UUID]) -> Iterator[World]:
    """A site that has met another one after both changed the same."""
    db, (built, patient_id) = fresh("sqlite", tmp_path, clock, recipe="disagreement", build=build_disagreement)
    asha.append(patient_id)
    yield built.at(db)
    drop(db)


@pytest.fixture
def screen(look: Look) -> Open:
    """The screen, light and in English unless it is said otherwise."""
    return lambda theme="light", language="en": look(reconcile.SCREEN, theme, language)


def born(world: World, patient_id: UUID) -> date | None:
    with world.db.read() as session:
        return patient(session, patient_id).date_of_birth


def decided(world: World) -> list[tuple[str | None, str | None]]:
    with world.db.read() as session:
        return [(one.field, one.note) for one in settled_conflicts(session, Actor.system())]


def to_the_birth_date(shown: ReconcileScreen, settle: Settle, hands: Hands) -> Any:
    table = shown.open_ones.table
    table.grid.setFocus()
    at = next(place for place, one in enumerate(table.rows) if one.field == "date_of_birth")
    hands.press(KEY.Key_Home, CTRL)
    for _ in range(at):
        hands.press(KEY.Key_Down)
    settle()
    return shown.open_ones.detail


def to_tab(shown: ReconcileScreen, place: int) -> Any:
    bar = shown.tabs.tabBar()
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(place).center())
    assert shown.tabs.currentIndex() == place
    return shown.panel(("open", "aside", "alike", "settled")[place])


def test_both_versions_stand_side_by_side_in_words(screen: Open, settle: Settle, hands: Hands) -> None:
    shown = screen()
    assert shown.tabs.tabText(0) == "To decide (2)"
    detail = to_the_birth_date(shown, settle, hands)
    assert detail.title.text() == "Date of birth — Patient"
    assert {detail.kept.value.text(), detail.other.value.text()} == {"May 4, 1990", "Apr 5, 1990"}
    assert detail.kept.value.text() == "May 4, 1990"  # who came first to central keeps it until a person decides
    assert "Receptionist One" in detail.kept.written.text()
    assert "Main house" in detail.kept.written.text()
    assert "City" in detail.other.written.text()
    assert "01a2" not in "".join(label.text() for label in (detail.title, detail.facts, detail.kept.value, detail.kept.written))


def test_the_other_value_is_taken_by_the_keyboard_alone(screen: Open, world: World, asha: list[UUID], settle: Settle, hands: Hands) -> None:
    shown = screen()
    detail = to_the_birth_date(shown, settle, hands)
    hands.press(KEY.Key_Return)
    assert QApplication.focusWidget() is detail.kept.button
    hands.press(KEY.Key_Right)
    assert QApplication.focusWidget() is detail.other.button
    hands.press(KEY.Key_Tab)
    hands.type("She showed her passport")
    hands.press(KEY.Key_2, CTRL)
    settle()
    assert born(world, asha[0]) == THERE
    assert decided(world) == [("date_of_birth", "She showed her passport")]
    assert [one.field for one in shown.open_ones.table.rows] == [None]
    assert shown.tabs.tabText(0) == "To decide (1)"
    assert QApplication.focusWidget() is shown.open_ones.table.grid
    outcome = to_tab(shown, 3).detail.outcome.text()
    assert "The other value was taken." in outcome
    assert "She showed her passport" in outcome


def test_what_was_changed_since_is_not_overwritten(
    screen: Open, world: World, asha: list[UUID], settle: Settle, hands: Hands, work: Any
) -> None:
    shown = screen()
    detail = to_the_birth_date(shown, settle, hands)
    edit(world.db, world, asha[0], date_of_birth=date(1991, 1, 1))
    QTest.mouseClick(detail.other.button, Qt.MouseButton.LeftButton)
    settle()
    assert "Somebody has changed this since." in detail.said.text()
    assert born(world, asha[0]) == date(1991, 1, 1)
    hands.press(KEY.Key_1, CTRL)
    settle()
    assert [one.field for one in shown.open_ones.table.rows] == [None]
    assert born(world, asha[0]) != HERE


def test_a_task_wants_to_know_what_was_done_and_leads_to_its_record(
    screen: Open, settle: Settle, hands: Hands, world: World, asha: list[UUID]
) -> None:
    shown = screen()
    opened: list[tuple[str, dict[str, Any]]] = []
    shown.desk.opened.connect(lambda name, what: opened.append((name, what)))
    detail = to_the_birth_date(shown, settle, hands)
    hands.press(KEY.Key_Home if shown.open_ones.table.rows[0].field is None else KEY.Key_End, CTRL)
    told = "Two sites took money for invoice \u2068INV-2026-00007\u2069. ₹450.00 too much was paid: give it back at the cashier."
    assert detail.task.text() == told
    hands.press(KEY.Key_O, CTRL)
    assert opened == [("cashier", {"invoice_id": UUID(int=7)})]
    hands.press(KEY.Key_Return, CTRL)
    assert detail.field.error == "Please say what was done."
    hands.type("Given back in cash")
    draft = shown.draft()
    assert draft is not None
    assert draft["note"] == "Given back in cash"
    hands.press(KEY.Key_Return, CTRL)
    settle()
    assert decided(world) == [(None, "Given back in cash")]
    assert shown.draft() is None


def test_a_typed_note_is_found_again(screen: Open, settle: Settle, hands: Hands) -> None:
    first = screen()
    detail = to_the_birth_date(first, settle, hands)
    detail.note.setFocus()
    hands.type("ask her mother")
    kept = first.kept()
    assert kept is not None
    second = screen()
    second.put_back(kept)
    second.refresh()
    settle()
    assert second.open_ones.detail.note.text() == "ask her mother"
    assert second.open_ones.detail.one is not None
    assert second.open_ones.detail.one.field == "date_of_birth"


ELSEWHERE = UUID(int=5)


def parked(world: World, patient_id: UUID, database_id: UUID = ELSEWHERE) -> None:
    """A change of the other site that cannot be taken in: this database's own newest one, as if it came from there."""
    with writing(world.db) as tx:
        connection = tx.session.connection()
        me = identity(connection)
        edited = [one for one in own_changes(connection, 0, 1 << 30, 1 << 62) if one.command == "patients.edit_patient"]
        change = WireChange(
            **{name: getattr(edited[-1], name) for name in WireChange.__struct_fields__ if name not in ("origin", "is_whole", "echo")},
            origin=Origin(me.site_id, database_id, edited[-1].seq, edited[-1].hlc, edited[-1].hash),
        )
        park(tx, me.site_id, database_id, [(change, Park("parent_missing", "patients.clinic_id"))])


def test_what_was_set_aside_is_tried_again_or_done_without(
    screen: Open, world: World, asha: list[UUID], settle: Settle, hands: Hands, qtbot: QtBot
) -> None:
    shown = screen()
    aside = to_tab(shown, 1)
    assert aside.table.empty.isVisible()
    parked(world, asha[0])
    qtbot.waitUntil(lambda: shown.tabs.tabText(1) == "Set aside (1)")  # heard of by itself
    table = aside.table
    table.grid.setFocus()
    table.select_first()
    assert aside.why.text() == "It belongs to a record that has not arrived yet."
    assert "Patient · Asha Rao-Iyer" in aside.touches.text()
    hands.press(KEY.Key_R, CTRL)
    settle()
    settle()
    assert table.rows == []
    assert shown.tabs.tabText(1) == "Set aside"
    parked(world, asha[0], database_id=UUID(int=6))
    qtbot.waitUntil(lambda: len(table.rows) == 1)
    table.select_first()
    QTest.mouseClick(aside.without, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), Notes))
    hands.press(KEY.Key_Return, CTRL)
    assert len(table.rows) == 1  # not without a reason
    hands.type("A test of theirs")
    hands.press(KEY.Key_Return, CTRL)
    settle()
    settle()
    assert table.rows == []
    with world.db.read() as session:
        dropped = session.scalars(select(SyncParked).where(SyncParked.database_id == UUID(int=6))).one()
        told = session.scalars(select(ChangeSet).where(ChangeSet.command == "sync.discard")).one()
    assert (dropped.resolution, told.reason, told.actor_id) == ("discarded", "A test of theirs", shown.desk.actor.user_id)


@pytest.mark.parametrize(("theme", "language"), LOOKS)
def test_it_looks_right(screen: Open, theme: str, language: str, settle: Settle, hands: Hands, picture: Any) -> None:
    shown = screen(theme, language)
    to_the_birth_date(shown, settle, hands)
    picture(shown, f"reconcile-pair-{theme}-{language}")
    assert shown.open_ones.detail.kept.button.isVisible()
