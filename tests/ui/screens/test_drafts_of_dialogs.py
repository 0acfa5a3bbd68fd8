"""What is typed into dialogs comes back, too."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.queue.vitals import VitalsDialog
from clinic_desktop.ui.widgets import Dialog
from tests.ui.screens.frontdesk import FrontDesk
from tests.ui.screens.typed import DIALOGS, VISIT, nothing_saves_itself, take_vitals, write_addendum

__all__ = ["nothing_saves_itself"]


@pytest.mark.parametrize("kind", DIALOGS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("leaves_by", ["accept", "reject"])
def test_a_dialog_comes_back_when_it_is_opened_again(
    kind: type[Dialog], leaves_by: str, desk_as: Callable[[str], Desk], front: FrontDesk, show: Callable[..., None], qtbot: QtBot
) -> None:
    build, fill = DIALOGS[kind]
    desk = desk_as("cashier")
    screen = Screen(desk)
    show(screen)
    dialog = build(screen, front)
    assert screen.kept() is None
    opened(dialog, qtbot)
    fill(dialog)
    text = json.dumps(screen.kept())
    dialog.hide()
    screen.hide()
    said: list[str] = []
    desk.toasted.connect(lambda words, _tone, _undo: said.append(words))
    again = Screen(desk)
    again.put_back(json.loads(text))
    show(again)
    assert json.dumps(again.kept()) == text, "lost before the dialog was opened"
    second = build(again, front)
    assert said == ["What you had typed here is back."]
    assert json.dumps(again.kept()) == text
    opened(second, qtbot)
    getattr(second, leaves_by)()
    assert again.kept() is None


def opened(dialog: Dialog, qtbot: QtBot) -> None:
    """Open a dialog and wait until it stands there."""
    dialog.open()
    qtbot.waitUntil(dialog.isActiveWindow)


def test_another_dialog_gets_nothing_of_it(desk_as: Callable[[str], Desk], front: FrontDesk) -> None:
    screen = Screen(desk_as("nurse"))
    left = {"vitals of somebody else": {"systolic": "120"}}
    screen.put_back({"screen": None, "dialogs": left})
    dialog = take_vitals(screen, front)
    assert isinstance(dialog, VitalsDialog)
    assert not any(dialog.form.draft().values())
    assert screen.kept() == {"screen": None, "dialogs": left, "is_typed": True}
    screen.deleteLater()


def test_dialogs_that_are_never_opened_again_are_forgotten_in_the_end(desk_as: Callable[[str], Desk]) -> None:
    screen = Screen(desk_as("nurse"))
    left = {f"vitals {number}": {"systolic": str(number)} for number in range(14)}
    screen.put_back({"screen": None, "dialogs": left})
    assert screen.kept() == {"screen": None, "dialogs": dict(list(left.items())[4:]), "is_typed": True}
    screen.deleteLater()


def test_what_is_left_of_another_version_does_not_keep_a_dialog_from_opening(
    desk_as: Callable[[str], Desk], front: FrontDesk, no_warnings: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    screen = Screen(desk_as("doctor"))
    screen.put_back({"screen": None, "dialogs": {f"addendum {VISIT}": {"words": "Better"}}})
    dialog = write_addendum(screen, front)
    assert dialog.draft() is None
    assert [record.getMessage() for record in caplog.records] == ["what was left in addendum cannot be put back"]
    caplog.clear()
    screen.deleteLater()
