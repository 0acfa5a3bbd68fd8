"""Consents, on both engines: texts in versions, who signs for whom, what is missing, and that nothing signed ever changes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError

from clinic_desktop.clinic.frontdesk import commands as frontdesk
from clinic_desktop.clinic.frontdesk.rules import Priority
from clinic_desktop.clinic.organisation.commands import set_setting
from clinic_desktop.clinic.patients import commands, queries
from clinic_desktop.clinic.patients.queries import Standing
from clinic_desktop.clinic.patients.rules import ConsentType
from clinic_desktop.clinic.patients.signing import (
    ConsentMissing,
    ConsentStands,
    ConsentState,
    ConsentTextRetired,
    SignedAs,
    is_signature,
)
from clinic_desktop.kernel.errors import InvalidInput, PermissionDenied
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.store import store_of
from tests.clinic.patients.desk import register
from tests.clinic.patients.folder import STROKES, signed, texts, unlock
from tests.clinic.world import World
from tests.conftest import FrozenClock

TREATMENT, DATA = ConsentType.TREATMENT, ConsentType.DATA_PROCESSING
TODAY = date(2026, 3, 2)


def standings(world: World, patient_id: UUID) -> dict[ConsentType, Standing]:
    with world.db.read() as session:
        found = queries.standings(session, patient_id=patient_id, clinic_id=world.clinic_id, today=world.db.clock().date())
    return {one.type: one for one in found}


def missing(world: World, patient_id: UUID) -> list[ConsentType]:
    with world.db.read() as session:
        return queries.missing_consents(session, patient_id=patient_id, clinic_id=world.clinic_id, today=world.db.clock().date())


def publish(world: World, **more: Any) -> UUID:
    values = {"key": new_id(), "clinic_id": world.clinic_id, "kind": TREATMENT, "language": "en", "title": "Treatment", "body": "I agree."}
    return world.db.run(world.actor("admin"), commands.publish_consent_text, **{**values, **more})


def test_nothing_is_missing_before_there_is_a_text_and_drafts_come_once(world: World) -> None:
    patient_id = register(world).id
    assert missing(world, patient_id) == []
    found = texts(world)
    assert len(found) == len(ConsentType) * 3
    assert all(one.is_draft and one.version == 1 and len(one.body) > 100 for one in found.values())
    assert world.db.run(world.actor("admin"), commands.add_drafted_texts, clinic_id=world.clinic_id) == 0
    assert missing(world, patient_id) == [TREATMENT, DATA]
    with pytest.raises(PermissionDenied):
        world.db.run(world.actor("receptionist"), commands.add_drafted_texts, clinic_id=world.clinic_id)


def test_a_consent_is_signed_holds_and_is_withdrawn(world: World, clock: FrozenClock) -> None:
    unlock(world)
    patient_id, text = register(world).id, texts(world)[TREATMENT, "en"]
    key = signed(world, patient_id, text)
    assert missing(world, patient_id) == [DATA]
    row = standings(world, patient_id)[TREATMENT].consent
    assert row is not None
    assert (row.signed_as, row.template_version, row.recorded_by, row.title) == (SignedAs.PATIENT, "en 1", "Receptionist One", text.title)
    assert row.signature_sha256 is not None
    assert store_of(world.db).get(row.signature_sha256).startswith(b"\x89PNG")
    with pytest.raises(ConsentStands):
        signed(world, patient_id, text)
    clock.advance(days=9)
    desk = world.actor("receptionist")
    for day, reason in ((TODAY - timedelta(days=1), "before_signing"), (TODAY + timedelta(days=10), "in_the_future")):
        with pytest.raises(InvalidInput, match=reason):
            world.db.run(desk, commands.withdraw_consent, clinic_id=world.clinic_id, consent_id=key, on=day)
    world.db.run(
        desk, commands.withdraw_consent, clinic_id=world.clinic_id, consent_id=key, reason="By telephone", on=TODAY + timedelta(days=3)
    )
    stands = standings(world, patient_id)[TREATMENT]
    assert stands.state is ConsentState.MISSING
    assert stands.consent is not None
    assert stands.consent.withdrawn_at is not None
    assert (stands.consent.withdrawn_at.date(), stands.consent.withdrawal_reason) == (TODAY + timedelta(days=3), "By telephone")
    assert signed(world, patient_id, text) != key
    assert standings(world, patient_id)[TREATMENT].state is ConsentState.IN_FORCE


def test_a_guardian_signs_for_a_child_and_a_witness_for_who_cannot(world: World) -> None:
    unlock(world)
    text, child = texts(world)[TREATMENT, "hi"], register(world, "Kiran", age_years=9).id
    with pytest.raises(InvalidInput, match="guardian_needed"):
        signed(world, child, text)
    signed(world, child, text, guardian="Meera Rao")
    adult = register(world).id
    with pytest.raises(InvalidInput, match="signature_or_witness"):
        signed(world, adult, text, by_hand=False)
    signed(world, adult, text, by_hand=False, witness="Nurse One")
    rows = [standings(world, one)[TREATMENT].consent for one in (child, adult)]
    assert [(row.signed_as, row.guardian, row.witness, row.signature_sha256 is None) for row in rows if row] == [
        (SignedAs.GUARDIAN, "Meera Rao", None, False),
        (SignedAs.PATIENT, None, "Nurse One", True),
    ]


def test_a_new_version_follows_the_old_one_which_holds_on(world: World, clock: FrozenClock) -> None:
    unlock(world)
    patient_id, old = register(world).id, texts(world)[TREATMENT, "en"]
    other = register(world, "Meera").id
    signed(world, patient_id, old)
    new = publish(world, valid_from=TODAY + timedelta(days=7))
    assert texts(world)[TREATMENT, "en"].id == old.id  # it begins in a week
    clock.advance(days=7)
    assert texts(world)[TREATMENT, "en"].id == new
    stands = standings(world, patient_id)[TREATMENT]
    assert (stands.state, stands.is_older) == (ConsentState.IN_FORCE, True)
    signed(world, patient_id, texts(world)[TREATMENT, "en"])
    with world.db.read() as session:
        told = {one.version: one.signed for one in queries.consent_texts(session) if (one.type, one.language) == (TREATMENT, "en")}
        assert [one.patient_id for one in queries.signers(session, template_id=new)] == [patient_id]
    assert told == {1: 1, 2: 1}
    world.db.run(world.actor("admin"), commands.retire_consent_text, kind=TREATMENT, language="en")
    with pytest.raises(ConsentTextRetired):
        signed(world, other, old)
    with pytest.raises(InvalidInput, match="in_the_past"):
        publish(world, valid_from=TODAY)
    for field, value in (("title", " "), ("body", "\u202e"), ("language", "english")):
        with pytest.raises(InvalidInput) as refused:
            publish(world, **{field: value})
        assert refused.value.field == field


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE consent_templates SET body = 'I agree to everything.'",
        "UPDATE patient_consents SET signed_at = created_at, witness = 'Me'",
        "UPDATE patient_consents SET signature_document_id = NULL",
        "UPDATE patient_consents SET withdrawn_at = NULL",
    ],
)
def test_the_database_itself_lets_nothing_signed_change(world: World, statement: str) -> None:
    unlock(world)
    patient_id, text = register(world).id, texts(world)[TREATMENT, "en"]
    key = signed(world, patient_id, text, witness="Nurse One")
    world.db.run(world.actor("receptionist"), commands.withdraw_consent, clinic_id=world.clinic_id, consent_id=key)
    with pytest.raises(DBAPIError), world.db.engine.execution_options(clinic_write=True).begin() as connection:
        connection.exec_driver_sql(statement)


def test_where_the_clinic_says_so_nobody_is_checked_in_without_but_an_emergency(world: World) -> None:
    patient_id, text = register(world).id, texts(world)[TREATMENT, "en"]
    unlock(world)
    admin, desk = world.actor("admin"), world.actor("receptionist")
    world.db.run(admin, set_setting, key="patients.consents_before_check_in", value=True, clinic_id=world.clinic_id)
    world.db.run(admin, set_setting, key="patients.consent_needed_data_processing", value=False, clinic_id=world.clinic_id)
    visit: dict[str, Any] = {"clinic_id": world.clinic_id, "patient_id": patient_id, "service_id": next(iter(world.services.values()))}
    with pytest.raises(ConsentMissing):
        world.db.run(desk, frontdesk.walk_in, key=new_id(), doctor_id=world.doctor_id, **visit)
    world.db.run(desk, frontdesk.walk_in, key=new_id(), doctor_id=world.doctor_id, priority=Priority.EMERGENCY, **visit)
    signed(world, patient_id, text)
    world.db.run(desk, frontdesk.walk_in, key=new_id(), doctor_id=world.second_doctor_id, **visit)


def test_a_dot_a_tick_and_a_slip_are_no_signature() -> None:
    assert is_signature(STROKES)
    for strokes in (
        [],
        [[(0.5, 0.5)]],
        [[(0.5, 0.5)] * 50],
        [[(0.1, 0.1), (0.9, 0.9)]],
        [[(0.5 + n / 1000, 0.5) for n in range(60)]],
    ):
        assert not is_signature(strokes)


@given(st.lists(st.lists(st.tuples(st.floats(0.4, 0.47), st.floats(0.4, 0.47)), max_size=30), max_size=4))
def test_whatever_is_scribbled_on_a_spot_is_no_signature(strokes: list[list[tuple[float, float]]]) -> None:
    assert not is_signature(strokes)
