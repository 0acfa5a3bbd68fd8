"""Batches of cards: who needs one, that nothing is issued or counted twice, and cards that are taken back."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from clinic_desktop.clinic.patients import commands, queries
from clinic_desktop.clinic.patients.models import IdCard, Patient
from clinic_desktop.clinic.patients.queries import CardRow
from clinic_desktop.clinic.patients.rules import CardRefused, PatientStatus
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.ids import new_id
from tests.clinic.patients.desk import register
from tests.clinic.patients.test_scanning import issue
from tests.clinic.world import World
from tests.history import entity_history


def first_card(world: World, patient_id: UUID, **more: Any) -> CardRow:
    ask = {"key": new_id(), "clinic_id": world.clinic_id, "patient_id": patient_id, "only_first": True, **more}
    return world.db.run(world.actor("receptionist"), commands.issue_id_card, **ask)


def test_the_lists_hold_who_needs_a_card(world: World) -> None:
    start = world.db.clock()
    asha, ravi, tara, gone = (register(world, name) for name in ("Asha", "Ravi", "Tara", "Gone"))
    with world.db.write(world.system()) as tx:
        tx.command = "test"
        died = tx.session.get_one(Patient, gone.id)
        died.status = PatientStatus.DECEASED
    first, second = issue(world, asha.id), issue(world, ravi.id)
    printed = world.db.run(world.actor("receptionist"), commands.record_cards_printed, key=new_id(), card_ids=[first.id])
    assert printed == 1
    with world.db.read() as session:
        here = {"clinic_id": world.clinic_id}
        assert [one.card_id for one in queries.cards_not_printed(session)] == [second.id]
        assert [one.full_name for one in queries.patients_without_card(session, **here, since=start)] == ["Tara Rao"]
        assert queries.patients_without_card(session, **here, since=start + timedelta(days=1)) == []
        chosen = queries.cards_of_patients(session, [tara.id, asha.id])
    assert [(one.full_name, one.card_number, one.print_count) for one in chosen] == [
        ("Tara Rao", None, None),
        ("Asha Rao", first.card_number, 1),
    ]


def test_two_desks_that_issue_the_first_card_at_once_issue_one(world: World) -> None:
    patient, barrier = register(world), threading.Barrier(4)

    def desk(_number: int) -> UUID:
        barrier.wait(timeout=30)
        return first_card(world, patient.id).id

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(desk, range(4)))) == 1
    with world.db.read() as session:
        assert session.scalar(select(func.count()).select_from(IdCard)) == 1


def test_a_batch_is_counted_once_and_says_which_way_each_card_went(world: World) -> None:
    cards = [issue(world, register(world, name).id) for name in ("Asha", "Ravi")]
    world.db.run(world.actor("receptionist"), commands.revoke_id_card, card_id=cards[1].id, reason="lost")
    ask = {"key": new_id(), "card_ids": [one.id for one in cards], "way": "file"}
    for _again in range(2):
        assert world.db.run(world.actor("receptionist"), commands.record_cards_printed, **ask) == 1
    with world.db.read() as session:
        assert [queries.card(session, one.id).print_count for one in cards] == [1, 0]
        (note,) = [row.changes for row in entity_history(session, "id_cards", cards[0].id) if row.operation == "N"]
    assert (note["event"], note["way"], note["number"]) == ("card_printed", "file", cards[0].card_number)


def test_a_lost_card_is_taken_back_with_its_reason_and_only_once(world: World) -> None:
    card = issue(world, register(world).id)
    with pytest.raises(InvalidInput):
        world.db.run(world.actor("receptionist"), commands.revoke_id_card, card_id=card.id, reason=" ")
    revoked = world.db.run(world.actor("receptionist"), commands.revoke_id_card, card_id=card.id, reason="lost")
    assert (revoked.revoked_at, revoked.revoked_reason) == (world.db.clock(), "lost")
    with pytest.raises(CardRefused):
        world.db.run(world.actor("receptionist"), commands.revoke_id_card, card_id=card.id, reason="lost")
