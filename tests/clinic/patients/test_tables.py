"""What the database itself refuses, whoever writes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError

from clinic_desktop.clinic.organisation.models import Document
from clinic_desktop.clinic.patients.models import (
    IdCard,
    Patient,
    PatientConsent,
    PatientDuplicate,
    PatientIdentifier,
    PatientMerge,
    WalletTransaction,
)
from clinic_desktop.clinic.patients.rules import ConsentType, PatientStatus, WalletKind, search_key
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.money import Money
from tests.clinic.patients.desk import register
from tests.clinic.world import World


class _Undo(Exception):
    """Ends a trial; nothing of it stays."""


def _refused(world: World, *rows: Callable[[Tx], Any]) -> bool:
    """Whether writing the last of the rows is refused, while those before it are taken."""
    refused = False
    with pytest.raises(_Undo), world.db.write(world.system()) as tx:
        tx.command = "test"
        for row in rows[:-1]:
            tx.add(row(tx))
            tx.session.flush()
        try:
            with tx.savepoint():
                tx.add(rows[-1](tx))
                tx.session.flush()
        except IntegrityError:
            refused = True
        raise _Undo
    return refused


def _wallet(world: World, patient_id: Any, **values: Any) -> Callable[[Tx], WalletTransaction]:
    amounts = {"amount": Money(100, "INR"), "balance_after": Money(100, "INR")}
    fields = {"clinic_id": world.clinic_id, "sequence": 1, "type": WalletKind.DEPOSIT, **amounts, **values}
    return lambda _: WalletTransaction(patient_id=patient_id, **fields)


def test_a_wallet_is_never_negative_and_takes_each_step_once(world: World) -> None:
    patient_id = register(world).id
    assert not _refused(world, _wallet(world, patient_id))
    assert _refused(world, _wallet(world, patient_id, balance_after=Money(-1, "INR")))
    assert _refused(world, _wallet(world, patient_id, amount=Money(0, "INR")))
    assert _refused(world, _wallet(world, patient_id), _wallet(world, patient_id))
    assert _refused(world, _wallet(world, new_id()))


def test_a_wallet_movement_is_never_changed(world: World) -> None:
    patient_id = register(world).id
    with world.db.write(world.system()) as tx:
        tx.command = "test"
        row = tx.add(_wallet(world, patient_id)(tx))
    for statement in ("UPDATE wallet_transactions SET amount = 5", "DELETE FROM wallet_transactions"):
        with pytest.raises(DBAPIError), world.db.engine.execution_options(clinic_write=True).begin() as connection:
            connection.exec_driver_sql(statement)
    with world.db.read() as session:
        assert session.get_one(WalletTransaction, row.id).amount == Money(100, "INR")


def test_identifiers_are_unique_in_their_system(world: World) -> None:
    patient_id = register(world).id

    def identifier(system: str, value: str) -> Callable[[Tx], PatientIdentifier]:
        return lambda _: PatientIdentifier(patient_id=patient_id, system=system, value=value)

    assert not _refused(world, identifier("old", "1"), identifier("lab", "1"))
    assert _refused(world, identifier("old", "2"), identifier("old", "2"))
    assert _refused(world, identifier("old", ""))


def test_pairs_are_ordered_unique_and_of_two(world: World) -> None:
    a, b = sorted((register(world).id, register(world, "Ravi").id))

    def pair(one: Any, other: Any, score: int = 90) -> Callable[[Tx], PatientDuplicate]:
        return lambda _: PatientDuplicate(a_id=one, b_id=other, score=score, reasons="name_same")

    assert _refused(world, pair(b, a))
    assert _refused(world, pair(a, a))
    assert _refused(world, pair(a, b, 101))
    assert _refused(world, pair(a, b), pair(a, b))
    assert not _refused(world, pair(a, b))


def test_a_patient_has_one_card_in_use(world: World) -> None:
    patient_id = register(world).id

    def card(number: str, revoked: bool = False) -> Callable[[Tx], IdCard]:
        return lambda tx: IdCard(
            patient_id=patient_id,
            card_number=number,
            code128=number,
            qr_payload="x",
            template="standard",
            issued_at=tx.now,
            revoked_at=tx.now if revoked else None,
        )

    assert not _refused(world, card("C1", revoked=True), card("C2"))
    assert _refused(world, card("C2"), card("C3"))
    assert _refused(world, card("C1", revoked=True), card("C1", revoked=True))


def test_other_rows_keep_their_promises(world: World) -> None:
    row = register(world)
    assert _refused(world, lambda _: Document(sha256="short", media_type="x", size_bytes=1, location="x"))
    assert _refused(world, lambda _: Document(sha256="a" * 64, media_type="x", size_bytes=-1, location="x"))
    assert _refused(world, lambda tx: PatientMerge(kept_id=row.id, merged_id=row.id, field_choices="{}", merged_at=tx.now))
    unsigned = {"patient_id": row.id, "type": ConsentType.TREATMENT, "template_version": "1"}
    assert _refused(world, lambda tx: PatientConsent(signed_at=tx.now, **unsigned))
    assert not _refused(world, lambda tx: PatientConsent(signed_at=tx.now, witness="Nurse Rao", **unsigned))


@pytest.mark.parametrize(
    "change",
    [
        {"first_name": ""},
        {"status": PatientStatus.MERGED},
        {"phone": "+911234567890"},
        {"search_key": -1},
        {"patient_number": "PAT-2026-00002"},
    ],
)
def test_a_patient_row_guards_itself(world: World, change: dict[str, Any]) -> None:
    row = register(world)
    register(world, "Ravi")
    with pytest.raises(IntegrityError), world.db.write(world.system()) as tx:
        tx.command = "test"
        patient = tx.session.get_one(Patient, row.id)
        for name, value in change.items():
            setattr(patient, name, value)


def test_the_search_key_comes_from_the_id(world: World) -> None:
    row = register(world)
    with world.db.read() as session:
        assert session.get_one(Patient, row.id).search_key == search_key(row.id) < 2**62
