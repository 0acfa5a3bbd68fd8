"""An area: one entry of the rail, its screens listed beside them, found by typing, badged together."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.drafts import Drafts
from clinic_desktop.ui.preferences import Preferences
from clinic_desktop.ui.shell import Shell
from clinic_desktop.ui.spec import ScreenSpec
from tests.ui.example import SCREENS
from tests.ui.walk import unnamed

FACTORY = "tests.ui.example.screen:PlainScreen"


def page(code: str, title: str, group: str, order: int, *permissions: str) -> ScreenSpec:
    return ScreenSpec(code, title, "settings", permissions, order, FACTORY, area="administration", group=group)


PAGES = (
    page("roles", "Roles", "People and access", 10, "access.roles"),
    page("taxes", "Taxes", "Clinic", 20, "organisation.taxes"),
    page("clinics", "Clinics", "Clinic", 10, "organisation.manage"),
)


@pytest.fixture
def shell_for(
    desk_as: Callable[[str], Desk], preferences: Preferences, show: Callable[[QWidget], None], settle: Callable[[], None]
) -> Callable[..., Shell]:
    def build(role: str, *more: ScreenSpec) -> Shell:
        shell = Shell(desk_as(role), preferences, Drafts(), [*SCREENS, *PAGES, *more], [])
        show(shell)
        shell.open_home()
        settle()
        return shell

    return build


def test_the_rail_makes_room_for_an_area_where_the_window_is_small(shell_for: Callable[..., Shell], settle: Callable[[], None]) -> None:
    shell = shell_for("admin")
    wide = shell.rail.width()
    shell.open("taxes")
    assert (shell.rail.is_narrow, shell.rail.width() < wide / 2) == (True, True)
    example = shell.rail.buttons["administration"]
    assert (example.toolTip(), example.accessibleName()) == ("Administration", "Administration")
    example.set_badge(3)
    assert (example.toolTip(), example.accessibleName()) == ("Administration, 3 open", "Administration, 3 open")
    assert unnamed(shell) == []
    shell.resize(1920, 1080)
    assert (shell.rail.is_narrow, shell.rail.width(), example.toolTip()) == (False, wide, "")
    shell.resize(1366, 768)
    assert shell.rail.is_narrow
    shell.open(SCREENS[0].code)
    assert (shell.rail.is_narrow, shell.rail.width()) == (False, wide)


def listed(shell: Shell) -> list[str]:
    index = shell.indexes["administration"]
    return [button.text() for button in index.buttons.values() if button.isVisible()]


def test_an_area_is_one_entry_and_lists_its_screens_by_heading(shell_for: Callable[..., Shell]) -> None:
    shell = shell_for("admin")
    index = shell.indexes["administration"]
    assert [code for code in shell.rail.buttons if code in ("administration", "roles", "taxes", "clinics")] == ["administration"]
    assert index.isHidden()
    QTest.mouseClick(shell.rail.buttons["administration"], Qt.MouseButton.LeftButton)
    assert index.isVisible()
    assert (shell.current_code, listed(shell)) == ("clinics", ["Clinics", "Taxes", "Roles"])
    QTest.mouseClick(index.buttons["roles"], Qt.MouseButton.LeftButton)
    assert (shell.current_code, index.buttons["roles"].isChecked()) == ("roles", True)
    shell.open("plain")
    assert index.isHidden()
    assert not shell.rail.buttons["administration"].isChecked()
    QTest.mouseClick(shell.rail.buttons["administration"], Qt.MouseButton.LeftButton)
    assert shell.current_code == "roles"  # where the person was
    assert shell.rail.buttons["administration"].isChecked()
    assert unnamed(shell) == []


def test_who_may_open_nothing_in_it_does_not_see_the_area(shell_for: Callable[..., Shell]) -> None:
    shell = shell_for("receptionist")
    assert "administration" not in shell.rail.buttons
    assert shell.indexes == {}


def test_who_may_open_one_page_of_it_finds_that_page_in_the_rail(shell_for: Callable[..., Shell]) -> None:
    shell = shell_for("receptionist", page("leaves", "Doctors' leave", "Clinic", 30, "staff.request_leave"))
    assert shell.indexes == {}
    button = shell.rail.buttons["leaves"]
    assert list(shell.rail.buttons)[-1] == "leaves", "behind the departments"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert (shell.current_code, button.isChecked(), shell.rail.is_narrow) == ("leaves", True, False)
    shell.desk.badge("leaves", 2)
    assert button.badge == "2"


def test_typing_finds_a_page_and_enter_opens_it(shell_for: Callable[..., Shell]) -> None:
    shell = shell_for("admin")
    shell.open("administration")
    box = shell.indexes["administration"].box
    QTest.keyClicks(box, "people ro")
    assert listed(shell) == ["Roles"]
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert shell.current_code == "roles"
    assert listed(shell) == ["Clinics", "Taxes", "Roles"]


def test_counts_of_its_screens_stand_together_at_the_area(shell_for: Callable[..., Shell]) -> None:
    shell = shell_for("admin")
    shell.desk.badge("taxes", 2)
    shell.desk.badge("roles", 3)
    assert shell.rail.buttons["administration"].badge == "5"
    assert shell.indexes["administration"].buttons["taxes"].badge == "2"
    shell.desk.badge("taxes", 0)
    assert shell.rail.buttons["administration"].badge == "3"
