"""Scanned cards: by patient number, card number and signed QR; replaced and forged cards are refused."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_desktop.clinic.patients import commands, queries
from clinic_desktop.clinic.patients.cards import CardClaim, public_key, sign_card, verify_card
from clinic_desktop.clinic.patients.models import IdCard, Patient
from clinic_desktop.clinic.patients.queries import CardRow
from clinic_desktop.clinic.patients.rules import CardRefused, PatientStatus
from clinic_desktop.kernel.ids import new_id
from tests.clinic.patients.desk import register
from tests.clinic.world import World

TODAY = date(2026, 3, 2)


def issue(world: World, patient_id: UUID) -> CardRow:
    return world.db.run(world.actor("receptionist"), commands.issue_id_card, key=new_id(), clinic_id=world.clinic_id, patient_id=patient_id)


def owner(world: World, code: str) -> UUID | None:
    with world.db.read() as session:
        found = queries.scanned_card(session, code, today=TODAY)
    return None if found is None else found.patient.id


def fault(world: World, code: str) -> str | None:
    """What a desk is told of a card before its patient opens."""
    with world.db.read() as session:
        found = queries.scanned_card(session, code, today=TODAY)
    return None if found is None or found.fault is None else str(found.fault.params["reason"])


def test_every_code_of_a_card_finds_its_patient(world: World) -> None:
    asha = register(world)
    card = issue(world, asha.id)
    register(world, "Ravi")
    assert [owner(world, code) for code in (asha.patient_number, card.card_number, card.qr_payload)] == [asha.id] * 3
    assert owner(world, "PAT-2026-99999") is None
    assert owner(world, "CRD-2026-999999") is None


def test_a_desk_is_told_what_is_wrong_with_a_card_and_a_forged_one_is_refused(world: World) -> None:
    asha = register(world)
    old = issue(world, asha.id)
    new = issue(world, asha.id)
    for code in (old.card_number, old.qr_payload):
        assert (owner(world, code), fault(world, code), refusal(world, code)) == (asha.id, "revoked", "revoked")
    assert fault(world, new.qr_payload) is None
    head, claim, signature = new.qr_payload.split(".")
    forged = signature[:10] + ("A" if signature[10] != "A" else "B") + signature[11:]
    with pytest.raises(CardRefused):
        owner(world, f"{head}.{claim}.{forged}")


def test_a_namesake_is_another_record_of_the_same_name(world: World) -> None:
    asha = register(world, "Asha", "Rao")
    with world.db.read() as session:
        assert not queries.has_namesake(session, asha.id)
    register(world, "Rao", "Asha")
    with world.db.read() as session:
        assert queries.has_namesake(session, asha.id)


def test_a_birth_year_is_kept_as_an_estimate(world: World) -> None:
    row = register(world, date_of_birth=date(1990, 7, 1), dob_is_estimated=True)
    assert (row.date_of_birth, row.dob_is_estimated) == (date(1990, 7, 1), True)


def checked(world: World, code: str) -> queries.CheckedCard | None:
    with world.db.read() as session:
        return queries.checked_card(session, code, today=TODAY)


def refusal(world: World, code: str) -> str:
    with pytest.raises(CardRefused) as refused:
        checked(world, code)
    return str(refused.value.params["reason"])


def change(world: World, row_type: type[Any], key: UUID, **values: Any) -> None:
    with world.db.write(world.system()) as tx:
        tx.command = "test"
        row = tx.session.get_one(row_type, key)
        for name, value in values.items():
            setattr(row, name, value)


def test_a_kiosk_lets_through_a_card_in_use_and_says_why_not_another(world: World) -> None:
    asha, ravi = register(world), register(world, "Ravi")
    card, other = issue(world, asha.id), issue(world, ravi.id)
    for code in (card.qr_payload, card.card_number, card.card_number.lower()):
        found = checked(world, code)
        assert found is not None
        assert (found.patient.id, found.card) == (asha.id, card)
    by_number = checked(world, asha.patient_number)
    assert by_number is not None
    assert by_number.card is None
    assert checked(world, "CRD-2026-999999") is None
    assert refusal(world, other.qr_payload.replace(other.qr_payload[20], "_", 1)) in ("forged", "damaged", "unknown_key")
    change(world, Patient, ravi.id, status=PatientStatus.DECEASED)
    assert refusal(world, other.qr_payload) == "of_deceased"
    assert owner(world, other.qr_payload) == ravi.id  # the desk sees the record
    change(world, Patient, ravi.id, status=PatientStatus.ARCHIVED)
    assert refusal(world, other.card_number) == "of_archived"
    change(world, IdCard, card.id, valid_until=TODAY)
    assert checked(world, card.qr_payload) is not None
    change(world, IdCard, card.id, valid_until=TODAY - timedelta(days=1))
    for code in (card.qr_payload, card.card_number):
        assert (owner(world, code), fault(world, code), refusal(world, code)) == (asha.id, "expired", "expired")
    world.db.run(world.actor("receptionist"), commands.revoke_id_card, card_id=card.id, reason="lost")
    assert (owner(world, card.qr_payload), fault(world, card.qr_payload), refusal(world, card.qr_payload)) == (asha.id, "lost", "lost")
    with world.db.read() as session:
        meant = queries.meant_by(session, card.card_number, today=TODAY, limit=5)
        assert meant.patient_ids == tuple(one.id for one in queries.search(session, card.card_number)) == (asha.id,)
        assert meant.fault is not None


def test_a_card_of_a_merged_record_opens_the_one_that_was_kept(world: World) -> None:
    kept, merged, twice = register(world), register(world, "Asha", "Raw"), register(world, "Ashaa", "Raw")
    card = issue(world, twice.id)
    change(world, Patient, twice.id, status=PatientStatus.MERGED, merged_into_id=merged.id)
    change(world, Patient, merged.id, status=PatientStatus.MERGED, merged_into_id=kept.id)
    for code in (card.qr_payload, card.card_number, twice.patient_number):
        found = checked(world, code)
        assert found is not None
        assert found.patient.id == owner(world, code) == kept.id


def test_a_signed_card_is_known_before_its_row_has_come_and_a_number_given_twice_serves_only_its_own_card(world: World) -> None:
    asha, ravi = register(world), register(world, "Ravi")
    card = issue(world, asha.id)
    change(world, IdCard, card.id, card_number="CRD-2026-000777")  # as if that row were of another site
    found = checked(world, card.qr_payload)
    assert found is not None
    assert (found.patient.id, found.card) == (asha.id, None)
    other = issue(world, ravi.id)
    change(world, IdCard, other.id, card_number=card.card_number)
    assert refusal(world, card.qr_payload) == "forged"


SIGNED = sign_card(CardClaim(1, "CRD-2026-000001", "PAT-2026-00001", UUID(int=7), TODAY), bytes(range(32)))


@given(st.integers(0, len(SIGNED) - 1), st.characters(codec="ascii"))
def test_any_changed_character_is_refused(place: int, character: str) -> None:
    changed = SIGNED[:place] + character + SIGNED[place + 1 :]
    if changed != SIGNED:
        with pytest.raises(CardRefused):
            verify_card(changed, {1: public_key(bytes(range(32)))})
