"""Identity cards: the QR is signed, checked offline, and nothing forged passes."""

from __future__ import annotations

import base64
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from clinic_desktop.clinic.patients import commands, queries
from clinic_desktop.clinic.patients.cards import CardClaim, new_seed, public_key, sign_card, verify_card
from clinic_desktop.clinic.patients.models import CardSigningKey, IdCard
from clinic_desktop.clinic.patients.queries import CardRow
from clinic_desktop.clinic.patients.rules import CardRefused
from clinic_desktop.kernel.errors import NotFound, PermissionDenied
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.journal import AuditLog
from tests.clinic.patients.desk import register
from tests.clinic.world import World
from tests.history import entity_history

SEED = bytes(range(32))
CLAIM = CardClaim(1, "CRD-2026-000001", "PAT-2026-00001", UUID("01958000-0000-7000-8000-000000000001"), date(2026, 3, 2))


def _issue(world: World, patient_id: UUID, **more: object) -> CardRow:
    values = {"key": new_id(), "clinic_id": world.clinic_id, "patient_id": patient_id, **more}
    return world.db.run(world.actor("receptionist"), commands.issue_id_card, **values)  # type: ignore[arg-type]


def _keys(world: World) -> dict[int, bytes]:
    with world.db.read() as session:
        return queries.card_public_keys(session)


def test_a_card_says_whose_it_is_and_verifies_without_the_database(world: World) -> None:
    patient = register(world)
    card = _issue(world, patient.id)
    keys = _keys(world)
    claim = verify_card(card.qr_payload, keys)
    assert claim == CardClaim(*keys, "CRD-2026-000001", patient.patient_number, patient.id, date(2026, 3, 2))
    assert card.code128 == card.card_number == claim.card_number
    assert patient.full_name not in card.qr_payload
    with world.db.read() as session:
        assert queries.card_by_code(session, card.code128) == queries.card_in_use(session, patient.id) == card


def test_every_change_of_one_character_is_refused() -> None:
    payload = sign_card(CLAIM, SEED)
    keys = {1: public_key(SEED)}
    assert verify_card(payload, keys) == CLAIM
    for position, character in enumerate(payload):
        forged = payload[:position] + ("B" if character == "A" else "A") + payload[position + 1 :]
        with pytest.raises(CardRefused):
            verify_card(forged, keys)


def test_a_card_of_another_hospital_or_an_unknown_key_is_refused() -> None:
    payload = sign_card(CLAIM, new_seed())
    with pytest.raises(CardRefused) as refusal:
        verify_card(payload, {1: public_key(SEED)})
    assert refusal.value.params["reason"] == "forged"
    with pytest.raises(CardRefused) as refusal:
        verify_card(payload, {2: public_key(SEED)})
    assert refusal.value.params["reason"] == "unknown_key"


def test_a_signature_does_not_serve_another_claim() -> None:
    mark, _, signature = sign_card(CLAIM, SEED).split(".")
    other = CardClaim(1, "CRD-2026-000002", CLAIM.patient_number, CLAIM.patient_id, CLAIM.issued_on)
    _, body, _ = sign_card(other, new_seed()).split(".")
    with pytest.raises(CardRefused):
        verify_card(f"{mark}.{body}.{signature}", {1: public_key(SEED)})


@given(st.text(max_size=300) | st.from_regex(r"CLC1\.[A-Za-z0-9_-]{0,200}\.[A-Za-z0-9_-]{0,100}", fullmatch=True))
def test_whatever_is_scanned_is_refused_and_never_breaks(text: str) -> None:
    with pytest.raises(CardRefused):
        verify_card(text, {1: public_key(SEED)})


def test_a_new_card_revokes_the_old_one(world: World) -> None:
    patient = register(world)
    first, second = _issue(world, patient.id), _issue(world, patient.id, reason="lost")
    with world.db.read() as session:
        old = session.get_one(IdCard, first.id)
        assert (old.revoked_at, old.revoked_reason) == (world.db.clock(), "lost")
        assert queries.card_in_use(session, patient.id) == second
    with pytest.raises(CardRefused) as refusal:
        world.db.run(world.actor("receptionist"), commands.record_card_printed, card_id=first.id)
    assert refusal.value.params["reason"] == "revoked"


def test_a_double_click_issues_one_card(world: World) -> None:
    patient, key = register(world), new_id()
    assert _issue(world, patient.id, key=key) == _issue(world, patient.id, key=key)
    with world.db.read() as session:
        assert session.scalar(select(func.count()).select_from(IdCard)) == 1


def test_desks_that_issue_the_first_cards_at_once_share_one_key(world: World) -> None:
    patients = [register(world, f"Asha{n}").id for n in range(4)]
    barrier = threading.Barrier(4)

    def desk(patient_id: UUID) -> CardRow:
        barrier.wait(timeout=30)
        return _issue(world, patient_id)

    with ThreadPoolExecutor(4) as pool:
        cards = list(pool.map(desk, patients))
    assert len({card.card_number for card in cards}) == 4
    keys = _keys(world)
    assert len(keys) == 1
    assert sorted(str(verify_card(card.qr_payload, keys).patient_id) for card in cards) == sorted(map(str, patients))


def test_printing_is_counted_and_audited(world: World) -> None:
    card = _issue(world, register(world).id)
    for count in (1, 2):
        printed = world.db.run(world.actor("receptionist"), commands.record_card_printed, card_id=card.id)
        assert printed.print_count == count
    with world.db.read() as session:
        events = [row.changes.get("event") for row in entity_history(session, "id_cards", card.id) if row.operation == "N"]
    assert events == ["card_printed", "card_printed"]


def test_the_private_key_is_in_no_log(world: World) -> None:
    _issue(world, register(world).id)
    with world.db.read() as session:
        seed = bytes(session.scalars(select(CardSigningKey.seed)).one())
        logged = "".join(session.scalars(select(AuditLog.changes).where(AuditLog.entity_type == "card_signing_keys")))
    assert len(seed) == 32
    assert "public_key" in logged
    assert base64.b64encode(public_key(seed)).decode() in logged  # how the log spells bytes
    assert base64.b64encode(seed).decode() not in logged
    assert seed.hex() not in logged


def test_cards_need_a_patient_and_the_right(world: World) -> None:
    with pytest.raises(NotFound):
        _issue(world, new_id())
    patient = register(world)
    with pytest.raises(PermissionDenied):
        world.db.run(world.actor("doctor"), commands.issue_id_card, key=new_id(), clinic_id=world.clinic_id, patient_id=patient.id)
