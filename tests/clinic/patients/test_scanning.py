"""Scanned cards: by patient number, card number and signed QR; replaced and forged cards are refused."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from clinic_desktop.clinic.patients import commands, queries
from clinic_desktop.clinic.patients.queries import CardRow
from clinic_desktop.clinic.patients.rules import CardRefused
from clinic_desktop.kernel.ids import new_id
from tests.clinic.patients.desk import register
from tests.clinic.world import World


def issue(world: World, patient_id: UUID) -> CardRow:
    return world.db.run(world.actor("receptionist"), commands.issue_id_card, key=new_id(), clinic_id=world.clinic_id, patient_id=patient_id)


def owner(world: World, code: str) -> UUID | None:
    with world.db.read() as session:
        found = queries.patient_of_code(session, code)
    return None if found is None else found.id


def test_every_code_of_a_card_finds_its_patient(world: World) -> None:
    asha = register(world)
    card = issue(world, asha.id)
    register(world, "Ravi")
    assert [owner(world, code) for code in (asha.patient_number, card.card_number, card.qr_payload)] == [asha.id] * 3
    assert owner(world, "PAT-2026-99999") is None
    assert owner(world, "CRD-2026-999999") is None


def test_a_replaced_card_and_a_forged_one_are_refused(world: World) -> None:
    asha = register(world)
    old = issue(world, asha.id)
    new = issue(world, asha.id)
    for code in (old.card_number, old.qr_payload):
        with pytest.raises(CardRefused) as refused:
            owner(world, code)
        assert refused.value.params["reason"] == "revoked"
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
