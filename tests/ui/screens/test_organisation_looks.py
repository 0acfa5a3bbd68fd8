"""Every screen of the organisation opens for who may use it, is named for screen readers, and is worth a look."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from clinic_desktop.clinic.organisation import commands
from clinic_desktop.clinic.organisation.printers import PrinterProfile
from clinic_desktop.clinic.organisation.rules import WorkstationKind
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screens.organisation import SCREENS
from clinic_desktop.ui.spec import ADMINISTRATION, ScreenSpec
from tests.clinic.world import World
from tests.ui.screens.conftest import LOOKS, Look


@pytest.fixture
def lived_in(world: World) -> World:
    """Something to see on every screen."""
    admin = world.actor("admin")

    def run(command: Callable[..., Any], **params: Any) -> Any:
        return world.db.run(admin, command, **params)

    north = run(commands.add_clinic, code="NTH", name="North Clinic", timezone="Asia/Kolkata", address="4 Hill Street")
    run(commands.add_tax, name="GST 5 %", rate_basis_points=600, is_inclusive=False, valid_from=date(2026, 4, 1))
    run(commands.add_holiday, day=date(2026, 8, 15), name="Independence Day")
    run(commands.add_holiday, day=date(2025, 8, 15), name="Independence Day")
    run(
        commands.add_workstation,
        clinic_id=north,
        name="Till",
        kind=WorkstationKind.CASHIER,
        room="3",
        printers={"receipt": PrinterProfile("Thermal 80", 2)},
    )
    run(commands.set_setting, key="queue.elderly_from", value=70)
    run(commands.set_setting, key="queue.skip_behind", value=2, clinic_id=world.clinic_id)
    return world


@pytest.mark.parametrize(("theme", "language"), LOOKS)
@pytest.mark.parametrize("spec", SCREENS, ids=lambda one: one.code)
def test_a_screen_opens_and_is_named(lived_in: World, look: Look, spec: ScreenSpec, theme: str, language: str) -> None:
    screen = look(spec, theme, language)
    assert screen.minimumSizeHint().width() <= 962
    assert screen.minimumSizeHint().height() <= 690


def test_each_stands_in_the_administration_for_who_may(desk_as: Callable[[str], Desk]) -> None:
    assert {one.area for one in SCREENS} == {ADMINISTRATION.code}
    assert {one.group for one in SCREENS} <= set(ADMINISTRATION.groups)
    for role, count in (("admin", len(SCREENS)), ("receptionist", 0), ("cashier", 0)):
        actor = desk_as(role).actor
        assert sum(one.is_for(actor) for one in SCREENS) == count
