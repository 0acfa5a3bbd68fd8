"""What the database itself refuses: overlapping appointments of one place of a doctor, of one patient, or of two doctors in one room (T1).

Between clinics the commands look, and whoever books holds the doctor's and the patient's row. The database does not refuse there:
two sites that could not see each other may both have booked, and then a person decides.

Postgres has exclusion constraints for it, SQLite triggers that ask the same question; both leave cancelled ones out.
The migration (and whoever builds a schema without one) runs these statements after the tables exist.
"""

from __future__ import annotations

_HELD = "status NOT IN ('CANCELLED', 'NO_SHOW')"
LONGEST_HOURS = 24
"""No appointment is longer: it lets SQLite look at one day of an index instead of a whole history."""


def guard_ddl(dialect_name: str) -> list[str]:
    """Statements that create the guards on that engine."""
    return _POSTGRES if dialect_name == "postgresql" else _sqlite()


def drop_guard_ddl(dialect_name: str) -> list[str]:
    """Statements that remove them (before the table is dropped or rebuilt)."""
    if dialect_name == "postgresql":
        names = ("ex_appointments_doctor", "ex_appointments_patient", "ex_appointments_room", "ck_appointments_not_longer_than_a_day")
        return [f"ALTER TABLE appointments DROP CONSTRAINT IF EXISTS {name}" for name in names]
    return [f"DROP TRIGGER IF EXISTS {name}" for name in _TRIGGERS]


_POSTGRES = [
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    "ALTER TABLE appointments ADD CONSTRAINT ex_appointments_doctor EXCLUDE USING gist "
    f"(clinic_id WITH =, doctor_id WITH =, slot_place WITH =, tstzrange(start_time, end_time) WITH &&) WHERE ({_HELD})",
    "ALTER TABLE appointments ADD CONSTRAINT ex_appointments_patient EXCLUDE USING gist "
    f"(clinic_id WITH =, patient_id WITH =, tstzrange(start_time, end_time) WITH &&) WHERE ({_HELD})",
    "ALTER TABLE appointments ADD CONSTRAINT ex_appointments_room EXCLUDE USING gist "
    f"(clinic_id WITH =, lower(room) WITH =, doctor_id WITH <>, tstzrange(start_time, end_time) WITH &&) WHERE ({_HELD})",
    "ALTER TABLE appointments ADD CONSTRAINT ck_appointments_not_longer_than_a_day "
    f"CHECK (end_time <= start_time + interval '{LONGEST_HOURS} hours')",
]

_TRIGGERS = {
    "trg_appointments_overlap_insert": "BEFORE INSERT ON appointments",
    "trg_appointments_overlap_update": "BEFORE UPDATE OF clinic_id, doctor_id, patient_id, slot_place, start_time, end_time, status, room "
    "ON appointments",
}


def _sqlite() -> list[str]:
    return [f"CREATE TRIGGER {name} {moment} WHEN NEW.{_HELD} BEGIN {_refusals()} END" for name, moment in _TRIGGERS.items()]


def _refusals() -> str:
    overlap = (
        f"a.id <> NEW.id AND a.clinic_id = NEW.clinic_id AND a.{_HELD} AND a.start_time < NEW.end_time AND a.end_time > NEW.start_time "
        f"AND a.start_time > datetime(NEW.start_time, '-{LONGEST_HOURS} hours')"
    )
    return (
        "SELECT RAISE(ABORT, 'ck_appointments_not_longer_than_a_day') "
        f"WHERE julianday(NEW.end_time) - julianday(NEW.start_time) > {LONGEST_HOURS / 24 + 0.00001}; "
        "SELECT RAISE(ABORT, 'ex_appointments_doctor') WHERE EXISTS (SELECT 1 FROM appointments AS a "
        f"WHERE a.doctor_id = NEW.doctor_id AND a.slot_place = NEW.slot_place AND {overlap}); "
        "SELECT RAISE(ABORT, 'ex_appointments_patient') WHERE EXISTS (SELECT 1 FROM appointments AS a "
        f"WHERE a.patient_id = NEW.patient_id AND {overlap}); "
        "SELECT RAISE(ABORT, 'ex_appointments_room') WHERE EXISTS (SELECT 1 FROM appointments AS a "
        f"WHERE a.doctor_id <> NEW.doctor_id AND lower(a.room) = lower(NEW.room) AND {overlap});"
    )
