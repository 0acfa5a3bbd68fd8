"""Which rows belong to a patient: every table from which foreign keys lead to ``patients``, found in the models themselves."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from uuid import UUID

from sqlalchemy import Column, CompoundSelect, FromClause, Select, Table, literal_column, select, union_all
from sqlalchemy.orm import Session

from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.kernel.tables import Base, is_journalled

Path = tuple[Column[UUID], ...]
"""Foreign key columns from a table, one after the other, to ``patients``."""
_PATIENTS = Patient.__tablename__


@cache
def tables_of_patients() -> dict[str, tuple[Path, ...]]:
    """The paths from each table to the patient. A key to the patient itself goes before ways around."""
    found: dict[str, tuple[Path, ...]] = {}
    tables = [table for name, table in Base.metadata.tables.items() if is_journalled(table) and name != _PATIENTS]
    while True:
        fresh = {table.name: paths for table in tables if table.name not in found and (paths := _paths(table, found))}
        if not fresh:
            return found
        found.update(fresh)


def _paths(table: Table, found: dict[str, tuple[Path, ...]]) -> tuple[Path, ...]:
    keys = sorted(((key.column.table.name, key.parent) for key in table.foreign_keys), key=lambda one: str(one[1].name))
    direct: tuple[Path, ...] = tuple((column,) for target, column in keys if target == _PATIENTS)
    return direct or tuple((column, *path) for target, column in keys if target != table.name for path in found.get(target, ()))


def rows_of_patients(patient_ids: Iterable[UUID]) -> CompoundSelect[str, UUID]:
    """Table and key of every row that belongs to these patients, and of the patients themselves."""
    ids = list(patient_ids)
    own = select(_name(Patient.__table__), Patient.id.label("id")).where(Patient.id.in_(ids))
    return union_all(own, *(_rows(path, ids) for paths in tables_of_patients().values() for path in paths))


def _rows(path: Path, ids: list[UUID]) -> Select[str, UUID]:
    table = path[0].table
    (key,) = table.primary_key
    return select(_name(table), key.label("id")).select_from(_joined(path)).where(path[-1].in_(ids))


def _joined(path: Path) -> FromClause:
    joined: FromClause = path[0].table
    for column in path[:-1]:
        (target,) = (key.column for key in column.foreign_keys)
        joined = joined.join(target.table, target == column)
    return joined


def patient_of(session: Session, entity_type: str, entity_id: UUID) -> UUID | None:
    """The patient to whom a row belongs."""
    if entity_type == _PATIENTS:
        return entity_id
    for path in tables_of_patients().get(entity_type, ()):
        table, joined = path[0].table, _joined(path)
        (key,) = table.primary_key
        found = session.scalar(select(path[-1]).select_from(joined).where(key == entity_id))
        if found is not None:
            return found
    return None


def _name(table: object) -> Column[str]:
    return literal_column(f"'{table}'").label("kind")  # type: ignore[return-value]
