"""Fixtures of the screens' tests."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QWidget

from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.drafts import Drafts
from clinic_desktop.ui.preferences import Preferences
from clinic_desktop.ui.screens import booking, reception, registration
from clinic_desktop.ui.shell import Shell
from tests.clinic.world import World
from tests.ui.screens.frontdesk import FrontDesk, Hands


@pytest.fixture
def front(world: World) -> FrontDesk:
    """The world with short words for the front desk."""
    return FrontDesk(world)


@pytest.fixture
def hands() -> Hands:
    """Someone who types."""
    return Hands()


@pytest.fixture
def drafts() -> Drafts:
    """What is typed and not saved."""
    return Drafts()


@pytest.fixture
def house(
    desk_as: Callable[[str], Desk],
    preferences: Preferences,
    drafts: Drafts,
    show: Callable[[QWidget], None],
    settle: Callable[[], None],
) -> Callable[[str], Shell]:
    """The shell with the front desk's screens around a person of that role: ``house("receptionist")``."""

    def build(role: str) -> Shell:
        specs = [*reception.SCREENS, registration.SCREEN, booking.SCREEN]
        shell = Shell(desk_as(role), preferences, drafts, specs, reception.SEARCHES)
        show(shell)
        shell.open_home()
        settle()
        return shell

    return build
