"""Long histories and large registers, written past the journal: what lies there is not what is measured."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.schema import CreateTable

from clinic_desktop.clinic.frontdesk.models import QueueEntry, Visit
from clinic_desktop.clinic.organisation.models import Clinic
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.rules import Gender, PatientStatus, phone_tail
from clinic_desktop.clinic.patients.search import drop_search_ddl, search_ddl
from clinic_desktop.clinic.simulation.catalogue import names
from clinic_desktop.clinic.simulation.people import weighted
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.migrations import upgrade
from clinic_desktop.kernel.tables import Base
from tests.benchmarks.bench import PASSPHRASE, SQLITE, Bench
from tests.benchmarks.people import standing
from tests.clinic.world import build_world
from tests.conftest import START

_BATCH = 5_000
_SYLLABLES = ("ka", "ra", "ma", "shi", "va", "ni", "de", "lo", "tu", "pra", "bha", "go", "yan", "sen", "kar", "rao")
_COLUMNS = tuple(column.name for column in Patient.__table__.columns)
_STAMPS = {"created_at": START, "updated_at": START, "row_version": 1}


@contextmanager
def register_of(bench: Bench, engine: str, count: int) -> Iterator[Database]:
    """A clinic with so many patients; on SQLite it is kept for the next run, Postgres is filled from that file."""
    file = _cached(bench, count)
    kept = Database.open(f"sqlcipher:///{file}", passphrase=PASSPHRASE, clock=standing)
    try:
        if engine == SQLITE:
            yield kept
            return
        with bench.built(engine, standing, build_world) as world:
            _copy_patients(kept, world.db, world.clinic_id)
            yield world.db
    finally:
        kept.close()


def _cached(bench: Bench, count: int) -> Path:
    file = bench.folder / f"register-{count}-{_schema()}.db"
    if file.exists():
        return file
    bench.folder.mkdir(parents=True, exist_ok=True)
    for old in bench.folder.glob(f"register-{count}-*"):
        old.unlink()
    making = file.with_suffix(".making")
    database = Database.open(f"sqlcipher:///{making}", passphrase=PASSPHRASE, clock=standing)
    upgrade(database)
    clinic_id = build_world(database).clinic_id
    with writing(database) as connection:
        _without_index(connection, lambda: _add(connection, Patient.__table__, patient_rows(clinic_id, count)))
    database.close()
    making.with_name(making.name + ".keys").rename(file.with_name(file.name + ".keys"))
    return making.rename(file)


def _schema() -> str:
    """A name for what the tables and the search index look like now."""
    tables = "".join(str(CreateTable(table)) for table in Base.metadata.sorted_tables)
    return blake2b((tables + "".join(search_ddl("sqlite"))).encode(), digest_size=6).hexdigest()


@contextmanager
def writing(database: Database) -> Iterator[Connection]:
    """Rows written past the journal; the engine looks afterwards how many there are."""
    with database.engine.execution_options(clinic_write=True).begin() as connection:
        yield connection
        connection.exec_driver_sql("ANALYZE")


def _without_index(connection: Connection, fill: Any) -> None:
    """Build the search index afterwards: that is many times faster than row by row."""
    dialect = connection.dialect.name
    for statement in drop_search_ddl(dialect):
        connection.exec_driver_sql(statement)
    fill()
    for statement in search_ddl(dialect):
        connection.exec_driver_sql(statement)


def _add(connection: Connection, table: Any, rows: Iterator[dict[str, Any]]) -> None:
    while batch := list(islice(rows, _BATCH)):
        connection.execute(insert(table), batch)


def patient_rows(clinic_id: UUID, count: int) -> Iterator[dict[str, Any]]:
    rng, book = Random(1), names()
    for number in range(1, count + 1):
        script = weighted(rng, ((book.latin, 80), (book.devanagari, 12), (book.arabic, 8)))
        female, phone = rng.random() < 0.5, f"+9198{number:08d}"
        patient = Patient(
            clinic_id=clinic_id,
            patient_number=f"PAT-2026-{number:07d}",
            first_name=rng.choice(script.female if female else script.male),
            middle_name=rng.choice(script.male) if number % 3 == 0 else None,
            last_name=rng.choice(script.last) if number % 4 else _rare_name(rng),
            date_of_birth=date(1940, 1, 1) + timedelta(days=rng.randrange(30_000)),
            gender=Gender.FEMALE if female else Gender.MALE,
            status=PatientStatus.ACTIVE,
            phone=phone,
            phone_typed=phone,
            phone_tail=phone_tail(phone),
            dob_is_estimated=False,
            has_insurance=False,
            phone_verified=False,
            email_verified=False,
            is_restricted=False,
        )
        patient.refresh_search(())
        yield {name: getattr(patient, name) for name in _COLUMNS} | _STAMPS


def _rare_name(rng: Random) -> str:
    return "".join(rng.choices(_SYLLABLES, k=rng.choice((3, 4)))).title()


def _copy_patients(kept: Database, database: Database, clinic_id: UUID) -> None:
    """Stream the rows of the kept file into Postgres as text: ids, dates and truths are spelt alike there."""
    columns, place = ", ".join(_COLUMNS), _COLUMNS.index("clinic_id")
    with writing(database) as connection, kept.engine.connect() as source:
        rows = source.exec_driver_sql(f"SELECT {columns} FROM patients").yield_per(_BATCH)
        cursor = connection.connection.driver_connection.cursor()  # type: ignore[union-attr]

        def copy() -> None:
            with cursor.copy(f"COPY patients ({columns}) FROM STDIN") as stream:
                for row in rows:
                    values = list(row)
                    values[place] = clinic_id
                    stream.write_row(values)

        _without_index(connection, copy)


def add_history(database: Database, visits: int) -> None:
    """Finished visits of the days before, 40 a day, each with its queue number."""
    with database.read() as session:
        clinic_id = session.scalars(select(Clinic.id)).one()
        patients = list(session.scalars(select(Patient.id).limit(1_000)))
        doctor_id, service_id = session.execute(select(Visit.doctor_id, Visit.service_id).limit(1)).one()
        known = session.scalar(select(func.count()).where(Visit.business_date < START.date())) or 0
    stamp = {"clinic_id": clinic_id, "doctor_id": doctor_id, **_STAMPS}

    def visit(number: int) -> dict[str, Any]:
        began = START - timedelta(days=1 + number // 40) + timedelta(minutes=10 * (number % 40))
        timed = {"business_date": began.date(), "planned_at": began, "check_in_time": began, "start_time": began, "end_time": began}
        kinds = {"visit_type": "WALK_IN", "status": "COMPLETED", "service_id": service_id}
        return {**stamp, **timed, **kinds, "id": new_id(), "patient_id": patients[number % len(patients)]}

    def ticket(number: int, row: dict[str, Any]) -> dict[str, Any]:
        same = {name: row[name] for name in ("business_date", "patient_id")}
        kinds = {"state": "CLOSED", "priority": "NORMAL", "queue_number": 1 + number % 40, "call_count": 1}
        return {**stamp, **same, **kinds, "id": new_id(), "visit_id": row["id"]}

    with writing(database) as connection:
        for first in range(known, visits, _BATCH):
            rows = [visit(number) for number in range(first, min(first + _BATCH, visits))]
            connection.execute(insert(Visit), rows)
            connection.execute(insert(QueueEntry), [ticket(first + at, row) for at, row in enumerate(rows)])
