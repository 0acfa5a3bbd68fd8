"""The lists of the day on both engines, beside a long history: served by an index, in a fixed number of statements."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event
from sqlalchemy.orm import Session

from clinic_desktop.clinic.billing import queries as billing
from clinic_desktop.clinic.clinical import queries as clinical
from clinic_desktop.clinic.frontdesk import queries as frontdesk
from clinic_desktop.clinic.messages import queries as messages
from clinic_desktop.clinic.patients import queries as patients
from clinic_desktop.clinic.pharmacy import queries as pharmacy
from clinic_desktop.kernel.db import Database
from tests.clinic.history import TODAY, Shop, build_shop
from tests.clinic.world import ANYBODY
from tests.conftest import FrozenClock
from tests.databases import drop, fresh

GROWING = {
    *("name_words", "name_word_keys"),
    *("patients", "appointments", "appointment_queue", "appointment_status_log", "visits"),
    *("invoices", "invoice_items", "payments", "payment_allocations", "stock_movements", "notification_queue"),
    *("patient_documents", "patient_consents"),
    *("prescriptions", "prescription_items", "pharmacy_dispensing", "pharmacy_dispensing_items", "consultations", "vital_signs"),
}
WEEK_AGO = TODAY - timedelta(days=7)

LISTS: dict[str, Callable[[Session, Shop], Any]] = {
    "day_board": lambda s, c: frontdesk.day_board(s, clinic_id=c.world.clinic_id, day=TODAY),
    "calendar": lambda s, c: frontdesk.calendar(s, clinic_id=c.world.clinic_id, first=TODAY, count=7, now=c.world.db.clock()),
    "walk_ins": lambda s, c: frontdesk.walk_ins(s, clinic_id=c.world.clinic_id, first=TODAY, count=7, now=c.world.db.clock()),
    "home_counts": lambda s, c: frontdesk.home_counts(s, clinic_id=c.world.clinic_id, day=TODAY),
    "waiting": lambda s, c: frontdesk.waiting(s, clinic_id=c.world.clinic_id, day=TODAY),
    "waiting of a doctor": lambda s, c: frontdesk.waiting(s, clinic_id=c.world.clinic_id, doctor_id=c.world.doctor_id, day=TODAY),
    "to_confirm": lambda s, c: frontdesk.to_confirm(s, clinic_id=c.world.clinic_id, day=TODAY),
    "waiting_list": lambda s, c: frontdesk.waiting_list(s, clinic_id=c.world.clinic_id),
    "doctors_late": lambda s, c: frontdesk.doctors_late(s, clinic_id=c.world.clinic_id, day=TODAY),
    "offers_count": lambda s, c: frontdesk.offers_count(s, clinic_id=c.world.clinic_id),
    "to_confirm_count": lambda s, c: frontdesk.to_confirm_count(s, clinic_id=c.world.clinic_id, day=TODAY),
    "needing_new_time_count": lambda s, c: frontdesk.needing_new_time_count(s, clinic_id=c.world.clinic_id, now=c.world.db.clock()),
    "patients_of_day": lambda s, c: frontdesk.patients_of_day(s, clinic_id=c.world.clinic_id, day=TODAY),
    "needing_new_time": lambda s, c: frontdesk.needing_new_time(s, clinic_id=c.world.clinic_id, now=c.world.db.clock()),
    "moved_away": lambda s, c: frontdesk.moved_away(s, clinic_id=c.world.clinic_id, now=c.world.db.clock()),
    "in_room": lambda s, c: frontdesk.in_room(s, clinic_id=c.world.clinic_id, day=TODAY),
    "to_pay": lambda s, c: frontdesk.to_pay(s, clinic_id=c.world.clinic_id, day=TODAY),
    "display": lambda s, c: frontdesk.display(s, clinic_id=c.world.clinic_id, day=TODAY),
    "visits_of_patient": lambda s, c: frontdesk.visits_of_patient(s, patient_id=c.patient_id),
    "cashier_worklist": lambda s, c: billing.cashier_worklist(s, c.world.clinic_id, TODAY),
    "paid_on": lambda s, c: billing.paid_on(s, c.world.clinic_id, TODAY),
    "owed_from_before": lambda s, c: billing.owed_from_before(s, c.world.clinic_id, TODAY),
    "owed_from_before_count": lambda s, c: billing.owed_from_before_count(s, c.world.clinic_id, TODAY),
    "late_count": lambda s, c: frontdesk.late_count(s, clinic_id=c.world.clinic_id, day=TODAY, before=c.world.db.clock()),
    "owed by a patient": lambda s, c: billing.owed_by(s, [c.patient_id], clinic_id=c.world.clinic_id),
    "unpaid_invoices": lambda s, c: billing.unpaid_invoices(s, c.patient_id),
    "visit_invoices": lambda s, c: billing.visit_invoices(s, c.visit_id),
    "invoice": lambda s, c: billing.invoice(s, c.invoice_id),
    "invoices numbered": lambda s, c: billing.numbered(s, "INV-2025-0001", clinic_id=c.world.clinic_id),
    "receipts numbered": lambda s, c: billing.numbered(s, "RCP-2025-0001", clinic_id=c.world.clinic_id),
    "settlement_preview": lambda s, c: billing.settlement_preview(s, c.world.clinic_id, TODAY),
    "pharmacy worklist": lambda s, c: pharmacy.worklist(s, c.world.clinic_id, TODAY),
    "prescriptions numbered": lambda s, c: pharmacy.numbered(s, "RX-2025-0001", clinic_id=c.world.clinic_id),
    "prescriptions of a patient": lambda s, c: pharmacy.of_patients(s, [c.patient_id], clinic_id=c.world.clinic_id),
    "dispensings": lambda s, c: pharmacy.dispensings(s, prescription_id=c.prescription_id),
    "pick_plan": lambda s, c: pharmacy.pick_plan(s, c.prescription_id, c.location_id, now=c.world.db.clock()),
    "patient_summary": lambda s, c: clinical.patient_summary(s, c.patient_id, day=TODAY, **ANYBODY),
    "past_visits": lambda s, c: clinical.past_visits(s, patient_id=c.patient_id, **ANYBODY),
    "doctors_day": lambda s, c: clinical.doctors_day(s, c.world.doctor_id, TODAY),
    "visit_prescriptions": lambda s, c: clinical.visit_prescriptions(s, visit_id=c.visit_id, **ANYBODY),
    "search by name": lambda s, c: patients.search(s, "asha ra"),
    "search by part": lambda s, c: patients.search(s, "ulkarn"),
    "search by first letter": lambda s, c: patients.search(s, "a"),
    "search misspelt": lambda s, c: patients.search(s, "ahsa rao"),
    "search misspelt among whole words": lambda s, c: patients.search(s, "aasha kulkarni"),
    "search by year": lambda s, c: patients.search(s, "asha 1990"),
    "search by card": lambda s, c: patients.search(s, "CRD-2026-000001"),
    "search by phone": lambda s, c: patients.search(s, "9800000012"),
    "search by number": lambda s, c: patients.search(s, "PAT-2026-00001"),
    "similar": lambda s, c: patients.similar(s, first_name="Asha", last_name="Rao", phone="+919800000012", date_of_birth=WEEK_AGO),
    "documents of a patient": lambda s, c: patients.documents_of(s, patient_id=c.patient_id, **ANYBODY),
    "consents of a patient": lambda s, c: patients.standings(s, patient_id=c.patient_id, clinic_id=c.world.clinic_id, today=TODAY),
    "consents missing": lambda s, c: patients.missing_consents(s, patient_id=c.patient_id, clinic_id=c.world.clinic_id, today=TODAY),
    "consents missing of many": lambda s, c: patients.consents_missing_of(
        s, patient_ids=[c.patient_id], clinic_id=c.world.clinic_id, today=TODAY
    ),
    "cards not printed, counted": lambda s, c: patients.cards_not_printed_count(s),
    "cards to renew": lambda s, c: patients.cards_to_renew(s, [c.patient_id], until=TODAY),
    "to_tell": lambda s, c: messages.to_tell(s, clinic_id=c.world.clinic_id, day=TODAY),
    "not_sent": lambda s, c: messages.not_sent(s, now=c.world.db.clock()),
    "not_sent_count": lambda s, c: messages.not_sent_count(s, now=c.world.db.clock()),
    "messages_of_patient": lambda s, c: messages.messages_of_patient(s, patient_id=c.patient_id),
    "family": lambda s, c: patients.family(s, c.patient_id),
    "cards not printed": lambda s, c: patients.cards_not_printed(s),
    "patients without a card": lambda s, c: patients.patients_without_card(s, clinic_id=c.world.clinic_id, since=c.world.db.clock()),
    "cards of patients": lambda s, c: patients.cards_of_patients(s, [c.patient_id]),
    "visit numbered": lambda s, c: frontdesk.visit_numbered(s, clinic_id=c.world.clinic_id, day=TODAY, queue_number=1),
    "visit of a token": lambda s, c: frontdesk.visit_of_token(s, f"Q-{TODAY:%Y%m%d}-1"),
}


@pytest.fixture
def shop(engine_name: str, clock: FrozenClock, tmp_path: Path) -> Iterator[Shop]:
    database, built = fresh(engine_name, tmp_path, clock, recipe="history", build=build_shop)
    yield built.at(database)
    drop(database)


@contextmanager
def heard(database: Database) -> Iterator[list[tuple[str, Any]]]:
    statements: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "SET TRANSACTION")):
            statements.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def asked(shop: Shop, name: str) -> list[tuple[str, Any]]:
    """The statements that a list sends."""
    with heard(shop.world.db) as statements, shop.world.db.read() as session:
        LISTS[name](session, shop)
    return statements


def scans(database: Database, statement: str, parameters: Any) -> list[str]:
    """Parts of a plan that read a growing table whole, or all of one clinic, which is the same."""
    with database.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            found = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters).scalar_one()
            return list(_postgres_scans(found[0]["Plan"], _index_columns(connection)))
        lines = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
    names = {alias: table for table, alias in re.findall(r"(?:FROM|JOIN) (\w+) AS (\w+)", statement)}
    return [text for text in lines if _is_sqlite_scan(text, names)]


def _is_sqlite_scan(text: str, names: dict[str, str]) -> bool:
    found = re.match(r"(SCAN|SEARCH) (\w+)(.*)", text)
    if found is None or names.get(found[2], found[2]) not in GROWING:
        return False
    return found[1] == "SCAN" or found[3].endswith("(clinic_id=?)")


_INDEX_COLUMNS = """SELECT c.relname, array_agg(CAST(a.attname AS text) ORDER BY a.attnum)
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_attribute a ON a.attrelid = c.oid
JOIN pg_class t ON t.oid = i.indrelid WHERE t.relname = ANY (%s) GROUP BY c.relname"""


def _index_columns(connection: Connection) -> dict[str, list[str]]:
    """The columns of every index of the growing tables, in their order."""
    found = connection.exec_driver_sql(_INDEX_COLUMNS, (sorted(GROWING),))
    return {row[0]: row[1] for row in found}


def _postgres_scans(node: dict[str, Any], columns: dict[str, list[str]]) -> Iterator[str]:
    if node["Node Type"] == "Seq Scan" and node["Relation Name"] in GROWING:
        yield f"Seq Scan of {node['Relation Name']}"
    if node.get("Index Name") in columns and not _is_entered(node.get("Index Cond", ""), columns[node["Index Name"]]):
        yield f"{node['Node Type']} of {node['Index Name']}: {node.get('Index Cond', 'no condition')}"
    for child in node.get("Plans", ()):
        yield from _postgres_scans(child, columns)


def _is_entered(condition: str, columns: list[str]) -> bool:
    """Whether a condition goes to a place in an index: by its first column, and by more than the clinic."""
    leading = columns[:2] if columns[0] == "clinic_id" else columns[:1]
    return all(re.search(rf"\b{column}\b", condition) for column in leading)


def test_no_list_reads_a_growing_table_whole(shop: Shop) -> None:
    found = {}
    for name in LISTS:
        statements = asked(shop, name)
        assert statements, name
        found[name] = [part for statement, parameters in statements for part in scans(shop.world.db, statement, parameters)]
    whole = {name: parts for name, parts in found.items() if parts}
    assert not whole, "\n".join(f"{name}: {part}" for name, parts in whole.items() for part in parts)


def test_no_list_sends_more_statements_for_more_rows(shop: Shop) -> None:
    before = {name: len(asked(shop, name)) for name in LISTS}
    with shop.world.db.read() as session:
        short = {name: len(ask(session, shop)) for name, ask in LISTS.items() if name in ("day_board", "waiting", "cashier_worklist")}
    for _ in range(3):
        shop.see_another()
    with shop.world.db.read() as session:
        assert all(len(LISTS[name](session, shop)) >= rows + 3 for name, rows in short.items())
    assert {name: len(asked(shop, name)) for name in LISTS} == before


@pytest.mark.parametrize("statement", ["SELECT * FROM visits WHERE status = 'LEFT'", "SELECT * FROM invoices WHERE balance > 0"])
def test_a_scan_is_found(shop: Shop, statement: str) -> None:
    assert scans(shop.world.db, statement, ())
