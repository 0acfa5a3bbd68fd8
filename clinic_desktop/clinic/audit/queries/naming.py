"""What people call a record: one query a table for all that are asked for, and one more round for those it is named after."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Table, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.audit.queries.values import typed
from clinic_desktop.clinic.audit.rules import Part
from clinic_desktop.kernel.tables import Base

Key = tuple[str, UUID]
Names = dict[Key, tuple[Part, ...]]

_LABELS = {
    "patients": ("full_name", "patient_number"),
    "users": ("full_name",),
    "roles": ("name",),
    "permissions": ("title",),
    "doctors": ("user_id",),
    "medicines": ("item_id",),
    "medicine_batches": ("batch_number", "item_id"),
    "inventory_items": ("name",),
    "services": ("name",),
    "clinics": ("name",),
    "holidays": ("name", "day"),
    "hospital_settings": ("key",),
    "user_roles": ("user_id", "role_id"),
    "role_permissions": ("role_id", "permission_id"),
    "patient_merges": ("merged_id", "kept_id"),
    "patient_duplicates": ("a_id", "b_id"),
    "patient_documents": ("original_file_name", "patient_id"),
    "patient_consents": ("type", "patient_id"),
    "consent_templates": ("type", "language", "version"),
    "visits": ("patient_id", "business_date"),
    "consultations": ("patient_id", "business_date"),
    "reviews": ("doctor_id",),  # not the patient: who wished to be anonymous is named nowhere
    "doctor_ratings": ("doctor_id",),
    "appointment_queue": ("queue_number", "patient_id", "business_date"),
    "time_slots": ("doctor_id", "slot_date", "start_time"),
    "doctor_leaves": ("doctor_id", "first_day"),
    "doctor_settlements": ("doctor_id", "period_to"),
    "till_sessions": ("cashier_id", "business_date"),
    "command_keys": ("command",),
    "database_identity": (),
    "documents": (),
    "stock_adjustments": ("reason",),
    "daily_settlements": ("clinic_id", "business_date"),
    "id_sequences": ("kind", "year"),
    "sync_conflicts": ("kind", "patient_id"),
    "sync_enrolment_codes": ("site_code",),
    "server_certificates": ("hosts",),
}
_NUMBERS = ("number", "receipt_number", "booking_id", "card_number", "name", "description")
_OWNERS = (
    *("patient_id", "item_id", "batch_id", "prescription_id", "invoice_id", "dispensing_id", "consultation_id", "visit_id"),
    *("appointment_id", "payment_id", "adjustment_id", "settlement_id", "template_id", "doctor_id", "user_id", "medicine_id"),
)
_DEPTH = 4
_AT_ONCE = 400


@cache
def label_of(table: Table) -> tuple[str, ...]:
    """The columns by which a row is called: what is written down above, else its number or name and whom it belongs to."""
    if table.name in _LABELS:
        return _LABELS[table.name]
    own = next((name for name in _NUMBERS if name in table.c), None)
    owner = next((name for name in _OWNERS if name in table.c), None)
    return tuple(name for name in (own, owner) if name is not None)


@cache
def target_of(column: Column[Any]) -> str | None:
    """The table to which a foreign key leads."""
    return next((key.column.table.name for key in column.foreign_keys), None)


def names_of(session: Session, wanted: Iterable[Key]) -> Names:
    """What each record is called; those that are gone are left out."""
    asked = set(wanted)
    rows: dict[Key, tuple[Any, ...]] = {}
    open_ = _by_table(asked)
    for _round in range(_DEPTH):
        fresh: set[Key] = set()
        for table, ids in open_.items():
            for key, values in _read(session, table, ids):
                rows[table.name, key] = values
                fresh.update(reference for reference in _references(table, values) if reference not in rows)
        open_ = _by_table(fresh)
        if not open_:
            break
    return {key: tuple(_parts(key, rows)) for key in asked if key in rows}


def short(key: Key, parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """A record by its own number or name alone, where it has one: within another record the owner stands already."""
    table = Base.metadata.tables.get(key[0])
    label = () if table is None else label_of(table)
    own = next((place for place, name in enumerate(label) if table is not None and target_of(table.c[name]) is not None), len(label))
    return parts[:own] if own else parts


def _by_table(keys: Iterable[Key]) -> dict[Table, set[UUID]]:
    tables: dict[Table, set[UUID]] = defaultdict(set)
    for name, key in keys:
        table = Base.metadata.tables.get(name)
        if table is not None:
            tables[table].add(key)
    return tables


def _read(session: Session, table: Table, ids: set[UUID]) -> Iterator[tuple[UUID, tuple[Any, ...]]]:
    (key,) = table.primary_key
    columns = [table.c[name] for name in label_of(table)]
    every = list(ids)
    for place in range(0, len(every), _AT_ONCE):
        for found in session.execute(select(key, *columns).where(key.in_(every[place : place + _AT_ONCE]))):
            yield found[0], tuple(found[1:])


def _references(table: Table, values: tuple[Any, ...]) -> Iterator[Key]:
    for name, value in zip(label_of(table), values, strict=True):
        target = target_of(table.c[name])
        if target is not None and value is not None:
            yield target, value


def _parts(key: Key, rows: dict[Key, tuple[Any, ...]]) -> Iterator[Part]:
    table = Base.metadata.tables[key[0]]
    for name, value in zip(label_of(table), rows.get(key, ()), strict=False):
        target = target_of(table.c[name])
        if target is not None:
            if value is not None:
                yield from _parts((target, value), rows)
        elif value is not None:
            yield typed(value)
