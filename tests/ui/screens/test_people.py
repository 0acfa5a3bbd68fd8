"""Users, under real hands."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.access import commands
from clinic_desktop.clinic.access.login import log_in
from clinic_desktop.clinic.access.resets import reset_password
from clinic_desktop.clinic.access.rules import UserStatus
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screens.people.big_code import CodeDialog
from clinic_desktop.ui.screens.people.first_password import FirstPasswordDialog
from clinic_desktop.ui.screens.people.users import UsersScreen
from clinic_desktop.ui.screens.people.why import WhyDialog
from clinic_desktop.ui.widgets.dialogs import Dialog
from tests.clinic.access.people import SECRET, come_in, give_password
from tests.clinic.world import World
from tests.ui.hands import modal
from tests.ui.screens.frontdesk import Hands
from tests.ui.screens.peoples_desk import CLICK, CTRL, KEY, Show, Wait, back, press, said, stored
from tests.ui.walk import unnamed

__all__ = ["said"]


@pytest.fixture
def menus(no_warnings: list[str]) -> Iterator[None]:
    """A menu grabs the keyboard, which the offscreen platform remarks on."""
    yield
    no_warnings[:] = [text for text in no_warnings if "grabbing the keyboard" not in text]


@pytest.fixture
def users(desk: Desk, show: Show, settle: Wait) -> UsersScreen:
    screen = UsersScreen(desk)
    show(screen, 962, 690)
    settle()
    screen.setFocus()
    return screen


def choose(screen: UsersScreen, name: str) -> None:
    grid, rows = screen.records.table.grid, screen.records.table.rows
    place = next(i for i, one in enumerate(rows) if one.full_name == name)
    QTest.mouseClick(grid.viewport(), CLICK, pos=grid.visualRect(screen.records.table.model.index(place, 0)).center())


def test_a_new_person_gets_a_code_and_chooses_a_password(
    users: UsersScreen, world: World, hands: Hands, settle: Wait, qtbot: QtBot, said: list[str]
) -> None:
    hands.press(KEY.Key_F2)
    hands.type("Meera Joshi")
    hands.press(KEY.Key_Return)
    hands.type("Meera")
    form = users.records.form
    form["email"].setText("meera@clinic.example")
    QTest.mouseClick(
        users.boxes.boxes["nurse"], CLICK, pos=users.boxes.boxes["nurse"].rect().center() - users.boxes.boxes["nurse"].rect().center() / 1.1
    )
    assert users.boxes.value() == ("nurse",)
    hands.press(KEY.Key_S, CTRL)
    settle()
    settle()
    settle()
    row = stored(world)["meera"]
    assert (row.full_name, row.roles, row.email, row.has_password) == ("Meera Joshi", ("nurse",), "meera@clinic.example", False)
    code = modal(CodeDialog, qtbot)
    assert unnamed(code) == []
    reset_password(world.db, "meera", code.code.text(), SECRET)
    assert log_in(world.db, "meera", SECRET, clinic_id=world.clinic_id, workstation_id=None).roles == {"nurse"}
    press(code, "Close")
    back(users, qtbot)


def test_a_taken_username_is_said_at_the_field_and_nothing_is_lost(users: UsersScreen, hands: Hands, settle: Wait) -> None:
    hands.press(KEY.Key_F2)
    hands.type("Another Cashier")
    hands.press(KEY.Key_Return)
    hands.type("cashier")
    hands.press(KEY.Key_S, CTRL)
    settle()
    assert users.records.form.fields["username"].error == "This username is taken."
    assert users.records.form["full_name"].text() == "Another Cashier"
    draft = users.draft()
    assert draft is not None
    assert draft["form"]["username"] == "cashier"


def test_roles_are_changed_and_the_rights_are_explained(
    users: UsersScreen, world: World, hands: Hands, settle: Wait, qtbot: QtBot, said: list[str]
) -> None:
    choose(users, "Cashier One")
    box = users.boxes.boxes["receptionist"]
    box.setFocus()
    hands.press(KEY.Key_Space)
    hands.press(KEY.Key_S, CTRL)
    settle()
    settle()
    assert stored(world)["cashier"].roles == ("cashier", "receptionist")
    QTest.mouseClick(users.account_actions.why, CLICK)
    why = modal(WhyDialog, qtbot)
    settle()
    texts = {row.code: why.table.model.columns[2].text(row) for row in why.table.rows}
    assert texts["billing.refund"] == "Cashier"
    assert texts["patients.create"] == "Receptionist"
    assert texts["access.own_account"] == "Cashier, Receptionist"
    assert texts["access.users"] == "Not allowed"
    hands.type("duplicate")  # letters go to the filter
    hands.press(KEY.Key_Escape)
    back(users, qtbot)


def test_a_draft_of_an_account_comes_back(users: UsersScreen, desk: Desk, show: Show, settle: Wait, hands: Hands) -> None:
    choose(users, "Cashier One")
    users.records.form["full_name"].setText("Cashier Uno")
    users.boxes.boxes["nurse"].setChecked(True)
    draft = users.draft()
    assert draft is not None
    again = UsersScreen(desk)
    again.restore(draft)
    show(again, 962, 690)
    settle()
    assert again.records.form["full_name"].text() == "Cashier Uno"
    assert again.boxes.value() == ("cashier", "nurse")
    assert again.draft() == draft


def menu(users: UsersScreen, name: str) -> None:
    """Choose from the menu More, with the mouse."""
    QTest.mouseClick(users.account_actions.more, CLICK)
    shown = users.account_actions.menu
    action = users.account_actions.actions[name]
    assert action.isVisible()
    QTest.mouseClick(shown, CLICK, pos=shown.actionGeometry(action).center())


def test_disabling_asks_first_and_enabling_does_not(
    menus: None, users: UsersScreen, world: World, settle: Wait, qtbot: QtBot, said: list[str]
) -> None:
    give_password(world, "cashier")
    actor = come_in(world, "cashier", at="cashier")
    choose(users, "Cashier One")
    menu(users, "disable")
    question = modal(Dialog, qtbot)
    press(question, "Disable")
    settle()
    settle()
    back(users, qtbot)
    assert stored(world)["cashier"].status is UserStatus.DISABLED
    with pytest.raises(ClinicError), world.db.read(actor):
        pass
    choose(users, "Cashier One")
    menu(users, "enable")
    settle()
    settle()
    assert stored(world)["cashier"].status is UserStatus.ACTIVE
    assert said[-2:] == ["\u2068Cashier One\u2069 is disabled.", "\u2068Cashier One\u2069 may log in again."]


def test_a_first_password_obeys_the_rules_and_is_to_be_changed(
    menus: None, users: UsersScreen, world: World, settle: Wait, qtbot: QtBot, hands: Hands
) -> None:
    choose(users, "Cashier One")
    menu(users, "password")
    dialog = modal(FirstPasswordDialog, qtbot)
    assert unnamed(dialog) == []
    hands.type("password123")
    hands.press(KEY.Key_Return)
    settle()
    assert dialog.form.fields["password"].error == "This password is too common."
    dialog.form["password"].setText(SECRET)
    hands.press(KEY.Key_Return)
    settle()
    settle()
    back(users, qtbot)
    row = stored(world)["cashier"]
    assert (row.has_password, row.must_change_password) == (True, True)


def test_who_may_not_give_roles_sees_them_only(world: World, desk_as: Callable[[str], Desk], show: Show, settle: Wait) -> None:
    system = world.system()
    world.db.run(system, commands.define_role, code="clerk", name="Clerk", permissions=["access.users"])
    world.db.run(system, commands.assign_roles, user_id=world.users["auditor"], roles=["clerk"])
    screen = UsersScreen(desk_as("auditor"))
    show(screen, 962, 690)
    settle()
    assert not screen.boxes.isEnabled()
    assert screen.records.form["full_name"].isEnabled()
