"""Booking: rooms and series of appointments, confirmations, the waiting list, and doctors who run late."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from clinic_desktop.kernel.revision_steps import dialect, run

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

HELD = "status NOT IN ('CANCELLED', 'NO_SHOW')"
GUARDS = {
    "trg_appointments_overlap_insert": "BEFORE INSERT ON appointments",
    "trg_appointments_overlap_update": "BEFORE UPDATE OF clinic_id, doctor_id, patient_id, slot_place, start_time, end_time, status{0} "
    "ON appointments",
}
ROOM = (
    "ALTER TABLE appointments ADD CONSTRAINT ex_appointments_room EXCLUDE USING gist "
    f"(clinic_id WITH =, lower(room) WITH =, doctor_id WITH <>, tstzrange(start_time, end_time) WITH &&) WHERE ({HELD})"
)


def upgrade() -> None:
    instant = "TIMESTAMP WITH TIME ZONE" if dialect() == "postgresql" else "DATETIME"
    key = "UUID" if dialect() == "postgresql" else "CHAR(32)"
    # Added as they are, not by batch: a rebuilt table of SQLite would lose its triggers.
    run(
        [
            "ALTER TABLE appointments ADD COLUMN room TEXT",
            f"ALTER TABLE appointments ADD COLUMN series_id {key}",
            f"ALTER TABLE appointments ADD COLUMN confirmed_at {instant}",
            "ALTER TABLE appointments ADD COLUMN contact_attempts INTEGER DEFAULT 0 NOT NULL"
            " CONSTRAINT ck_appointments_attempts_not_negative CHECK (contact_attempts >= 0)",
            f"ALTER TABLE appointments ADD COLUMN contacted_at {instant}",
        ]
    )
    only = {"sqlite_where": sa.text("series_id IS NOT NULL"), "postgresql_where": sa.text("series_id IS NOT NULL")}
    op.create_index("ix_appointments_series", "appointments", ["series_id", "start_time"], unique=False, **only)
    if dialect() == "postgresql":
        run([ROOM])
    else:
        _guard_sqlite(", room", _refusal("room", "a.doctor_id <> NEW.doctor_id AND lower(a.room) = lower(NEW.room)"))
    _waiting_list()
    _delays()


def downgrade() -> None:
    op.drop_table("doctor_delays")
    op.drop_table("waiting_list")
    if dialect() == "postgresql":
        run(["ALTER TABLE appointments DROP CONSTRAINT ex_appointments_room"])
    else:
        _guard_sqlite("", "")
    op.drop_index("ix_appointments_series", "appointments")
    columns = ("contacted_at", "contact_attempts", "confirmed_at", "series_id", "room")
    run([f"ALTER TABLE appointments DROP COLUMN {column}" for column in columns])


def _guard_sqlite(columns: str, room: str) -> None:
    day = (
        "SELECT RAISE(ABORT, 'ck_appointments_not_longer_than_a_day') WHERE julianday(NEW.end_time) - julianday(NEW.start_time) > 1.00001;"
    )
    doctor = _refusal("doctor", "a.doctor_id = NEW.doctor_id AND a.slot_place = NEW.slot_place")
    body = f"{day} {doctor} {_refusal('patient', 'a.patient_id = NEW.patient_id')}{room and ' ' + room}"
    for name, moment in GUARDS.items():
        run([f"DROP TRIGGER {name}", f"CREATE TRIGGER {name} {moment.format(columns)} WHEN NEW.{HELD} BEGIN {body} END"])


def _refusal(what: str, condition: str) -> str:
    overlap = (
        f"a.id <> NEW.id AND a.clinic_id = NEW.clinic_id AND a.{HELD} AND a.start_time < NEW.end_time AND a.end_time > NEW.start_time "
        "AND a.start_time > datetime(NEW.start_time, '-24 hours')"
    )
    return f"SELECT RAISE(ABORT, 'ex_appointments_{what}') WHERE EXISTS (SELECT 1 FROM appointments AS a WHERE {condition} AND {overlap});"


def _record_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
    ]


def _kind(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)


def _keys(table: str, **targets: str) -> list[sa.ForeignKeyConstraint]:
    return [sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}")) for column, to in targets.items()]


def _waiting_list() -> None:
    op.create_table(
        "waiting_list",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("doctor_id", sa.Uuid(), nullable=True),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("day_part", _kind("daypart", "ANY", "MORNING", "AFTERNOON", "EVENING"), nullable=False),
        sa.Column("is_urgent", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("status", _kind("waitingstatus", "WAITING", "OFFERED", "BOOKED", "EXPIRED", "WITHDRAWN"), nullable=False),
        sa.Column("offered_doctor_id", sa.Uuid(), nullable=True),
        sa.Column("offered_start", sa.DateTime(timezone=True), nullable=True),
        sa.Column("offered_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        *_record_columns(),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_waiting_list_days_in_order")),
        sa.CheckConstraint(
            "status <> 'OFFERED' OR (offered_start IS NOT NULL AND offered_until IS NOT NULL)",
            name=op.f("ck_waiting_list_offer_is_of_a_place"),
        ),
        sa.CheckConstraint("(offered_start IS NULL) = (offered_doctor_id IS NULL)", name=op.f("ck_waiting_list_offer_is_whole")),
        sa.CheckConstraint("(status = 'BOOKED') = (appointment_id IS NOT NULL)", name=op.f("ck_waiting_list_booked_has_appointment")),
        *_keys(
            "waiting_list",
            clinic_id="clinics",
            patient_id="patients",
            doctor_id="doctors",
            service_id="services",
            offered_doctor_id="doctors",
            appointment_id="appointments",
            created_by="users",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting_list")),
    )
    for name, columns in {"status": ["clinic_id", "status", "last_day"], "patient": ["patient_id", "status"]}.items():
        op.create_index(f"ix_waiting_list_{name}", "waiting_list", columns, unique=False)
    for column in ("doctor_id", "service_id", "offered_doctor_id", "appointment_id", "created_by"):
        op.create_index(op.f(f"ix_waiting_list_{column}"), "waiting_list", [column], unique=False)


def _delays() -> None:
    op.create_table(
        "doctor_delays",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("doctor_id", sa.Uuid(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("late_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said_by", sa.Uuid(), nullable=True),
        *_record_columns(),
        sa.CheckConstraint("minutes BETWEEN 0 AND 600", name=op.f("ck_doctor_delays_minutes_sensible")),
        *_keys("doctor_delays", clinic_id="clinics", doctor_id="doctors", said_by="users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_doctor_delays")),
        sa.UniqueConstraint("clinic_id", "business_date", "doctor_id", name=op.f("uq_doctor_delays_clinic_id_business_date_doctor_id")),
    )
    for column in ("doctor_id", "said_by"):
        op.create_index(op.f(f"ix_doctor_delays_{column}"), "doctor_delays", [column], unique=False)
