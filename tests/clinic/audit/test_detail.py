"""A change set in full: typed values, names instead of keys, secrets and clinical text veiled."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest

from clinic_desktop.clinic.audit import queries
from clinic_desktop.clinic.audit.queries import AuditFilter, ChangeSetRow, FieldChange, RecordChange
from clinic_desktop.clinic.audit.rules import Coded, Named, Percent, Veil
from clinic_desktop.clinic.staff.commands import change_price
from clinic_desktop.kernel.errors import NotFound
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.security import Actor
from tests.clinic.test_query_plans import heard
from tests.clinic.world import World, money


def newest(world: World, command: str, role: str = "auditor") -> ChangeSetRow:
    with world.db.read() as session:
        actor = world.actor(role)
        page = queries.audit_page(session, actor, AuditFilter(command=command), limit=1)
        return queries.change_set(session, actor, page.entries[0].seq)


def record(row: ChangeSetRow, kind: str) -> RecordChange:
    return next(one for one in row.records if one.record.entity_type == kind and one.operation != "N")


def fields(row: ChangeSetRow, kind: str) -> dict[str, FieldChange]:
    return {one.field: one for one in record(row, kind).fields}


def named(value: Any, kind: str) -> str:
    assert isinstance(value, Named)
    assert value.entity_type == kind
    return str(value.parts[0])


def test_before_and_after_of_a_price_are_amounts(world: World) -> None:
    world.db.run(world.actor("admin"), change_price, service_id=world.services["ECG"], price=money(400))
    row = newest(world, "staff.change_price")
    (one,) = row.records
    assert (one.operation, one.record.parts) == ("U", ("ECG",))
    assert one.fields == (FieldChange("price", Money(35_000, "INR"), Money(40_000, "INR")),)
    assert len(row.hash) == 64


def test_a_payment_is_told_by_names(lived: World) -> None:
    row = newest(lived, "billing.take_payment")
    paid = fields(row, "payments")
    assert named(paid["received_by"].new, "users") == "Cashier One"
    assert named(paid["clinic_id"].new, "clinics") == "Main Clinic"
    assert isinstance(paid["method"].new, Coded)
    assert isinstance(paid["amount"].new, Money)
    assert isinstance(paid["paid_at"].new, datetime)
    assert type(paid["business_date"].new) is date
    assert paid["amount"].old is None
    assert not {"id", "row_version", "created_at"} & set(paid)
    assert {one.record.entity_type for one in row.records}.isdisjoint({"command_keys", "id_sequences"})
    invoice = record(row, "invoices")
    assert str(invoice.record.parts[0]).startswith("INV-2026-")
    allocated = fields(row, "payment_allocations")["invoice_id"].new
    assert isinstance(allocated, Named)
    assert allocated.parts == invoice.record.parts[:1]  # whose invoice it is stands there once


def test_what_a_stock_movement_was_for_is_named(lived: World) -> None:
    moved = fields(newest(lived, "pharmacy.dispense"), "stock_movements")
    assert "reference_type" not in moved
    assert isinstance(moved["reference_id"].new, Named)
    assert moved["reference_id"].new.entity_type.startswith("pharmacy_dispensing")
    assert moved["reference_id"].new.parts


def test_a_tax_rate_is_a_percentage_and_a_till_difference_an_amount(lived: World) -> None:
    assert fields(newest(lived, "organisation.add_tax"), "tax_configurations")["rate_basis_points"].new == Percent(1800)
    assert isinstance(fields(newest(lived, "billing.close_till"), "till_sessions")["expected"].new, Money)


def test_a_password_is_changed_but_not_shown(lived: World) -> None:
    row = newest(lived, "access.set_password")
    assert fields(row, "users")["password_hash"].new is Veil.SECRET
    assert "argon2" not in repr(row)


CLINICAL = (
    ("clinical.save_consultation", "consultations", "complaint"),
    ("clinical.add_addendum", "consultation_addenda", "text"),
    ("clinical.record_vitals", "vital_signs", "pulse"),
    ("clinical.write_prescription", "prescription_versions", "snapshot"),
)


@pytest.mark.parametrize(("command", "kind", "field"), CLINICAL)
def test_what_was_written_about_health_needs_a_clinical_right(lived: World, command: str, kind: str, field: str) -> None:
    """An auditor sees that it was written and when, an administrator, who holds every right, sees what."""
    hidden, shown = (fields(newest(lived, command, role), kind)[field].new for role in ("auditor", "admin"))
    assert hidden is Veil.CLINICAL
    assert shown is not None
    assert not isinstance(shown, Veil)
    assert str(shown) not in repr(newest(lived, command)) or kind == "vital_signs"


def test_references_of_many_change_sets_are_named_by_one_query_a_table(lived: World) -> None:
    actor = lived.actor("auditor")

    def statements(limit: int) -> int:
        with lived.db.read() as session:
            page = queries.audit_page(session, actor, AuditFilter(command="billing.take_payment"), limit=limit)
        with heard(lived.db) as sent, lived.db.read() as session:
            rows = queries.change_sets(session, actor, [entry.seq for entry in page.entries])
        assert len(rows) == limit
        return len(sent)

    assert statements(14) <= statements(7) + 3  # a kind of record or two more


def test_what_is_gone_has_no_name(world: World) -> None:
    with world.db.write(world.system()) as tx:
        tx.command = "test.note"
        tx.note("read", "patients", gone := new_id(), what="file")
    with world.db.read() as session:
        page = queries.audit_page(session, world.actor("auditor"), AuditFilter(entity_type="patients"))
    (entry,) = page.entries
    assert entry.subject == Named("patients", gone, ())


def test_an_unknown_entry_is_not_found(world: World) -> None:
    with world.db.read() as session, pytest.raises(NotFound):
        queries.change_set(session, world.actor("auditor"), 10_000)


def test_a_change_set_of_very_many_rows_is_cut_and_says_so(world: World) -> None:
    with world.db.write(world.system()) as tx:
        tx.command = "test.takeover"
        for _ in range(250):
            tx.note("read", "patients", new_id(), what="file")
    row = newest(world, "test.takeover")
    assert (len(row.records), row.left_out, row.entry.records) == (200, 50, 250)


def test_the_program_itself_may_see_all(lived: World) -> None:
    with lived.db.read() as session:
        page = queries.audit_page(session, Actor.system(), AuditFilter(), limit=1000)
        rows = queries.change_sets(session, Actor.system(), [entry.seq for entry in page.entries])
    assert len(rows) == len(page.entries) > 200
    assert all(isinstance(row.entry.subject, Named) for row in rows)
    references = [
        value
        for row in rows
        for one in row.records
        for change in one.fields
        for value in (change.old, change.new)
        if isinstance(value, Named)
    ]
    assert [one for one in references if not one.parts and one.entity_type not in ("documents", "database_identity")] == []
    assert all(isinstance(one.entity_id, UUID) for one in references)
