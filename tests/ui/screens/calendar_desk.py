"""A calendar that is open in the shell, as a person of a role sees it, and what its tests ask of it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from PySide6.QtWidgets import QMenu, QWidget

from clinic_desktop.clinic.frontdesk import commands, queries
from clinic_desktop.clinic.frontdesk.queries import VisitRow
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.drafts import Drafts
from clinic_desktop.ui.preferences import Preferences
from clinic_desktop.ui.screens import booking, calendar, reception
from clinic_desktop.ui.screens.calendar.screen import CalendarScreen
from clinic_desktop.ui.shell import Shell
from tests.ui.screens.calendar_hands import CalendarHands
from tests.ui.screens.frontdesk import FrontDesk

Settle = Callable[[], None]


@pytest.fixture
def opened(
    desk_as: Callable[[str], Desk], preferences: Preferences, drafts: Drafts, show: Callable[[QWidget], None], settle: Settle
) -> Callable[..., CalendarHands]:
    """Open the calendar in the shell as a person of a role, the hands on the board."""

    def build(role: str = "receptionist") -> CalendarHands:
        shell = Shell(desk_as(role), preferences, drafts, [*reception.SCREENS, booking.SCREEN, calendar.SCREEN], ())
        show(shell)
        shell.open("calendar")
        settle()
        assert isinstance(shell.current, CalendarScreen)
        shell.current.grid.setFocus()
        return CalendarHands(shell.current)

    return build


@pytest.fixture
def first(front: FrontDesk) -> UUID:
    return front.world.doctor_id


@pytest.fixture
def second(front: FrontDesk) -> UUID:
    return front.world.second_doctor_id


def row(front: FrontDesk, booked: commands.BookingRow) -> VisitRow:
    return front.visit(booked.visit_id)


def end_of(front: FrontDesk, booked: commands.BookingRow) -> object:
    found = front.ask(queries.appointment_by_booking_id, booked.booking_id)
    return found.end


def toasts(hands: CalendarHands) -> list[str]:
    shell = hands.screen.window()
    assert isinstance(shell, Shell)
    return [one.text for one in shell.toasts.toasts]


def undo(hands: CalendarHands) -> None:
    shell = hands.screen.window()
    assert isinstance(shell, Shell)
    button = shell.toasts.toasts[-1].undo_button
    assert button is not None
    button.click()


def held(hands: CalendarHands) -> tuple[str, ...]:
    assert hands.grid.taking.hand is not None
    return hands.grid.taking.hand.lines


def entries(menu: object) -> list[str]:
    assert isinstance(menu, QMenu)
    return [one.text().partition("\t")[0] for one in menu.actions()]
