"""What a new clinic has still to do: counted from what is there, and gone to by one key."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from clinic_desktop.clinic.backups.commands import SECOND_FOLDER
from clinic_desktop.clinic.organisation.commands import set_setting
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.preferences import Preferences
from clinic_desktop.ui.screens.setup import SCREEN
from clinic_desktop.ui.screens.setup.first_steps import FirstStepsScreen, StepRow
from tests.clinic.world import World
from tests.ui.walk import unnamed


@pytest.fixture
def screen(desk: Desk, preferences: Preferences, show: Callable[[QWidget], None], settle: Callable[[], None]) -> FirstStepsScreen:
    desk.preferences = preferences
    made = FirstStepsScreen(desk)
    show(made)
    settle()
    return made


def row(screen: FirstStepsScreen, code: str) -> StepRow:
    return next(one for one in screen.rows if one.step.screen == code)


def test_what_is_there_is_done_and_the_next_step_has_the_focus(screen: FirstStepsScreen) -> None:
    done = {one.step.screen for one in screen.rows if one.step.is_done}
    assert done == {"services", "users", "doctors", "schedules", "medicines_list"} - ({"medicines_list"} - done)
    assert {"workstations", "backups"}.isdisjoint(done)
    assert screen.page.subtitle.text() == f"{len(done)} of 7 done"
    assert unnamed(screen) == []


def test_a_step_is_done_as_soon_as_it_is(
    screen: FirstStepsScreen, world: World, desk: Desk, preferences: Preferences, settle: Callable[[], None]
) -> None:
    badges: list[tuple[str, int]] = []
    desk.badged.connect(lambda code, count: badges.append((code, count)))
    preferences.set_workstation(world.workstations["front desk"])
    screen.work.do(screen, set_setting, key=SECOND_FOLDER.key, value="/media/disk")
    settle()
    settle()
    assert row(screen, "backups").step.is_done
    assert row(screen, "workstations").step.is_done
    assert badges[-1] == ("first_steps", sum(not one.step.is_done for one in screen.rows))


def test_enter_goes_to_the_step(screen: FirstStepsScreen, desk: Desk) -> None:
    opened: list[str] = []
    desk.opened.connect(lambda code, _what: opened.append(code))
    button = row(screen, "backups").button
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Return)
    assert opened == ["backups"]


def test_only_who_sets_the_clinic_up_sees_it(desk_as: Callable[[str], Desk]) -> None:
    assert SCREEN.is_for(desk_as("admin").actor)
    assert not SCREEN.is_for(desk_as("receptionist").actor)
