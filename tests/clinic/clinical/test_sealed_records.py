"""Signed consultations and active prescriptions cannot be changed or deleted, not even by raw SQL (C1)."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from clinic_desktop.clinic.clinical import commands
from clinic_desktop.clinic.clinical.guards import drop_guard_ddl, guard_ddl, guarded_triggers
from clinic_desktop.kernel.ids import new_id
from tests.clinic.clinical.room import Room, line
from tests.clinic.stock.shelf import Shelf
from tests.clinic.world import World


@pytest.fixture
def room(world: World) -> Room:
    return Room(world, Shelf.open(world))


SEALED = [
    "UPDATE consultations SET complaint = 'other'",
    "UPDATE consultations SET status = 'DRAFT'",
    "UPDATE consultations SET row_version = row_version + 1",
    "DELETE FROM consultations",
    "UPDATE consultation_diagnoses SET text = 'other'",
    "DELETE FROM consultation_diagnoses",
    "INSERT INTO consultation_diagnoses SELECT '{fresh}', consultation_id, code_system, code, 'more', certainty, removed_at,"
    " created_at, updated_at, row_version FROM consultation_diagnoses",
    "UPDATE prescription_items SET quantity = 99",
    "UPDATE prescription_items SET dose = '9'",
    "UPDATE prescription_items SET removed_at = created_at",
    "DELETE FROM prescription_items",
    "UPDATE prescriptions SET notes = 'other'",
    "UPDATE prescriptions SET status = 'DRAFT'",
    "DELETE FROM prescriptions",
    "UPDATE prescription_versions SET snapshot = '{{}}'",
    "DELETE FROM prescription_versions",
    "UPDATE consultation_addenda SET text = 'other'",
]


@pytest.fixture
def sealed(room: Room) -> Room:
    """A room with one signed consultation, diagnosis, addendum and active prescription."""
    medicine, _ = room.shelf.medicine("Paracetamol 500")
    visit = room.visit()
    room.prescribe(visit, line(medicine))
    doctor, diagnoses = room.world.actor("doctor"), (commands.NewDiagnosis("Bronchitis"),)
    saved = room.world.db.run(doctor, commands.save_consultation, visit_id=visit, complaint="Cough", diagnoses=diagnoses)
    room.world.db.run(room.world.actor("doctor"), commands.sign_consultation, visit_id=visit)
    room.world.db.run(room.world.actor("doctor"), commands.add_addendum, consultation_id=saved.consultation_id, text="More")
    return room


def test_signed_records_cannot_be_changed_by_raw_sql(sealed: Room) -> None:
    engine = sealed.world.db.engine.execution_options(clinic_write=True)
    for statement in SEALED:
        with pytest.raises(DBAPIError, match=r"sealed record|append-only"), engine.begin() as connection:
            connection.execute(text(statement.format(fresh=new_id().hex)))


def test_the_guards_are_what_refuses(sealed: Room) -> None:
    """Without the triggers the same statements work: the test above tests them and nothing else."""
    engine = sealed.world.db.engine.execution_options(clinic_write=True)
    dialect = engine.dialect.name
    with engine.begin() as connection:
        for statement in drop_guard_ddl(dialect):
            connection.exec_driver_sql(statement)
        assert connection.execute(text("UPDATE consultations SET complaint = 'other'")).rowcount == 1
        assert connection.execute(text("UPDATE prescription_items SET quantity = 99")).rowcount == 1
        for statement in guard_ddl(dialect):
            connection.exec_driver_sql(statement.replace("%", "%%") if dialect == "postgresql" else statement)
    with pytest.raises(DBAPIError, match="sealed record"), engine.begin() as connection:
        connection.execute(text("UPDATE consultations SET complaint = 'again'"))
    assert len(set(guarded_triggers())) == len(guarded_triggers()) == 11


def test_drafts_stay_editable_by_the_database(room: Room) -> None:
    medicine, _ = room.shelf.medicine("Paracetamol 500")
    visit = room.visit()
    room.prescribe(visit, line(medicine))
    room.world.db.run(room.world.actor("doctor"), commands.save_consultation, visit_id=visit, complaint="Cough")
    with room.world.db.engine.execution_options(clinic_write=True).begin() as connection:
        assert connection.execute(text("UPDATE consultations SET complaint = 'other'")).rowcount == 1
        assert connection.execute(text("UPDATE prescription_items SET quantity = 99")).rowcount == 1
