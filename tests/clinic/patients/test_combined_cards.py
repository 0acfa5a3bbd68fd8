"""The card of a merged record: the survivor's where that has none, and still held against its day and its loss."""

from __future__ import annotations

from datetime import timedelta

import pytest

from clinic_desktop.clinic.patients import commands, queries
from clinic_desktop.clinic.patients.models import IdCard
from clinic_desktop.clinic.patients.queries.scanning import checked_card
from clinic_desktop.clinic.patients.rules import CardRefused
from clinic_desktop.kernel.ids import new_id
from tests.clinic.patients.combined import card, merge
from tests.clinic.patients.desk import register
from tests.clinic.world import World


def test_a_card_of_a_merged_record_is_printed_and_kept_as_the_survivors(world: World) -> None:
    start = world.db.clock()
    kept, merged = register(world, "Asha"), register(world, "Usha")
    held = card(world, merged.id)
    merge(world, kept.id, merged.id)
    with world.db.read() as session:
        assert [(one.patient_id, one.full_name, one.card_id) for one in queries.cards_not_printed(session)] == [
            (kept.id, "Asha Rao", held.id)
        ]
        assert queries.patients_without_card(session, clinic_id=world.clinic_id, since=start) == []
        assert [one.card_number for one in queries.cards_of_patients(session, [kept.id])] == [held.card_number]
        assert queries.cards_in_use(session, [kept.id, merged.id]) == {kept.id: held, merged.id: held}
    ask = {"key": new_id(), "clinic_id": world.clinic_id, "patient_id": kept.id, "only_first": True}
    assert world.db.run(world.actor("receptionist"), commands.issue_id_card, **ask) == held


def test_a_card_that_a_merge_revoked_leads_to_the_survivor_until_its_day_or_its_loss(world: World) -> None:
    kept, merged, third = register(world, "Asha"), register(world, "Usha"), register(world, "Tara")
    card(world, kept.id)
    second, lost = card(world, merged.id), card(world, third.id)
    world.db.run(world.actor("receptionist"), commands.revoke_id_card, card_id=lost.id, reason="lost")
    merge(world, kept.id, merged.id)
    merge(world, kept.id, third.id)
    today = world.db.clock().date()
    with world.db.read() as session:
        for code in (second.qr_payload, second.code128, merged.patient_number):
            found = checked_card(session, code, today=today)
            assert found is not None
            assert found.patient.id == kept.id
        with pytest.raises(CardRefused) as told:
            checked_card(session, lost.qr_payload, today=today)
        assert told.value.params["reason"] == "lost"
    with world.db.write(world.system()) as tx:
        tx.command = "test.prepare"
        tx.session.get_one(IdCard, second.id).valid_until = today - timedelta(days=1)
    with world.db.read() as session, pytest.raises(CardRefused) as told:
        checked_card(session, second.qr_payload, today=today)
    assert told.value.params["reason"] == "expired"
