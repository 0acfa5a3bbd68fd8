"""What the database itself refuses, whoever asks: issued invoices, closed tills, settled days, ledgers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from clinic_desktop.clinic.billing import commands as billing
from clinic_desktop.clinic.billing.commands.credits import CreditLine
from clinic_desktop.clinic.billing.guards import drop_guard_ddl, guard_ddl, guard_names
from clinic_desktop.clinic.billing.rules import Pieces
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.tables import Base
from tests.clinic.billing.desk import Desk, cash, rupees


def raw(engine: Engine, *statements: str) -> None:
    with engine.execution_options(clinic_write=True).begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def names(engine: Engine) -> set[str]:
    catalogue = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    with engine.connect() as connection:
        return set(connection.scalars(text(catalogue[engine.dialect.name])))


def spelled(desk: Desk, key: UUID) -> str:
    return f"'{key.hex if desk.db.engine.dialect.name == 'sqlite' else key}'"


def refuses(desk: Desk, statements: Sequence[str], why: str) -> None:
    for statement in statements:
        with pytest.raises(DBAPIError, match=why):
            raw(desk.db.engine, statement)


def copied(desk: Desk, table: str, where: str = "1 = 1", **instead: str) -> str:
    """A statement that inserts a copy of a row under a fresh id, with some columns replaced."""
    values = {column.name: column.name for column in Base.metadata.tables[table].columns}
    values |= {"id": spelled(desk, new_id()), **instead}
    return f"INSERT INTO {table} ({', '.join(values)}) SELECT {', '.join(values.values())} FROM {table} WHERE {where}"


def test_an_issued_invoice_cannot_be_changed_by_anyone(desk: Desk) -> None:
    invoice_id, draft_id = desk.issued(), desk.draft()
    before, key = desk.invoice(invoice_id), spelled(desk, invoice_id)
    frozen = [
        "total = total - 100, balance = balance - 100, subtotal = subtotal - 100",
        "discount = 100, total = total - 100, balance = balance - 100",
        "number = 'INV-2026-99999'",
        "number = NULL, issued_at = NULL, status = 'DRAFT'",
        "due_date = NULL",
        "business_date = '2026-03-01'",
        "issued_by = NULL",
        f"patient_id = {spelled(desk, new_id())}",
    ]
    refuses(desk, [f"UPDATE invoices SET {change} WHERE id = {key}" for change in frozen], "billing guard")
    items = [
        "description = 'Free'",
        "doctor_share = 0, center_share = net",
        "removed_at = created_at",
        "quantity = 2",
        "doctor_id = NULL, doctor_share = 0, center_share = net",
    ]
    refuses(desk, [f"UPDATE invoice_items SET {change} WHERE invoice_id = {key}" for change in items], "billing guard")
    refuses(
        desk, [f"DELETE FROM invoice_items WHERE invoice_id = {key}", f"DELETE FROM invoices WHERE id = {key}"], "billing guard|foreign key"
    )
    refuses(desk, [f"UPDATE invoice_items SET invoice_id = {key} WHERE invoice_id = {spelled(desk, draft_id)}"], "billing guard")
    assert desk.invoice(invoice_id) == before


def test_no_line_can_be_slipped_into_an_issued_invoice(desk: Desk) -> None:
    invoice_id, draft = desk.issued(), desk.draft()
    refuses(desk, [copied(desk, "invoice_items", f"invoice_id = {spelled(desk, invoice_id)}")], "billing guard")
    raw(desk.db.engine, copied(desk, "invoice_items", f"invoice_id = {spelled(desk, draft)}"))  # the same words work on a draft
    assert len(desk.invoice(draft).lines) == 2


def test_drafts_and_cancelled_drafts_are_not_deleted_and_the_latter_stay(desk: Desk) -> None:
    draft = desk.draft()
    key = spelled(desk, draft)
    refuses(
        desk, [f"DELETE FROM invoices WHERE id = {key}", f"DELETE FROM invoice_items WHERE invoice_id = {key}"], "billing guard|foreign key"
    )
    desk.do(billing.cancel_invoice, invoice_id=draft, reason="mistake")
    refuses(
        desk,
        [f"UPDATE invoices SET status = 'DRAFT' WHERE id = {key}", f"UPDATE invoice_items SET quantity = 2 WHERE invoice_id = {key}"],
        "billing guard",
    )


@pytest.mark.parametrize("change", ["balance = balance - 1", "paid = -1, balance = balance + 1", "status = 'PAID'", "total = total + 1"])
def test_money_that_does_not_add_up_is_refused(desk: Desk, change: str) -> None:
    refuses(desk, [f"UPDATE invoices SET {change} WHERE id = {spelled(desk, desk.draft())}"], "(?i)check")
    refuses(desk, [f"UPDATE invoices SET {change} WHERE id = {spelled(desk, desk.issued())}"], "(?i)check|billing guard")


def test_ledgers_of_money_are_append_only(desk: Desk) -> None:
    invoice_id = desk.issued()
    desk.open_till()
    desk.pay(invoice_id, cash(50_000))
    seen = desk.invoice(invoice_id)
    desk.do(billing.refund, key=new_id(), payment_id=seen.payments[0].payment_id, amount=rupees(1_000), reason="x")
    desk.do(billing.credit_note, key=new_id(), invoice_id=invoice_id, lines=[CreditLine(seen.lines[0].id, rupees(500))], reason="x")
    before = desk.invoice(invoice_id)
    for table in ("payments", "payment_allocations", "refunds", "credit_notes", "credit_note_items"):
        refuses(desk, [f"UPDATE {table} SET amount = amount + 1", f"DELETE FROM {table}"], "append-only|violates foreign key|FOREIGN KEY")
    assert desk.invoice(invoice_id) == before
    if desk.db.engine.dialect.name == "postgresql":
        for table in ("payments", "refunds", "invoices", "invoice_items", "till_sessions"):
            refuses(desk, [f"TRUNCATE {table} CASCADE"], "append-only|billing guard")
    else:
        for table in ("payments", "refunds", "invoices", "invoice_items", "till_sessions"):
            refuses(desk, [f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"], "append-only|billing guard")


def test_a_closed_till_and_a_settled_day_stay(desk: Desk) -> None:
    till_id = desk.open_till(0)
    desk.pay(desk.issued(), cash(50_000))
    desk.do(billing.close_till, key=new_id(), clinic_id=desk.clinic_id, counted=[Pieces(rupees(50_000), 1)])
    desk.do(billing.settle_day, key=new_id(), clinic_id=desk.clinic_id, day=date(2026, 3, 2))
    refuses(
        desk,
        [f"UPDATE till_sessions SET note = 'x' WHERE id = {spelled(desk, till_id)}", "DELETE FROM till_sessions"],
        "billing guard|foreign key|FOREIGN KEY",
    )
    refuses(desk, ["UPDATE daily_settlements SET note = 'x'", "DELETE FROM daily_settlement_lines"], "append-only")
    assert desk.lies() == []
    refuses(desk, [copied(desk, "payments", receipt_number="'RCT-X'")], "billing guard")
    raw(desk.db.engine, copied(desk, "payments", receipt_number="'RCT-X'", business_date="'2026-03-03'"))  # another day is open
    assert desk.lies() != []  # what slips past the guards is found by the checks


def test_one_open_till_and_one_draft_are_unique_in_the_database(desk: Desk) -> None:
    desk.open_till()
    refuses(desk, [copied(desk, "till_sessions")], "(?i)unique")
    where = f"visit_id = {spelled(desk, desk.visit())}"
    refuses(desk, [copied(desk, "invoices", where)], "(?i)unique")


def test_guards_go_and_come_back(desk: Desk) -> None:
    engine = desk.db.engine
    expected = set(guard_names(engine.dialect.name))
    assert expected <= names(engine)
    raw(engine, *drop_guard_ddl(engine.dialect.name))
    assert not expected & names(engine)
    raw(engine, *guard_ddl(engine.dialect.name))
    assert expected <= names(engine)
    test_an_issued_invoice_cannot_be_changed_by_anyone(desk)
