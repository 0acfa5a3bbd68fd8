"""What waits for a decision: both versions, in the form in which they can be worded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.access.models import User
from clinic_desktop.clinic.audit.queries.naming import Key, Names, names_of, short
from clinic_desktop.clinic.audit.queries.values import journalled
from clinic_desktop.clinic.audit.rights import CLINICAL_RIGHTS
from clinic_desktop.clinic.audit.rules import CLINICAL, Named, Value, Veil
from clinic_desktop.clinic.organisation.models import Site
from clinic_desktop.clinic.reconciling.commands import DECIDE
from clinic_desktop.clinic.reconciling.models import SyncConflict
from clinic_desktop.clinic.reconciling.rules import ConflictStatus, Decision
from clinic_desktop.kernel.errors import NotFound
from clinic_desktop.kernel.mending import ConflictKind
from clinic_desktop.kernel.security import Actor
from clinic_desktop.kernel.tables import Base, currency_of


@dataclass(frozen=True, slots=True)
class Version:
    """One of two values: who wrote it, where and when."""

    value: Value
    by: str | None
    site: str | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """Something that sites did at once. ``facts`` are a task's numbers and codes; a field's conflict has two versions instead."""

    id: UUID
    kind: ConflictKind
    subject: Named
    patient: Named | None
    field: str | None
    kept: Version | None
    other: Version | None
    facts: dict[str, Any]
    owner_site: str | None
    detected_at: datetime
    status: ConflictStatus
    decision: Decision | None
    decided_by: str | None
    decided_at: datetime | None
    note: str | None


@dataclass(frozen=True, slots=True)
class ConflictCounts:
    """How many are open, and how many of them for more than a day and a week."""

    open: int
    over_a_day: int
    over_a_week: int


def open_conflicts(session: Session, actor: Actor, *, limit: int = 200) -> list[ConflictRow]:
    """What waits for a decision, the oldest first."""
    actor.require(DECIDE, "reconciling.open_conflicts")
    wanted = select(SyncConflict).where(SyncConflict.status == ConflictStatus.OPEN)
    return _rows(session, actor, session.scalars(wanted.order_by(SyncConflict.detected_at, SyncConflict.id).limit(limit)).all())


def settled_conflicts(session: Session, actor: Actor, *, limit: int = 200) -> list[ConflictRow]:
    """What was decided, the newest first."""
    actor.require(DECIDE, "reconciling.settled_conflicts")
    wanted = select(SyncConflict).where(SyncConflict.status == ConflictStatus.DECIDED)
    return _rows(session, actor, session.scalars(wanted.order_by(SyncConflict.decided_at.desc(), SyncConflict.id).limit(limit)).all())


def conflicts_of(session: Session, actor: Actor, entity_type: str, entity_id: UUID) -> list[ConflictRow]:
    """Everything that sites ever did at once to one record, the newest first."""
    actor.require(DECIDE, "reconciling.conflicts_of")
    wanted = select(SyncConflict).where(SyncConflict.entity_type == entity_type, SyncConflict.entity_id == entity_id)
    return _rows(session, actor, session.scalars(wanted.order_by(SyncConflict.detected_at.desc(), SyncConflict.id)).all())


def conflict(session: Session, actor: Actor, conflict_id: UUID) -> ConflictRow:
    """One of them; raises NotFound."""
    actor.require(DECIDE, "reconciling.conflict")
    found = session.get(SyncConflict, conflict_id)
    if found is None:
        raise NotFound(entity="sync_conflicts", key=str(conflict_id))
    return _rows(session, actor, [found])[0]


def conflict_counts(session: Session, now: datetime) -> ConflictCounts:
    """How much waits, and for how long."""
    waited = (func.count(case((SyncConflict.detected_at <= now - timedelta(days=days), 1))) for days in (1, 7))
    found = session.execute(select(func.count(), *waited).where(SyncConflict.status == ConflictStatus.OPEN)).one()
    return ConflictCounts(found[0], found[1], found[2])


def _rows(session: Session, actor: Actor, found: Sequence[SyncConflict]) -> list[ConflictRow]:
    currency = currency_of(session.get_bind().dialect)
    sees_clinical = actor.is_system or bool(actor.permissions.intersection(CLINICAL_RIGHTS))
    versions = {one.id: _versions(one, currency, sees_clinical=sees_clinical) for one in found}
    keys: set[Key] = {(one.entity_type, one.entity_id) for one in found}
    keys |= {("patients", one.patient_id) for one in found if one.patient_id is not None}
    keys |= {("users", one.decided_by) for one in found if one.decided_by is not None}
    values = (version.value for pair in versions.values() for version in pair if version is not None)
    keys |= {(value.entity_type, value.entity_id) for value in values if isinstance(value, Named)}
    names, sites = names_of(session, keys), dict(session.execute(select(Site.id, Site.name)).all())
    people = dict(session.execute(select(User.id, User.full_name).where(User.id.in_(_deciders(found)))).all())
    return [_row(one, versions[one.id], names, sites, people) for one in found]


def _deciders(found: Iterable[SyncConflict]) -> list[UUID]:
    return [one.decided_by for one in found if one.decided_by is not None]


def _versions(one: SyncConflict, currency: str, *, sees_clinical: bool) -> tuple[Version | None, Version | None]:
    """Both values in the form of their column; the site's id stands for its name until that is known."""
    if one.field is None:
        return None, None
    table = Base.metadata.tables.get(one.entity_type)
    column = None if table is None else table.c.get(one.field)
    is_veiled = one.field in CLINICAL.get(one.entity_type, frozenset()) and not sees_clinical

    def version(raw: str | None, by: str | None, site_id: UUID | None, at: datetime | None) -> Version:
        told = None if raw is None else msgspec.json.decode(raw)
        value: Value = Veil.CLINICAL if is_veiled else str(told) if column is None else journalled(column, told, currency)
        return Version(None if told is None else value, by, None if site_id is None else str(site_id), at)

    kept = version(one.kept_value, one.kept_by, one.kept_site_id, one.kept_at)
    return kept, version(one.other_value, one.other_by, one.other_site_id, one.other_at)


def _row(
    one: SyncConflict, versions: tuple[Version | None, Version | None], names: Names, sites: dict[UUID, str], people: dict[UUID, str]
) -> ConflictRow:
    kept, other = (_named(version, names, sites) for version in versions)
    subject, patient = (one.entity_type, one.entity_id), one.patient_id
    return ConflictRow(
        id=one.id,
        kind=one.kind,
        subject=Named(*subject, names.get(subject, ())),
        patient=None if patient is None else Named("patients", patient, names.get(("patients", patient), ())),
        field=one.field,
        kept=kept,
        other=other,
        facts={} if one.field is not None or one.kept_value is None else msgspec.json.decode(one.kept_value),
        owner_site=None if one.owner_site_id is None else sites.get(one.owner_site_id),
        detected_at=one.detected_at,
        status=one.status,
        decision=one.decision,
        decided_by=None if one.decided_by is None else people.get(one.decided_by),
        decided_at=one.decided_at,
        note=one.note,
    )


def _named(version: Version | None, names: Names, sites: dict[UUID, str]) -> Version | None:
    if version is None:
        return None
    site = None if version.site is None else sites.get(UUID(version.site))
    value = version.value
    if isinstance(value, Named):
        key = (value.entity_type, value.entity_id)
        value = replace(value, parts=short(key, names.get(key, ())))
    return replace(version, value=value, site=site)
