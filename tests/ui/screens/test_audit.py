"""The audit screen: found by people, days, numbers; told in words; verified; exported; reached from a patient's file."""

from __future__ import annotations

import csv
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from clinic_desktop.clinic.audit.rules import Only
from clinic_desktop.clinic.billing import commands as billing
from clinic_desktop.clinic.clinical import commands as clinical
from clinic_desktop.clinic.frontdesk import commands as frontdesk
from clinic_desktop.clinic.organisation.commands import set_setting
from clinic_desktop.kernel.errors import PermissionDenied
from clinic_desktop.kernel.i18n import activate
from clinic_desktop.kernel.journal import AuditLog, ChangeSet
from clinic_desktop.kernel.journal_proof import head
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screens.audit import SCREEN
from clinic_desktop.ui.screens.audit.exporting import ExportDialog
from clinic_desktop.ui.screens.audit.screen import AuditScreen
from clinic_desktop.ui.screens.audit.verifying import VerifyDialog
from clinic_desktop.ui.shell import Shell
from clinic_desktop.ui.theme.apply import apply_theme
from clinic_desktop.ui.work import Work
from tests.clinic.world import money
from tests.kernel.test_journal import without_triggers
from tests.ui.hands import modal
from tests.ui.screens.frontdesk import FrontDesk, Hands
from tests.ui.screens.staffroom import choose_file
from tests.ui.texts import plain
from tests.ui.walk import unnamed

Wait = Callable[[], None]
Open = Callable[..., AuditScreen]
KEY = Qt.Key
CLICK = Qt.MouseButton.LeftButton


@pytest.fixture
def at_desk(desk_as: Callable[[str], Desk], show: Callable[..., None], settle: Wait) -> Open:
    """The open screen of somebody who reads the audit trail."""

    def come(role: str = "auditor", **about: Any) -> AuditScreen:
        screen = AuditScreen(desk_as(role))
        if about:
            screen.open(**about)
        show(screen)
        settle()
        screen.setFocus()
        return screen

    return come


def said(screen: AuditScreen) -> list[tuple[str, str]]:
    """Who did what, as the list says it."""
    return [(screen.words.who(entry), screen.words.what(entry)) for entry in screen.table.rows]


def commands(screen: AuditScreen) -> list[str]:
    return [entry.command for entry in screen.table.rows]


def told(screen: AuditScreen) -> list[tuple[str, str]]:
    """The lines of the entry that is shown."""
    return [(line.label.strip(), plain(line.text)) for line in screen.detail.table.rows]


def seen(front: FrontDesk) -> UUID:
    """A patient who came, was heard, and asks for the bill; returns the patient."""
    patient = front.patient("Asha", "Rao", phone="98200 12345")
    arrival = front.walk_in(patient)
    front.run("doctor", frontdesk.call, visit_id=arrival.visit_id, room="1")
    front.run("doctor", frontdesk.start_consultation, visit_id=arrival.visit_id)
    front.run("doctor", clinical.save_consultation, visit_id=arrival.visit_id, complaint="Cannot sleep", row_version=None)
    front.run("cashier", billing.open_till, clinic_id=front.world.clinic_id, opening_float=money(500))
    return patient.id


def test_the_newest_entry_stands_first_and_is_told_in_words(front: FrontDesk, at_desk: Open, settle: Wait, hands: Hands) -> None:
    seen(front)
    screen = at_desk()
    assert said(screen)[0] == ("Cashier One", "Opened a till")
    hands.press(KEY.Key_Down)
    settle()
    assert screen.detail.card.title.text() == "Opened a till"
    assert plain(screen.detail.who.text()) == "Cashier One  ·  Mar 2, 2026, 9:00\u00a0AM  ·  front desk"
    lines = told(screen)
    assert lines[0][0] == "Till"
    assert ("Cash at opening", "₹500.00") in lines
    assert ("Cashier", "Cashier One") in lines
    assert ("Status", "Still open") in lines
    assert "billing.open_till" in screen.detail.foot.text()
    assert screen.detail.of_patient.isHidden()


def test_a_change_stands_from_before_to_after(front: FrontDesk, at_desk: Open, settle: Wait) -> None:
    for value in (3, 5):
        front.run("admin", set_setting, key="queue.skip_behind", value=value)
    screen = at_desk()
    screen.table.select_first()
    settle()
    assert ("Value", "3 → 5") in told(screen)


def test_people_days_kinds_and_numbers_narrow_the_list(front: FrontDesk, at_desk: Open, settle: Wait, hands: Hands, qtbot: QtBot) -> None:
    seen(front)
    screen = at_desk()
    every = len(screen.table.rows)
    filters = screen.filters
    filters.daily["person_id"].set_value(front.world.users["doctor"])
    settle()
    assert {who for who, _what in said(screen)} == {"Doctor One", "Set-up"}  # what he did, and the making of his account
    QTest.mouseClick(filters.more, CLICK)
    assert filters.rare.isVisible()
    filters.rare["command"].set_value("clinical.save_consultation")
    settle()
    assert commands(screen) == ["clinical.save_consultation"]
    QTest.mouseClick(filters.clear_button, CLICK)
    settle()
    assert len(screen.table.rows) == every
    filters.daily["first"].setFocus()
    hands.type("3/3/2026")
    hands.press(KEY.Key_Return)
    settle()
    assert screen.table.rows == []
    assert (
        "Nothing like this has happened" in screen.table.empty.findChildren(type(screen.about))[0].text() or screen.table.empty.isVisible()
    )
    hands.press(KEY.Key_A, Qt.KeyboardModifier.ControlModifier)
    hands.type("2/3/2026")
    hands.press(KEY.Key_Return)
    settle()
    assert commands(screen)[0] == "billing.open_till"
    hands.press(KEY.Key_F, Qt.KeyboardModifier.ControlModifier)
    hands.type("PAT-2026-00001")
    hands.press(KEY.Key_Return)
    settle()
    assert commands(screen)[-1] == "patients.register_patient"
    assert "billing.open_till" not in commands(screen)


def test_a_date_that_cannot_be_read_is_refused_at_its_field(at_desk: Open, settle: Wait, hands: Hands) -> None:
    screen = at_desk()
    before = list(screen.table.rows)
    screen.filters.daily["last"].setFocus()
    hands.type("31/2/2026")
    hands.press(KEY.Key_Return)
    settle()
    assert screen.filters.daily.fields["last"].error == "There is no such date."
    assert screen.table.rows == before


def test_refusals_are_found(front: FrontDesk, at_desk: Open, settle: Wait) -> None:
    with pytest.raises(PermissionDenied):
        front.run("nurse", set_setting, key="queue.skip_behind", value=2)
    screen = at_desk()
    screen.filters.daily["only"].set_value(Only.DENIALS)
    settle()
    assert said(screen) == [("Nurse One", "Was refused: Change settings")]
    screen.table.select_first()
    settle()
    assert ("Action", "Changed a setting") in told(screen)


def test_the_list_goes_on_as_it_is_scrolled(front: FrontDesk, at_desk: Open, settle: Wait) -> None:
    for number in range(160):
        front.run("admin", set_setting, key="queue.skip_behind", value=10 + number % 2)
    screen = at_desk()
    assert len(screen.table.rows) == 100
    assert screen.table.count.text() == "100+ rows"
    with front.world.db.read() as session:
        every = head(session).seq
    for _ in range(10):
        screen.table.grid.scrollToBottom()
        settle()
    assert [entry.seq for entry in screen.table.rows] == list(range(every, 0, -1))


def test_clinical_text_is_hidden_from_the_auditor_and_shown_to_whoever_may_read_it(front: FrontDesk, at_desk: Open, settle: Wait) -> None:
    seen(front)
    for role, text in (("auditor", "hidden: needs a clinical right"), ("admin", "Cannot sleep")):
        screen = at_desk(role)
        screen.filters.rare["command"].set_value("clinical.save_consultation")
        settle()
        screen.table.select_first()
        settle()
        assert ("Complaint", text) in told(screen)
        screen.hide()


def test_everything_of_a_patient_and_back(front: FrontDesk, at_desk: Open, settle: Wait, hands: Hands) -> None:
    patient_id = seen(front)
    screen = at_desk(patient_id=patient_id)
    assert plain(screen.about.text()) == "Everything that happened to Asha Rao · PAT-2026-00001"
    mine = commands(screen)
    assert mine[0] == "audit.record_read"
    assert mine[-1] == "patients.register_patient"
    assert "billing.open_till" not in mine
    hands.press(KEY.Key_Escape)
    settle()
    assert screen.about.isHidden()
    assert "billing.open_till" in commands(screen)
    screen.filters.rare["command"].set_value("frontdesk.walk_in")
    settle()
    screen.table.select_first()
    settle()
    QTest.mouseClick(screen.detail.of_record, CLICK)
    settle()
    assert not screen.about.isHidden()
    screen.filters.clear()
    settle()
    visit = screen.table.rows
    assert {"frontdesk.walk_in", "frontdesk.start_consultation"} <= {entry.command for entry in visit}
    assert len(visit) < len(mine)
    screen.table.select_first()
    settle()
    QTest.mouseClick(screen.detail.of_patient, CLICK)
    settle()
    assert commands(screen) == mine  # opened again within a quarter of an hour: no second trace


def test_verifying_says_that_all_is_whole_and_leaves_a_trace(
    front: FrontDesk, at_desk: Open, settle: Wait, hands: Hands, qtbot: QtBot
) -> None:
    screen = at_desk()
    with front.world.db.read() as session:
        newest = head(session)
    hands.press(KEY.Key_F8)
    dialog = modal(VerifyDialog, qtbot)
    settle()
    assert dialog.found.text() == f"All {newest.seq} entries are as they were written."
    assert unnamed(dialog) == []
    hands.type(str(newest.seq))
    hands.press(KEY.Key_Tab)
    hands.type(newest.hash[:10])
    QTest.mouseClick(dialog.compare_button, CLICK)
    assert dialog.form.fields["digest"].error.startswith("At least the first 16")
    hands.type(newest.hash[10:24].upper())
    QTest.mouseClick(dialog.compare_button, CLICK)
    settle()
    assert dialog.compared.text() == f"Entry {newest.seq} is the one on paper."
    dialog.form["digest"].setText("0" * 16)
    QTest.mouseClick(dialog.compare_button, CLICK)
    settle()
    assert "were replaced" in dialog.compared.text()
    dialog.reject()
    screen.activateWindow()
    qtbot.waitUntil(screen.isActiveWindow)
    hands.press(KEY.Key_F5)
    settle()
    assert said(screen)[0] == ("Auditor One", "Verified the audit trail")


def test_verifying_names_what_was_altered(front: FrontDesk, at_desk: Open, settle: Wait, qtbot: QtBot) -> None:
    without_triggers(front.world.db, "journal", "UPDATE journal SET actor_name = 'Somebody Else' WHERE seq = 17")
    screen = at_desk()
    QTest.mouseClick(screen.verify, CLICK)
    dialog = modal(VerifyDialog, qtbot)
    settle()
    assert dialog.found.text().startswith("Entry 17 is not what was written: it was changed afterwards.")
    assert dialog.outcome.text == "Broken"
    dialog.reject()


def test_verifying_can_be_cancelled(front: FrontDesk, at_desk: Open, settle: Wait, qtbot: QtBot) -> None:
    screen = at_desk()
    gate = threading.Event()
    screen.work.background(screen, gate.wait)  # it verifies when this is done, not before
    QTest.mouseClick(screen.verify, CLICK)
    QTest.keyClick(modal(VerifyDialog, qtbot), KEY.Key_Escape)
    gate.set()
    settle()
    with front.world.db.read() as session:
        assert session.scalar(select(ChangeSet.seq).where(ChangeSet.command == "audit.record_verification")) is None


@pytest.mark.parametrize("suffix", [".csv", ".pdf"])
def test_what_was_found_is_exported_and_the_export_is_in_the_trail(
    suffix: str, front: FrontDesk, at_desk: Open, settle: Wait, tmp_path: Path, hands: Hands, qtbot: QtBot
) -> None:
    patient_id = seen(front)
    screen = at_desk(patient_id=patient_id)
    shown = [str(entry.seq) for entry in screen.table.rows]
    path = tmp_path / f"history{suffix}"
    hands.press(KEY.Key_E, Qt.KeyboardModifier.ControlModifier)
    choose_file(path, qtbot)
    qtbot.waitUntil(path.exists)
    settle()
    if suffix == ".csv":
        rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
        assert rows[0][:5] == ["Entry", "Time", "Person", "Workstation", "Action"]
        assert list(dict.fromkeys(row[0] for row in rows[1:])) == shown
        assert any("hidden: needs a clinical right" in row for row in rows)
        assert "Cannot sleep" not in path.read_text(encoding="utf-8-sig")
    else:
        assert path.read_bytes().startswith(b"%PDF")
    screen.refresh()
    settle()
    newest = screen.table.rows[0]
    assert newest.command == "audit.record_export"
    assert newest.note["rows"] == len(shown)
    assert screen.words.what(newest).startswith("Exported: ")


def test_a_file_that_cannot_be_written_is_said(front: FrontDesk, at_desk: Open, settle: Wait, tmp_path: Path) -> None:
    screen = at_desk()
    said_: list[str] = []
    screen.desk.toasted.connect(lambda text, _tone, _undo: said_.append(text))
    wanted = screen.wanted()
    assert wanted is not None
    ExportDialog(screen, wanted, "All", tmp_path / "missing" / "x.csv").open()
    settle()
    assert said_
    assert "cannot be written" in said_[0]


def test_the_history_opens_from_a_patients_file(front: FrontDesk, house: Callable[[str], Shell], settle: Wait) -> None:
    patient_id = seen(front)
    for role, may in (("receptionist", False), ("admin", True)):
        shell = house(role)
        opened: list[tuple[str, dict[str, Any]]] = []
        shell.desk.opened.connect(lambda code, what, opened=opened: opened.append((code, what)))
        shell.desk.open("patient", patient_id=patient_id)
        settle()
        view = shell.screens["patient"].file  # type: ignore[attr-defined]
        view.setFocus()
        QTest.keyClick(view, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)
        assert opened[1:] == ([("audit", {"patient_id": patient_id})] if may else [])
        shell.close()


def test_only_who_may_read_it_has_the_screen(work: Work, desk_as: Callable[[str], Desk]) -> None:
    for role, may in (("auditor", True), ("admin", True), ("cashier", False), ("doctor", False)):
        assert SCREEN.is_for(desk_as(role).actor) is may
    assert "auditor" in SCREEN.home_of


def test_what_was_looked_for_is_there_again_after_a_lock(front: FrontDesk, at_desk: Open, settle: Wait) -> None:
    patient_id = seen(front)
    screen = at_desk(patient_id=patient_id)
    screen.filters.daily["person_id"].set_value(front.world.users["receptionist"])
    screen.filters.daily["first"].setText("2/3/2026")
    settle()
    kept, shown = screen.whereabouts(), commands(screen)
    assert kept is not None
    screen.hide()
    again = at_desk()
    again.restore(kept)
    settle()
    again.refresh()
    settle()
    assert commands(again) == shown
    assert "Asha Rao" in again.about.text()
    assert again.draft() is None


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("ar", "dark")])
def test_it_can_be_looked_at(
    language: str, theme: str, front: FrontDesk, at_desk: Open, settle: Wait, qapp: QApplication, picture: Callable[[QWidget, str], Path]
) -> None:
    activate(language)
    apply_theme(qapp, theme, right_to_left=language == "ar")
    screen = at_desk(patient_id=seen(front))
    screen.table.select_first()
    settle()
    assert picture(screen, f"audit-{language}-{theme}").stat().st_size > 10_000
    assert unnamed(screen) == []


def test_nothing_of_the_trail_is_kept_in_memory_of_the_list_but_plain_rows(front: FrontDesk, at_desk: Open) -> None:
    screen = at_desk()
    assert not any(isinstance(part, (AuditLog, ChangeSet)) for entry in screen.table.rows for part in vars_of(entry))


def vars_of(entry: Any) -> list[Any]:
    return [getattr(entry, name) for name in type(entry).__dataclass_fields__]
