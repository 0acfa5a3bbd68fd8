"""Short ways to merge, to undo, and to look at what that left."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from clinic_desktop.clinic.departments import load_checks
from clinic_desktop.clinic.frontdesk import commands as frontdesk
from clinic_desktop.clinic.patients import commands, queries
from clinic_desktop.clinic.patients.combining import Choice
from clinic_desktop.clinic.patients.queries import PatientRow
from clinic_desktop.clinic.patients.rules import MergeRefused
from clinic_desktop.kernel.checks import run_checks
from clinic_desktop.kernel.ids import new_id
from tests.clinic.world import World

load_checks()
_STAMPS = {"row_version", "updated_at"}


def merge(world: World, kept: UUID, merged: UUID, *, who: str = "receptionist", **choices: Choice) -> UUID:
    """Put the second record into the first."""
    with world.db.read() as session:
        here, there = queries.patient(session, kept), queries.patient(session, merged)
    return world.db.run(
        world.actor(who),
        commands.merge_patients,
        key=new_id(),
        kept_id=kept,
        kept_version=here.row_version,
        merged_id=merged,
        merged_version=there.row_version,
        choices=choices,
        reason="the same person",
    )


def undo(world: World, merge_id: UUID) -> None:
    """Take two records apart again."""
    world.db.run(world.actor("receptionist"), commands.undo_merge, merge_id=merge_id, reason="they are cousins")


def stored(world: World, patient_id: UUID) -> PatientRow:
    """The record as it is."""
    with world.db.read() as session:
        return queries.patient(session, patient_id)


def rows(world: World, *models: Any) -> dict[tuple[str, UUID], dict[str, Any]]:
    """All rows of these tables, without what every change stamps."""
    with world.db.read() as session:
        return {
            (model.__tablename__, one.id): {name: getattr(one, name) for name in set(model.__mapper__.columns.keys()) - _STAMPS}
            for model in models
            for one in session.scalars(select(model))
        }


def walk_in(world: World, patient_id: UUID, doctor_id: UUID | None = None) -> UUID:
    """The patient waits for a doctor; returns the visit."""
    who, service = doctor_id or world.doctor_id, world.services["CONS"]
    arrival = world.db.run(
        world.actor("receptionist"),
        frontdesk.walk_in,
        key=new_id(),
        clinic_id=world.clinic_id,
        doctor_id=who,
        patient_id=patient_id,
        service_id=service,
    )
    return arrival.visit_id


def card(world: World, patient_id: UUID) -> Any:
    """Give a patient a card."""
    return world.db.run(world.actor("receptionist"), commands.issue_id_card, key=new_id(), clinic_id=world.clinic_id, patient_id=patient_id)


@contextmanager
def refused(reason: str) -> Iterator[None]:
    """A merge or an undo that is refused with that reason."""
    with pytest.raises(MergeRefused) as told:
        yield
    assert told.value.params["reason"] == reason


def lies(world: World) -> dict[str, Any]:
    """What ``clinic check`` finds."""
    with world.db.read() as session:
        return {told.name: told.failures for told in run_checks(session) if not told.ok}
