"""What patients said, as the administrator and a doctor read it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from clinic_desktop.clinic.frontdesk import commands
from clinic_desktop.clinic.organisation import commands as organisation
from clinic_desktop.clinic.organisation.rules import WorkstationKind
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.security import Actor
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screens import reviews
from clinic_desktop.ui.screens.reviews.screen import ReviewsScreen
from tests.clinic.frontdesk.desk import sign
from tests.clinic.world import World
from tests.conftest import FrozenClock
from tests.ui.screens.conftest import LOOKS, Look
from tests.ui.screens.lobby import Lobby


@pytest.fixture
def said(world: World, clock: FrozenClock) -> None:
    """Three reviews, one of them without a name."""
    lobby = Lobby(world, clock)
    add = {"clinic_id": world.clinic_id, "name": "Hall", "kind": WorkstationKind.KIOSK}
    world.workstations["hall"] = world.db.run(world.actor("admin"), organisation.add_workstation, **add)
    for name, doctor, rating, comment, is_anonymous in (
        ("Asha Rao", 0, 5, "She took her time and explained every medicine.", False),
        ("Om Prakash", 0, 2, "Waited an hour, <b>nobody</b> said why.", True),
        ("सुनीता देशपांडे", 1, 4, None, False),
    ):
        clock.advance(minutes=3)
        visit = lobby.start(lobby.walk_in(name, doctor=doctor))
        clock.advance(minutes=9)
        world.db.run(Actor.system(), sign, visit_id=visit)
        given = {"rating": rating, "comment": comment, "is_anonymous": is_anonymous}
        world.db.run(world.actor("receptionist", workstation="hall"), commands.rate_visit, key=new_id(), visit_id=visit, **given)


def shown(screen: ReviewsScreen) -> list[tuple[Any, ...]]:
    return [tuple(screen.table.model.index(row, column).data() for column in (1, 2, 4)) for row in range(len(screen.table.rows))]


def open_as(role: str, desk_as: Callable[[str], Desk], show: Callable[..., None], settle: Callable[[], None]) -> ReviewsScreen:
    screen = ReviewsScreen(desk_as(role))
    show(screen)
    settle()
    settle()
    return screen


@pytest.mark.usefixtures("said")
def test_the_administrator_reads_all_and_looks_for_the_unhappy(
    desk_as: Callable[[str], Desk], show: Callable[..., None], settle: Callable[[], None]
) -> None:
    screen = open_as("admin", desk_as, show, settle)
    assert [row[1:] for row in shown(screen)] == [
        ("4 · Good", "सुनीता देशपांडे · PAT-2026-00003"),
        ("2 · Bad", "Anonymous"),
        ("5 · Very good", "Asha Rao · PAT-2026-00001"),
    ]
    assert screen.page.subtitle.text() == "3.7 of 5 on average, 3 reviews"
    screen.rating.set_value((1, 2))
    settle()
    assert [row[1] for row in shown(screen)] == ["2 · Bad"]
    screen.rating.set_value(None)
    screen.doctor.set_value(screen.desk.place and screen.table.rows[0].doctor_id)
    settle()
    assert [row[0] for row in shown(screen)] == ["Doctor One", "Doctor One"]
    assert screen.doctor.currentText() == "Doctor One · 3.5"


@pytest.mark.usefixtures("said")
def test_a_doctor_reads_only_the_own(desk_as: Callable[[str], Desk], show: Callable[..., None], settle: Callable[[], None]) -> None:
    screen = open_as("doctor2", desk_as, show, settle)
    assert [row[1] for row in shown(screen)] == ["4 · Good"]
    assert not screen.doctor.isVisible()
    assert not reviews.SCREEN.is_for(desk_as("receptionist").actor)


@pytest.mark.usefixtures("said")
@pytest.mark.parametrize(("theme", "language"), LOOKS)
def test_looks(look: Look, theme: str, language: str) -> None:
    assert len(look(reviews.SCREEN, theme, language).table.rows) == 3
