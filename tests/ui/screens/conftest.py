"""Fixtures of the screens' tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from clinic_desktop.kernel.i18n import activate
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.drafts import Drafts
from clinic_desktop.ui.preferences import Preferences
from clinic_desktop.ui.screens import booking, documents, reception, registration
from clinic_desktop.ui.shell import Shell
from clinic_desktop.ui.spec import ScreenSpec
from clinic_desktop.ui.theme.apply import apply_theme
from tests.clinic.world import World
from tests.ui.screens.frontdesk import FrontDesk, Hands
from tests.ui.walk import unnamed

LOOKS = (("dark", "en"), ("light", "ar"))
"""Theme and language: dark, and right to left. Every other test is light and in English."""
Look = Callable[[ScreenSpec, str, str], Any]


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
        shell = Shell(desk_as(role), preferences, drafts, specs, [*reception.SEARCHES, documents.SEARCH])
        show(shell)
        shell.open_home()
        settle()
        return shell

    return build


@pytest.fixture
def look(
    qapp: QApplication, desk: Desk, show: Callable[..., None], settle: Callable[[], None], picture: Callable[[QWidget, str], Path]
) -> Look:
    """Open a screen on its own: it is named for screen readers, has nothing typed yet, and a picture of it is kept."""
    homes: list[QWidget] = []  # nobody else holds them to the end of the test

    def open_screen(spec: ScreenSpec, theme: str, language: str) -> Any:
        activate(language)
        apply_theme(qapp, theme, right_to_left=language == "ar")
        home = QWidget()
        homes.append(home)
        screen = spec.build(desk, home)
        show(home, 962, 690)  # what rail, index, header and status line leave of 1366 by 768
        screen.resize(home.size())
        screen.show()
        settle()
        settle()
        picture(screen, f"{spec.code}-{theme}-{language}")
        assert unnamed(screen) == []
        assert screen.draft() is None
        return screen

    return open_screen
