"""Departments, and with them how every list with a form beside it behaves under real hands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.organisation import commands, queries
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.i18n import activate
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screens.organisation.departments import DepartmentsScreen
from clinic_desktop.ui.theme.apply import apply_theme
from clinic_desktop.ui.widgets.dialogs import Dialog
from tests.clinic.world import World
from tests.ui.hands import modal
from tests.ui.screens.frontdesk import Hands
from tests.ui.walk import unnamed

Wait = Callable[[], None]
KEY = Qt.Key
CLICK = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def departments(desk: Desk, show: Callable[..., None], settle: Wait) -> DepartmentsScreen:
    """The open screen, the hands on it."""
    screen = DepartmentsScreen(desk)
    show(screen, 940, 640)
    settle()
    screen.setFocus()
    return screen


def stored(world: World) -> dict[str, queries.DepartmentRow]:
    with world.db.read() as session:
        return {one.name: one for one in queries.departments(session, with_inactive=True)}


def title(screen: DepartmentsScreen) -> str:
    return screen.records.panel.title.text()


def row_place(screen: DepartmentsScreen, name: str) -> Any:
    grid = screen.records.table.grid
    place = next(i for i, one in enumerate(screen.records.table.rows) if one.name == name)
    return grid.visualRect(screen.records.table.model.index(place, 0)).center()


def click_row(screen: DepartmentsScreen, name: str) -> None:
    QTest.mouseClick(screen.records.table.grid.viewport(), CLICK, pos=row_place(screen, name))


def answer(dialog: Dialog, text: str, qtbot: QtBot, back_to: QWidget) -> None:
    button = next(one for one in dialog.findChildren(QPushButton) if one.text() == text)
    QTest.mouseClick(button, CLICK)
    back_to.activateWindow()
    qtbot.waitUntil(back_to.isActiveWindow)


def test_a_department_is_added_by_keyboard_and_stands_there_selected(
    departments: DepartmentsScreen, world: World, hands: Hands, settle: Wait
) -> None:
    assert title(departments) == "Cardiology"
    assert not departments.records.panel.save.isEnabled()
    hands.press(KEY.Key_F2)
    assert (title(departments), departments.records.is_new) == ("New department", True)
    hands.type("Dental")
    hands.press(KEY.Key_Return)  # on to the head
    hands.press(KEY.Key_Down)
    hands.press(KEY.Key_Return)
    hands.type("Ground floor")
    hands.press(KEY.Key_S, CTRL)
    settle()
    settle()
    made = stored(world)["Dental"]
    assert (made.description, made.head_doctor_id) == ("Ground floor", world.doctor_id)
    assert title(departments) == "Dental"
    assert departments.records.table.current.id == made.id
    assert departments.records.table.current.head == "Doctor One"
    assert departments.records.table.grid.hasFocus()
    assert unnamed(departments) == []


def test_insert_begins_a_new_one_too_and_esc_leaves_it(departments: DepartmentsScreen, hands: Hands) -> None:
    hands.press(KEY.Key_Insert)
    assert departments.records.is_new
    hands.press(KEY.Key_Escape)
    assert not departments.records.is_new
    assert title(departments) == "Cardiology"
    assert departments.records.table.current.name == "Cardiology"


def test_what_is_refused_is_said_at_its_field_and_stays_typed(
    departments: DepartmentsScreen, world: World, hands: Hands, settle: Wait
) -> None:
    hands.press(KEY.Key_F2)
    hands.press(KEY.Key_S, CTRL)
    assert departments.records.form.fields["name"].error == "Please fill this in."
    hands.type("cardiology")
    hands.press(KEY.Key_S, CTRL)
    settle()
    assert departments.records.form.fields["name"].error == "There is already a department named \u2068cardiology\u2069."
    assert departments.records.form["name"].text() == "cardiology"
    assert departments.records.form["name"].hasFocus()
    hands.type(" 2")
    hands.press(KEY.Key_S, CTRL)
    settle()
    assert "cardiology 2" in stored(world)


def test_leaving_asks_before_typing_is_lost(departments: DepartmentsScreen, hands: Hands, qtbot: QtBot, world: World) -> None:
    click_row(departments, "General Medicine")
    assert title(departments) == "General Medicine"
    hands.press(KEY.Key_Return)
    hands.press(KEY.Key_End)
    hands.type(" and more")
    click_row(departments, "Cardiology")
    answer(modal(Dialog, qtbot), "Go on here", qtbot, departments)
    assert (title(departments), departments.records.form["name"].text()) == ("General Medicine", "General Medicine and more")
    assert departments.records.table.current.name == "General Medicine"
    hands.press(KEY.Key_Escape)
    answer(modal(Dialog, qtbot), "Leave", qtbot, departments)
    assert departments.records.form["name"].text() == "General Medicine"
    assert not departments.records.is_typed
    click_row(departments, "Cardiology")
    assert title(departments) == "Cardiology"
    assert set(stored(world)) == {"Cardiology", "General Medicine"}


def test_a_change_is_saved_and_the_head_may_go(departments: DepartmentsScreen, hands: Hands, settle: Wait, world: World) -> None:
    hands.press(KEY.Key_Return)
    hands.press(KEY.Key_End)
    hands.type(" unit")
    departments.head.setFocus()
    hands.press(KEY.Key_Down)
    hands.press(KEY.Key_S, CTRL)
    settle()
    settle()
    assert stored(world)["Cardiology unit"].head_doctor_id is not None
    assert title(departments) == "Cardiology unit"
    departments.head.setFocus()
    hands.press(KEY.Key_Home)
    hands.press(KEY.Key_S, CTRL)
    settle()
    settle()
    assert stored(world)["Cardiology unit"].head_doctor_id is None
    assert not departments.records.is_typed


def test_a_department_is_closed_and_opened_again(departments: DepartmentsScreen, settle: Wait, world: World) -> None:
    assert departments.reopen_button.isHidden()
    QTest.mouseClick(departments.close_button, CLICK)
    settle()
    assert not stored(world)["Cardiology"].is_active
    assert [one.name for one in departments.records.table.rows] == ["General Medicine", "Cardiology"]
    assert title(departments) == "Cardiology"
    assert departments.close_button.isHidden()
    QTest.mouseClick(departments.reopen_button, CLICK)
    settle()
    assert stored(world)["Cardiology"].is_active


def test_what_someone_else_changed_is_told_before_it_is_overwritten(
    departments: DepartmentsScreen, hands: Hands, settle: Wait, world: World, qtbot: QtBot
) -> None:
    hands.press(KEY.Key_Return)
    hands.press(KEY.Key_End)
    hands.type(" A")
    theirs = stored(world)["Cardiology"]
    change = {"department_id": theirs.id, "row_version": theirs.row_version, "name": "Cardiology B"}
    world.db.run(world.actor("super_admin"), commands.change_department, **change)
    qtbot.waitUntil(lambda: departments.records.table.current.name == "Cardiology B")
    assert departments.records.form["name"].text() == "Cardiology A"  # the list has theirs, the form what is typed
    hands.press(KEY.Key_S, CTRL)
    settle()
    problem = departments.records.panel.problem
    assert "Someone else has changed this" in problem.text()
    assert problem.isVisible()
    assert "Cardiology B" in stored(world)
    hands.press(KEY.Key_S, CTRL)
    settle()
    assert "Cardiology A" in stored(world)
    assert problem.isHidden()


def test_an_untouched_form_follows_what_others_change(departments: DepartmentsScreen, world: World, qtbot: QtBot) -> None:
    theirs = stored(world)["Cardiology"]
    change = {"department_id": theirs.id, "row_version": theirs.row_version, "name": "Heart"}
    world.db.run(world.actor("super_admin"), commands.change_department, **change)
    qtbot.waitUntil(lambda: title(departments) == "Heart")
    assert departments.records.form["name"].text() == "Heart"


def test_the_filter_leaves_the_form_alone(departments: DepartmentsScreen, hands: Hands, qtbot: QtBot) -> None:
    hands.type("gen")  # into the list: it goes to the filter
    qtbot.waitUntil(lambda: [one.name for one in departments.records.table.rows] == ["General Medicine"])
    QApplication.processEvents()
    assert title(departments) == "Cardiology"
    assert departments.records.table.current is None
    hands.press(KEY.Key_Down)
    assert title(departments) == "General Medicine"
    hands.press(KEY.Key_F2)
    hands.type("Eyes")
    hands.press(KEY.Key_S, CTRL)
    qtbot.waitUntil(lambda: title(departments) == "Eyes")
    assert departments.records.table.current.name == "Eyes"  # not hidden by what was filtered before
    assert departments.records.table.filter.text() == ""


@pytest.mark.parametrize("is_new", [True, False])
def test_a_draft_outlives_the_screen(
    departments: DepartmentsScreen, desk: Desk, show: Callable[..., None], hands: Hands, settle: Wait, is_new: bool
) -> None:
    assert departments.draft() is None
    hands.press(KEY.Key_F2 if is_new else KEY.Key_Return)
    hands.press(KEY.Key_End)
    hands.type(" half")
    kept = departments.draft()
    assert kept is not None
    other = DepartmentsScreen(desk)
    other.restore(kept)
    assert other.draft() == kept  # before anything is read, too
    show(other, 940, 640)
    settle()
    assert other.records.form["name"].text() == (" half" if is_new else "Cardiology half")
    assert (other.records.is_new, other.records.is_typed) == (is_new, True)
    assert other.draft() == kept
    other.close()


def test_a_draft_that_cannot_be_read_raises_at_once(departments: DepartmentsScreen) -> None:
    with pytest.raises((KeyError, TypeError)):
        departments.restore({"record": None})


def test_who_may_only_look_cannot_type(desk_as: Callable[[str], Desk], show: Callable[..., None], settle: Wait) -> None:
    screen = DepartmentsScreen(desk_as("receptionist"))
    show(screen, 940, 640)
    settle()
    assert screen.records.new_button.isHidden()
    assert screen.records.panel.save.isHidden()
    assert screen.close_button.isHidden()
    assert not screen.records.form["name"].isEnabled()
    assert title(screen) == "Cardiology"


def test_a_double_click_saves_once(departments: DepartmentsScreen, hands: Hands, settle: Wait, world: World) -> None:
    hands.press(KEY.Key_F2)
    hands.type("Once")
    save = departments.records.panel.save
    QTest.mouseClick(save, CLICK)
    QTest.mouseDClick(save, CLICK)
    settle()
    assert [name for name in stored(world) if "Once" in name] == ["Once"]


@pytest.mark.parametrize(("theme", "language"), [("light", "en"), ("dark", "ar")])
def test_how_it_looks(
    qapp: QApplication,
    desk: Desk,
    show: Callable[..., None],
    settle: Wait,
    picture: Callable[[QWidget, str], Any],
    refusals: list[ClinicError],
    theme: str,
    language: str,
) -> None:
    activate(language)
    apply_theme(qapp, theme, right_to_left=language == "ar")
    screen = DepartmentsScreen(desk)
    show(screen, 962, 690)
    settle()
    picture(screen, f"departments-{theme}-{language}")
    assert unnamed(screen) == []
