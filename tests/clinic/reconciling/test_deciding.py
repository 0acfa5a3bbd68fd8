"""A person decides between two values, or says what was done; and what the whole chain shares is changed only where it is kept."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import select

from clinic_desktop.clinic.access import commands as access
from clinic_desktop.clinic.audit.rules import Coded
from clinic_desktop.clinic.departments import load_checks
from clinic_desktop.clinic.organisation import commands as organisation
from clinic_desktop.clinic.organisation.models import Clinic, Holiday, Site
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.rules import BloodGroup
from clinic_desktop.clinic.privacy.events import PatientErased
from clinic_desktop.clinic.reconciling.commands import decide, open_tasks
from clinic_desktop.clinic.reconciling.models import SyncConflict
from clinic_desktop.clinic.reconciling.queries import ConflictCounts, conflict, conflict_counts, conflicts_of, open_conflicts
from clinic_desktop.clinic.reconciling.rules import CannotTake, ConflictStatus, Decision, NothingToChoose, ValueMovedOn
from clinic_desktop.clinic.staff import commands as staff
from clinic_desktop.kernel.checks import run_check
from clinic_desktop.kernel.errors import IllegalTransition, PermissionDenied
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.journal import DatabaseIdentity
from clinic_desktop.kernel.mending import ConflictKind, Task
from clinic_desktop.kernel.sharing import OwnedElsewhere, SharedElsewhere
from tests.clinic.patients.desk import found, register
from tests.clinic.world import World
from tests.history import entity_history

load_checks()


def contest(world: World, entity: tuple[str, UUID], field: str, kept: Any, other: Any, **more: Any) -> UUID:
    """Two values of one field, as a merge leaves them."""
    values = {"kept_value": msgspec.json.encode(kept).decode(), "other_value": msgspec.json.encode(other).decode(), **more}
    with world.db.write(world.system()) as tx:
        tx.command = "sync.push"
        about = {"kind": ConflictKind.FIELD, "entity_type": entity[0], "entity_id": entity[1], "field": field}
        made = tx.add(SyncConflict(**about, status=ConflictStatus.OPEN, detected_at=tx.now, kept_by="Meera", other_by="Ravi", **values))
        return made.id


def settle(world: World, conflict_id: UUID, decision: Decision, *, role: str = "receptionist", **more: Any) -> None:
    world.db.run(world.actor(role), decide, **{"key": new_id(), "conflict_id": conflict_id, "decision": decision, **more})


def test_the_other_value_is_written_with_all_that_follows_from_it(world: World) -> None:
    asha, owner = register(world, "Asha", phone="9822012345"), register(world, "Ila", phone="9822099999")
    named = contest(world, ("patients", asha.id), "first_name", "Asha", "Ashalata", patient_id=asha.id)
    group = contest(world, ("patients", asha.id), "blood_group", None, "B+")
    phone = contest(world, ("patients", asha.id), "phone", "+919822012345", "+919822099999")
    key = new_id()
    for one in (named, named, group, phone):
        settle(world, one, Decision.OTHER, key=key if one == named else new_id())
    with world.db.read() as session:
        row = session.get_one(Patient, asha.id)
        assert (row.full_name, row.blood_group, row.phone, row.phone_tail) == (
            "Ashalata Rao",
            BloodGroup.B_POSITIVE,
            "+919822099999",
            "822099999",
        )
        assert row.phone_owner_id == owner.id  # the number is another's already: it is shared
        assert run_check(session, "P1 patient search columns").failures == run_check(session, "P2 shared phones").failures == ()
        assert [one.status for one in conflicts_of(session, world.system(), "patients", asha.id)] == [ConflictStatus.DECIDED] * 3
        assert entity_history(session, "patients", asha.id)[-1].command == "reconciling.decide"
    assert found(world, "Ashalata") == ["Ashalata Rao"]
    with pytest.raises(IllegalTransition):
        settle(world, named, Decision.KEPT)


def test_the_value_that_stands_may_stay(world: World) -> None:
    asha = register(world, "Asha")
    named = contest(world, ("patients", asha.id), "first_name", "Asha", "Usha")
    settle(world, named, Decision.KEPT, note="She says so")
    with world.db.read() as session:
        row = conflict(session, world.system(), named)
        assert (row.decision, row.decided_by, row.note) == (Decision.KEPT, "Receptionist One", "She says so")
        assert session.get_one(Patient, asha.id).first_name == "Asha"


@pytest.mark.parametrize(
    ("field", "kept", "other", "refusal", "reason"),
    [
        ("first_name", "Nobody", "Usha", ValueMovedOn, None),
        ("first_name", "Asha", None, CannotTake, "empty"),
        ("full_name", "Asha Rao", "Usha", CannotTake, "tied"),
        ("status", "ACTIVE", "MERGED", CannotTake, "tied"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_and_nothing_changes(
    world: World, field: str, kept: Any, other: Any, refusal: type[Exception], reason: str | None
) -> None:
    asha = register(world, "Asha")
    open_one = contest(world, ("patients", asha.id), field, kept, other)
    with pytest.raises(refusal) as told:
        settle(world, open_one, Decision.OTHER)
    assert reason is None or told.value.params["reason"] == reason  # type: ignore[attr-defined]
    with world.db.read() as session:
        assert session.get_one(Patient, asha.id).row_version == asha.row_version
        assert session.get_one(SyncConflict, open_one).status is ConflictStatus.OPEN


def test_a_task_is_done_with_a_word_of_what_was_done(world: World) -> None:
    asha = register(world, "Asha")
    task = Task(ConflictKind.DELETED, "patients", asha.id, asha.id, {"number": asha.patient_number})

    def told(**facts: Any) -> None:
        with world.db.write(world.system()) as tx:
            tx.command = "sync.push"
            open_tasks(tx, tasks=[Task(task.kind, task.entity_type, task.entity_id, task.patient_id, {**task.facts, **facts})])

    told()
    with pytest.raises(NothingToChoose):
        settle(world, task.id, Decision.KEPT)
    with pytest.raises(PermissionDenied):
        settle(world, task.id, Decision.DONE, role="cashier", note="Called")
    settle(world, task.id, Decision.DONE, note="Called her")
    told()
    with world.db.read() as session:
        assert open_conflicts(session, world.system()) == []  # the same thing again is settled already
        assert run_check(session, "Y1 decided conflicts").failures == ()
    told(number="another")
    with world.db.read() as session:
        (again,) = open_conflicts(session, world.actor("receptionist"))
    assert (again.facts, again.note, str(again.subject.parts[0])) == ({"number": "another"}, None, "Asha Rao")


def test_both_versions_are_told_the_oldest_first_and_what_was_erased_is_not(world: World, clock: Any) -> None:
    asha = register(world, "Asha")
    old = contest(world, ("patients", asha.id), "gender", "FEMALE", "OTHER", patient_id=asha.id, kept_at=clock())
    clock.advance(days=8)
    fresh = contest(world, ("patients", asha.id), "first_name", "Asha", "Usha", patient_id=asha.id)
    with world.db.read() as session:
        first, second = open_conflicts(session, world.actor("receptionist"))
        assert conflict_counts(session, clock()) == ConflictCounts(2, 1, 1)
    assert (first.id, second.id) == (old, fresh)
    assert first.kept is not None
    assert first.other is not None
    assert (first.kept.value, first.kept.by, first.kept.at) == (Coded("FEMALE"), "Meera", clock() - timedelta(days=8))
    assert (first.other.value, first.other.by) == (Coded("OTHER"), "Ravi")
    with world.db.write(world.system()) as tx:
        tx.command = "privacy.erase"
        tx.emit(PatientErased(asha.id))
    with world.db.read() as session:
        assert [(one.kept_value, one.other_value) for one in session.scalars(select(SyncConflict))] == [(None, None)] * 2


# --- what the chain shares ------------------------------------------------------------------------------------------


def enrol(world: World, *, keeps: bool) -> None:
    with world.db.write(world.system()) as tx:
        tx.command = "sync.join"
        here = tx.session.scalars(select(DatabaseIdentity.site_id)).one()
        site = tx.session.get(Site, here) or tx.add(Site(id=here, code="S07", name="East", is_active=True))
        site.keeps_shared_data = keeps


def test_a_site_changes_what_all_share_only_where_it_is_kept(world: World) -> None:
    admin = world.actor("admin")
    holiday: dict[str, Any] = {"day": world.db.clock().date() + timedelta(days=30), "name": "Onam"}
    enrol(world, keeps=False)
    refused = (
        (staff.add_specialty, {"name": "Dermatology"}),
        (organisation.add_holiday, {**holiday, "clinic_id": None}),
        (organisation.set_setting, {"key": "queue.skip_behind", "value": 4}),
        (access.disable_user, {"user_id": world.users["nurse"]}),
    )
    for act, details in refused:
        with pytest.raises(SharedElsewhere):
            world.db.run(admin, act, **details)  # type: ignore[arg-type]
    world.db.run(admin, organisation.add_holiday, **holiday, clinic_id=world.clinic_id)
    world.db.run(admin, organisation.set_setting, key="queue.skip_behind", value=4, clinic_id=world.clinic_id)
    world.db.run(world.system(), access.sync_permissions)
    world.db.run(admin, staff.set_availability, doctor_id=world.doctor_id, is_available=False)
    register(world, "Asha")
    enrol(world, keeps=True)
    for act, details in refused:
        world.db.run(admin, act, **details)  # type: ignore[arg-type]
    enrol(world, keeps=False)
    for changed in ({"value": 5}, {"value": 6, "clinic_id": world.clinic_id}):
        with pytest.raises(SharedElsewhere) if "clinic_id" not in changed else nullcontext():
            world.db.run(admin, organisation.set_setting, key="queue.skip_behind", **changed)


def test_what_belongs_to_a_clinic_of_another_site_is_refused_at_once(world: World) -> None:
    admin, day = world.actor("admin"), world.db.clock().date() + timedelta(days=30)
    west = world.db.run(world.system(), organisation.add_clinic, code="WST", name="West", timezone=world.timezone)
    theirs = world.db.run(admin, organisation.add_holiday, clinic_id=west, day=day, name="Fair")
    with world.db.write(world.system()) as tx:
        tx.command = "sync.pull"  # West goes to a site of its own
        there = tx.add(Site(code="S09", name="West", keeps_shared_data=False, is_active=True))
        tx.session.flush()
        tx.session.get_one(Clinic, west).site_id = there.id
    with pytest.raises(OwnedElsewhere):
        world.db.run(admin, organisation.add_holiday, clinic_id=west, day=day + timedelta(days=1), name="Onam")
    with pytest.raises(OwnedElsewhere):
        world.db.run(admin, organisation.cancel_holiday, holiday_id=theirs)
    world.db.run(admin, organisation.add_holiday, clinic_id=world.clinic_id, day=day, name="Onam")
    with world.db.read() as session:
        assert session.get_one(Holiday, theirs).is_active
