"""How long records are kept, and old ones archived from the screen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import func, select

from clinic_desktop.clinic.clinical.models import Consultation
from clinic_desktop.clinic.privacy.queries import archives, retention_rules
from clinic_desktop.clinic.privacy.rules import Kind
from clinic_desktop.ui.screens.privacy.running import ArchivingDialog
from clinic_desktop.ui.screens.privacy.screen import PrivacyScreen
from clinic_desktop.ui.screens.privacy.years import YearsDialog
from tests.clinic.world import World
from tests.conftest import FrozenClock
from tests.ui.screens.privacy_desk import CLICK, KEY, Wait, at_desk, dialog, world
from tests.ui.screens.staffroom import choose_file
from tests.ui.texts import plain

__all__ = ["at_desk", "world"]


def test_years_are_changed_and_the_lowest_is_said_at_the_field(world: World, at_desk: Callable[..., PrivacyScreen], settle: Wait) -> None:
    screen = at_desk("admin", "retention")
    screen.retention.rules.select(Kind.BILLING)
    QTest.mouseClick(screen.retention.change, CLICK)
    form = dialog(screen, YearsDialog)
    for typed in ("4", "x", ""):
        form.years.setText(typed)
        QTest.keyClick(form.years, KEY.Key_Return)
        settle()
        assert "from 5 to 100" in plain(form.field.error)
    form.years.setText("٩")
    QTest.keyClick(form.years, KEY.Key_Return)
    settle()
    with world.db.read() as session:
        assert {one.kind: one.years for one in retention_rules(session)}[Kind.BILLING] == 9
    assert [one.years for one in screen.retention.rules.rows if one.kind is Kind.BILLING] == [9]


def test_what_is_old_is_archived_from_the_screen(
    world: World,
    clock: FrozenClock,
    at_desk: Callable[..., PrivacyScreen],
    settle: Wait,
    tmp_path: Path,
    qtbot: QtBot,
    picture: Callable[[QWidget, str], Any],
) -> None:
    clock.now = datetime(2037, 3, 10, 4, 0, tzinfo=UTC)
    screen = at_desk("admin", "retention")
    panel = screen.retention
    assert not panel.run.isEnabled()
    QTest.keyClick(screen, KEY.Key_F9)
    settle()
    plan = {one.table: one for one in panel.leaving.rows}
    assert plan["consultations"].leaving > 0
    assert plan["invoices"].staying
    folder = tmp_path / "old records"
    folder.mkdir()
    QTest.keyClick(screen, KEY.Key_F10)
    choose_file(folder, qtbot)
    asked = dialog(screen, ArchivingDialog)
    picture(asked, "privacy-archive-ask")
    QTest.mouseClick(asked.start, CLICK)
    settle()
    assert "archives" in asked.said.text()
    assert asked.said.isVisible()
    picture(asked, "privacy-archive-done")
    QTest.mouseClick(asked.close_button, CLICK)
    settle()
    with world.db.read() as session:
        assert session.scalar(select(func.count()).select_from(Consultation)) == 14 - plan["consultations"].leaving
        made = [one for one in archives(session) if one.rows]
    assert sorted(one.file_name for one in made) == sorted(path.name for path in folder.iterdir())
    assert len(panel.archives.rows) == len(made) + 1
    assert panel.leaving.rows == [] or all(one.leaving == 0 for one in panel.leaving.rows)
    assert not panel.run.isEnabled()
    said: list[str] = []
    screen.desk.toasted.connect(lambda text, _tone, _undo: said.append(text))
    QTest.mouseClick(panel.verify, CLICK)
    choose_file(folder / made[0].file_name, qtbot)
    settle()
    assert "is whole" in said[0]


def test_a_cancelled_run_archives_nothing_more(
    world: World, clock: FrozenClock, at_desk: Callable[..., PrivacyScreen], settle: Wait, tmp_path: Path, qtbot: QtBot
) -> None:
    clock.now = datetime(2037, 3, 10, 4, 0, tzinfo=UTC)
    screen = at_desk("admin", "retention")
    QTest.keyClick(screen, KEY.Key_F9)
    settle()
    folder = tmp_path / "none"
    folder.mkdir()
    QTest.keyClick(screen, KEY.Key_F10)
    choose_file(folder, qtbot)
    asked = dialog(screen, ArchivingDialog)
    asked.progress.cancel()  # before its first word: the run stops there
    QTest.mouseClick(asked.start, CLICK)
    QTest.keyClick(asked, KEY.Key_Escape)
    settle()
    with world.db.read() as session:
        assert [one for one in archives(session) if one.rows] == []
        assert session.scalar(select(func.count()).select_from(Consultation)) == 14
