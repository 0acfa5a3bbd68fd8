"""Screens leave the traces of promise 16: whoever opens a record or exports a list stands in the audit trail, and waits for nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from clinic_desktop.clinic.clinical import commands as clinical
from clinic_desktop.clinic.frontdesk import commands as frontdesk
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.journal import AuditLog, ChangeSet
from clinic_desktop.kernel.security import Actor
from clinic_desktop.ui.csv_export import desk_around, export
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.printing import Preview, show_document
from clinic_desktop.ui.screens.consultation.screen import ConsultationScreen
from clinic_desktop.ui.screens.consultation.signing import PRESCRIPTION
from clinic_desktop.ui.screens.pharmacy.screen import PharmacyScreen
from clinic_desktop.ui.screens.reception.screen import ReceptionScreen
from clinic_desktop.ui.shell import Shell
from clinic_desktop.ui.widgets import Label
from clinic_desktop.ui.work import Work
from tests.clinic.clinical.room import line
from tests.clinic.stock.shelf import Shelf
from tests.clinic.test_query_plans import heard
from tests.conftest import FrozenClock
from tests.kernel.test_journal import raw
from tests.ui.screens.frontdesk import FrontDesk
from tests.ui.screens.staffroom import choose_file

Wait = Callable[[], None]


def notes(front: FrontDesk, event: str) -> list[tuple[str, str, dict[str, Any]]]:
    """Who left which note about what, oldest first."""
    with front.world.db.read() as session:
        rows = session.execute(
            select(ChangeSet.actor_name, AuditLog.entity_type, AuditLog.changes)
            .join(AuditLog, AuditLog.seq == ChangeSet.seq)
            .where(AuditLog.operation == "N")
            .order_by(AuditLog.seq)
        ).all()
    told = [(name, kind, msgspec.json.decode(changes)) for name, kind, changes in rows]
    return [(name, kind, {k: v for k, v in note.items() if k != "event"}) for name, kind, note in told if note["event"] == event]


def test_a_patients_file_leaves_its_trace_once(front: FrontDesk, house: Callable[[str], Shell], settle: Wait, clock: FrozenClock) -> None:
    patient = front.patient()
    shell = house("receptionist")
    for _ in range(3):
        shell.desk.open("patient", patient_id=patient.id)
        settle()
    assert notes(front, "read") == [("Receptionist One", "patients", {"what": "file"})]
    clock.advance(minutes=16)
    shell.desk.open("patient", patient_id=patient.id)
    settle()
    assert len(notes(front, "read")) == 2
    shell.close()


def test_a_repaint_asks_the_database_nothing(front: FrontDesk, desk_as: Callable[[str], Desk], settle: Wait, clock: FrozenClock) -> None:
    desk, patient = desk_as("doctor"), front.patient()
    desk.record_read("patients", patient.id, "file")
    settle()
    with heard(front.world.db) as statements:
        for _ in range(5):
            clock.advance(minutes=2)
            desk.record_read("patients", patient.id, "file")
        settle()
    assert statements == []


def test_the_doctors_room_leaves_its_trace(
    front: FrontDesk, desk_as: Callable[[str], Desk], show: Callable[..., None], settle: Wait
) -> None:
    arrival = front.walk_in(front.patient())
    screen = ConsultationScreen(desk_as("doctor"))
    show(screen)
    settle()
    assert notes(front, "read") == []
    screen.open(visit_id=arrival.visit_id)
    settle()
    screen.refresh()
    settle()
    assert notes(front, "read") == [("Doctor One", "patients", {"what": "clinical_record"})]


def signed_prescription(front: FrontDesk) -> Any:
    """A medicine that a doctor has prescribed and signed, not handed out yet."""
    shelf = Shelf.open(front.world)
    arrival = front.walk_in(front.patient())
    front.run("doctor", frontdesk.call, visit_id=arrival.visit_id, room="1")
    front.run("doctor", frontdesk.start_consultation, visit_id=arrival.visit_id)
    items = [line(shelf.medicine("Crocin", generic_name="Paracetamol")[0])]
    written = front.run("doctor", clinical.write_prescription, visit_id=arrival.visit_id, items=items)
    front.run("doctor", clinical.save_consultation, visit_id=arrival.visit_id, complaint="Fever", row_version=None)
    front.run("doctor", clinical.sign_consultation, visit_id=arrival.visit_id)
    return written


def test_a_prescription_on_the_screen_leaves_its_trace(
    front: FrontDesk, desk_as: Callable[[str], Desk], show: Callable[..., None], settle: Wait, qtbot: QtBot
) -> None:
    written = signed_prescription(front)
    screen = ReceptionScreen(desk_as("admin"))
    show(screen)
    show_document(screen, "Prescription", PRESCRIPTION, prescription_id=written.prescription_id)
    settle()
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), Preview))
    settle()
    preview = QApplication.activeModalWidget()
    assert preview is not None
    preview.close()
    assert notes(front, "read") == [("Administrator One", "prescriptions", {"what": "prescription"})]


def test_an_export_stands_in_the_trail_before_it_is_written(
    front: FrontDesk,
    desk_as: Callable[[str], Desk],
    show: Callable[..., None],
    settle: Wait,
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    front.walk_in(front.patient())
    screen = ReceptionScreen(desk_as("receptionist"))
    show(screen)
    settle()
    said: list[str] = []
    screen.desk.toasted.connect(lambda text, _tone, _undo: said.append(text))
    table = screen.board.table
    path = tmp_path / "today.csv"
    menu = table.options_menu()
    menu.actions()[-1].trigger()
    choose_file(path, qtbot)
    settle()
    settle()
    rows = len(table.rows)
    assert len(path.read_text(encoding="utf-8-sig").splitlines()) == rows + 1
    assert said == ["1 row exported."]
    ((who, kind, note),) = notes(front, "exported")
    assert (who, kind, note["rows"], note["way"]) == ("Receptionist One", "users", rows, "csv")
    menu.deleteLater()


def test_nothing_is_written_when_the_trail_cannot_be(
    front: FrontDesk,
    desk_as: Callable[[str], Desk],
    show: Callable[..., None],
    settle: Wait,
    tmp_path: Path,
    refusals: list[ClinicError],
) -> None:
    screen = ReceptionScreen(desk_as("receptionist"))
    show(screen)
    settle()
    raw(front.world.db, "CREATE TRIGGER full BEFORE INSERT ON journal BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END")
    table, path = screen.board.table, tmp_path / "today.csv"
    export(table, path, "Today", table.shown_columns, table.rows)
    settle()
    assert [error.params["reason"] for error in refusals] == ["disk_full"]
    assert not path.exists()
    refusals.clear()


def test_a_role_without_any_right_leaves_its_trace_too(front: FrontDesk, desk_as: Callable[[str], Desk], settle: Wait, work: Work) -> None:
    desk = desk_as("cashier")
    work.actor = Actor(front.world.users["cashier"], "Cashier One", frozenset(), clinic_id=front.world.clinic_id)
    patient = front.patient()
    desk.record_read("patients", patient.id, "file")
    settle()
    assert notes(front, "read") == [("Cashier One", "patients", {"what": "file"})]


def test_a_list_outside_every_screen_is_not_exported(qapp: QApplication) -> None:
    alone = Label("Alone")
    with pytest.raises(RuntimeError, match="no desk"):
        desk_around(alone)
    alone.deleteLater()


def test_the_pharmacys_counter_leaves_its_trace(
    front: FrontDesk, desk_as: Callable[[str], Desk], show: Callable[..., None], settle: Wait
) -> None:
    written = signed_prescription(front)
    screen = PharmacyScreen(desk_as("pharmacist"))
    show(screen)
    settle()
    screen.open(prescription_id=written.prescription_id)
    settle()
    assert notes(front, "read") == [("Pharmacist One", "prescriptions", {"what": "prescription"})]
