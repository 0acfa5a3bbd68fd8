"""Writing the value that gave way into its record after all, with everything that follows from it."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Column, Enum, select
from sqlalchemy.orm import Mapper

from clinic_desktop.clinic.access.rules import ALL_POWERFUL
from clinic_desktop.clinic.audit.rights import CLINICAL_RIGHTS
from clinic_desktop.clinic.audit.rules import CLINICAL
from clinic_desktop.clinic.reconciling.models import SyncConflict
from clinic_desktop.clinic.reconciling.rules import CannotTake, ValueMovedOn
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.journal import DatabaseIdentity
from clinic_desktop.kernel.merging import Clash, Kind, Policy, Values, policy_of
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.security import Actor
from clinic_desktop.kernel.tables import Base, MoneyColumn, Record, mappers

_TIED = {
    "patients": frozenset({"phone_typed", "phone_owner_id", "status", "merged_into_id", "clinic_id", "erased_at", "patient_number"}),
    "invoices": frozenset({"status"}),
}
"""Columns that mean nothing without others: they are changed where people change them."""
_OF_THE_DESK = frozenset({"patients", "patient_documents", "patient_consents", "patient_identifiers", "id_cards", "appointments"})
"""Tables whose values whoever settles conflicts may take; clinical ones need a clinical right, all others an administrator."""
_WRITTEN = (UUID, datetime, date, time, Decimal)


def take_other(tx: Tx, conflict: SyncConflict) -> None:
    """Write the other value of a field; raises CannotTake or ValueMovedOn and changes nothing."""
    assert conflict.field is not None
    mapper, column = _place(conflict)
    row = tx.session.get(mapper.class_, conflict.entity_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise CannotTake(reason="gone")
    policy, before = policy_of(conflict.entity_type), as_told(row)
    _refuse(tx, conflict, policy, before)
    told = msgspec.json.decode(conflict.other_value or "null")
    if before.get(column.name) != msgspec.json.decode(conflict.kept_value or "null"):
        raise ValueMovedOn(field=conflict.field)
    if told is None and not column.nullable:
        raise CannotTake(reason="empty")
    after = {**before, column.name: told}
    after |= policy.derive(after) if policy.derive else {}
    for clash in policy.clashes:
        after |= _gives_way(tx, mapper, clash, after)
    for name, value in after.items():
        if before.get(name) != value:
            attribute = mapper.get_property_by_column(mapper.columns[name]).key
            setattr(row, attribute, from_told(mapper.columns[name], value, tx.currency))
    tx.session.flush()


def _place(conflict: SyncConflict) -> tuple[Mapper[Any], Column[Any]]:
    found = next((one for one in mappers() if str(one.local_table) == conflict.entity_type), None)
    table = Base.metadata.tables.get(conflict.entity_type)
    column = None if table is None else table.c.get(str(conflict.field))
    if found is None or column is None or not issubclass(found.class_, Record):
        raise CannotTake(reason="unknown")
    return found, column


def _refuse(tx: Tx, conflict: SyncConflict, policy: Policy, told: Values) -> None:
    column = Base.metadata.tables[conflict.entity_type].c[str(conflict.field)]
    if not _is_ones_own(tx.actor, conflict.entity_type, column.name):
        raise CannotTake(reason="not_yours")
    if column.info.get("secret"):
        raise CannotTake(reason="secret")
    if column.name in policy.derived or column.name in policy.counters or column.name in _TIED.get(conflict.entity_type, ()):
        raise CannotTake(reason="tied")
    if policy.kind is Kind.LEDGER or (policy.sealed is not None and policy.sealed(told) and column.name not in policy.open_columns):
        raise CannotTake(reason="sealed")
    here = tx.session.scalars(select(DatabaseIdentity.site_id)).one()
    is_elsewhere = conflict.owner_site_id is not None and conflict.owner_site_id != here
    if policy.kind is Kind.OWNED and is_elsewhere and column.name not in policy.open_columns:
        raise CannotTake(reason="other_site")


def _is_ones_own(actor: Actor, table: str, column: str) -> bool:
    """Whether a person may decide about a column."""
    if actor.is_system or actor.roles & ALL_POWERFUL:
        return True
    if column in CLINICAL.get(table, frozenset()):
        return bool(actor.permissions.intersection(CLINICAL_RIGHTS))
    return table in _OF_THE_DESK


def _gives_way(tx: Tx, mapper: Mapper[Any], clash: Clash, told: Values) -> Values:
    """What changes so that a row which has the value already can stay as it is."""
    if not clash.among(told) or any(told.get(name) is None for name in clash.columns):
        return {}
    columns = mapper.columns
    same = [columns[name] == from_told(columns[name], told[name], tx.currency) for name in clash.columns]
    for other in tx.session.scalars(select(mapper.class_).where(*same)):
        known = as_told(other)
        if known["id"] != told["id"] and clash.among(known):
            return clash.give_way(told, known) or {}
    return {}


def as_told(row: Any) -> Values:
    """A row as the journal spells it."""
    mapper = type(row).__mapper__
    values = {column.name: getattr(row, mapper.get_property_by_column(column).key) for column in mapper.local_table.c}
    plain = {name: value.minor if isinstance(value, Money) else value for name, value in values.items() if value is not None}
    told: Values = msgspec.json.decode(msgspec.json.encode(plain))
    return told


def from_told(column: Column[Any], told: Any, currency: str) -> Any:
    """A value as its column takes it; the journal spells amounts in minor units, and the rest as JSON does."""
    if told is None:
        return None
    if isinstance(column.type, MoneyColumn):
        return Money(int(told), currency)
    if isinstance(column.type, Enum) and column.type.enum_class is not None:
        return column.type.enum_class(told)
    kind = column.type.python_type if not hasattr(column.type, "impl_instance") else column.type.impl_instance.python_type
    return msgspec.convert(told, kind, strict=False) if kind in _WRITTEN else told
