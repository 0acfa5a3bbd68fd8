"""The designer of identity cards, by mouse and keys on the real screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from clinic_desktop.ui.screens import cards
from tests.ui.screens.conftest import LOOKS


@pytest.mark.parametrize(("theme", "language"), LOOKS)
def test_the_designer_looks_right(look: Callable[..., Any], theme: str, language: str, settle: Callable[[], None]) -> None:
    for spec in cards.SCREENS:
        look(spec, theme, language)
