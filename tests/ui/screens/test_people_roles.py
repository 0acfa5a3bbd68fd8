"""Roles and their rights, ticked in a matrix, under real hands."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.access import queries
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screens.people.matrix_view import MatrixView
from clinic_desktop.ui.screens.people.role_dialog import NewRoleDialog
from clinic_desktop.ui.screens.people.roles import RolesScreen
from tests.clinic.world import World
from tests.ui.hands import modal
from tests.ui.screens.frontdesk import Hands
from tests.ui.screens.peoples_desk import CLICK, CTRL, KEY, Show, Wait, back, said

__all__ = ["said"]


@pytest.fixture
def roles(desk: Desk, show: Show, settle: Wait) -> RolesScreen:
    screen = RolesScreen(desk)
    show(screen, 962, 690)
    settle()
    screen.setFocus()
    return screen


def held(world: World, code: str) -> set[str]:
    with world.db.read() as session:
        return set(next(row for row in queries.roles(session) if row.code == code).permissions)


def cell(screen: RolesScreen, role: str, permission: str) -> Any:
    column = 1 + next(i for i, one in enumerate(screen.model.roles) if one.code == role)
    place = next(i for i, one in enumerate(screen.model.lines) if one.permission == permission)
    return screen.model.index(place, column)


def click(screen: RolesScreen, role: str, permission: str) -> None:
    view: MatrixView = screen.view
    index = cell(screen, role, permission)
    view.scrollTo(index)
    QTest.mouseClick(view.viewport(), CLICK, pos=view.visualRect(index).center())


def test_rights_are_ticked_and_saved_together(roles: RolesScreen, world: World, hands: Hands, settle: Wait, said: list[str]) -> None:
    click(roles, "nurse", "billing.discount")
    click(roles, "cashier", "billing.refund")
    assert (roles.typed.text(), held(world, "nurse") & {"billing.discount"}) == ("2 changes are not saved", set())
    assert roles.draft() == {"changes": {"nurse": {"billing.discount": True}, "cashier": {"billing.refund": False}}}
    hands.press(KEY.Key_S, CTRL)
    settle()
    settle()
    assert "billing.discount" in held(world, "nurse")
    assert "billing.refund" not in held(world, "cashier")
    assert {"access.own_account", "access.own_drafts"} <= held(world, "cashier")
    assert roles.draft() is None
    assert not roles.save.isEnabled()


def test_the_keyboard_ticks_too_and_a_second_time_takes_it_back(roles: RolesScreen, hands: Hands) -> None:
    roles.view.setFocus()
    roles.view.setCurrentIndex(cell(roles, "nurse", "billing.discount"))
    hands.press(KEY.Key_Space)
    assert roles.draft() == {"changes": {"nurse": {"billing.discount": True}}}
    hands.press(KEY.Key_Space)
    assert roles.draft() is None


@pytest.mark.parametrize(
    ("role", "permission"), [("super_admin", "billing.refund"), ("admin", "billing.refund"), ("nurse", "access.own_account")]
)
def test_what_holds_by_rule_cannot_be_ticked(roles: RolesScreen, role: str, permission: str) -> None:
    click(roles, role, permission)
    assert roles.draft() is None


def test_ticks_are_discarded_and_drafts_come_back(roles: RolesScreen, desk: Desk, show: Show, settle: Wait) -> None:
    click(roles, "nurse", "billing.discount")
    draft = roles.draft()
    assert draft is not None
    QTest.mouseClick(roles.discard, CLICK)
    assert roles.draft() is None
    again = RolesScreen(desk)
    again.restore(draft)
    show(again, 962, 690)
    settle()
    assert again.draft() == draft


def test_the_matrix_is_searched_and_shows_what_a_role_lacks(roles: RolesScreen, hands: Hands) -> None:
    roles.search.setFocus()
    hands.type("refund")
    assert [line.permission for line in roles.model.lines if line.permission] == ["billing.approve", "billing.refund"]
    roles.lacking.set_value("cashier")
    assert [line.permission for line in roles.model.lines if line.permission] == ["billing.approve"]


def test_a_role_of_the_clinics_own_is_a_copy_to_be_changed(
    roles: RolesScreen, world: World, hands: Hands, settle: Wait, qtbot: QtBot
) -> None:
    roles.view.setCurrentIndex(cell(roles, "receptionist", "patients.create"))
    hands.press(KEY.Key_F2)
    dialog = modal(NewRoleDialog, qtbot)
    assert dialog.source.value() == "receptionist"
    hands.type("Night desk")
    QTest.mouseClick(dialog.post, CLICK)
    settle()
    settle()
    back(roles, qtbot)
    assert held(world, "night_desk") == held(world, "receptionist")
    assert roles.model.roles[-1].name == "Night desk"
    click(roles, "night_desk", "patients.create")
    hands.press(KEY.Key_S, CTRL)
    settle()
    settle()
    assert "patients.create" not in held(world, "night_desk")
    assert "patients.create" in held(world, "receptionist")


def test_a_role_is_taken_out_of_use_and_keeps_its_rights(
    roles: RolesScreen, world: World, settle: Wait, said: list[str], hands: Hands
) -> None:
    before = held(world, "nurse")
    roles.view.setCurrentIndex(cell(roles, "nurse", "patients.create"))
    assert roles.chosen.text() == "Nurse: 1 person"
    QTest.mouseClick(roles.switch, CLICK)
    settle()
    settle()
    assert world.actor("nurse").permissions == frozenset()
    click(roles, "nurse", "billing.discount")  # also while it is not in use
    hands.press(KEY.Key_S, CTRL)
    settle()
    settle()
    assert held(world, "nurse") == before | {"billing.discount"}
    assert roles.switch.text() == "Put back into use"
