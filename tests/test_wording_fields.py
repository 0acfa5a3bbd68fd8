"""The words of the audit trail: every table, column, command and note of the program has one."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Table

import clinic_desktop
from clinic_desktop.clinic.audit.queries.naming import _LABELS, label_of
from clinic_desktop.clinic.audit.queries.numbers import NUMBER_COLUMNS
from clinic_desktop.clinic.audit.queries.rows import AuditEntry, FieldChange, RecordChange
from clinic_desktop.clinic.audit.queries.values import _ABOUT
from clinic_desktop.clinic.audit.rules import BACKSTAGE, CLINICAL, LEADING, TRACES, Coded, Named, Only, Percent, Veil
from clinic_desktop.clinic.departments import load_queries
from clinic_desktop.documents.compose.composed import DocumentKind
from clinic_desktop.kernel.capture import mapped_tables
from clinic_desktop.kernel.commands import Command
from clinic_desktop.kernel.i18n import Language
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.tables import Base, is_journalled
from clinic_desktop.sync import peers as peers  # its tables stand in the journal, too
from clinic_desktop.wording.actions import ACTIONS, EVENTS
from clinic_desktop.wording.audit import DOCUMENTS, ONLY, AuditWords
from clinic_desktop.wording.entities import ENTITIES
from clinic_desktop.wording.fields import DETAILS, FIELDS, OF_DEPARTMENTS, OF_TABLE

load_queries()
PACKAGE = Path(clinic_desktop.__file__).parent
NO_COMMANDS = {
    *("access.denied", "kernel.accept_as_restored", "kernel.upgrade", "keys.reseal"),
    *(
        "sync.detach",
        "sync.keep_copy",
        "sync.discard",
        "sync.enrol",
        "sync.follow_restored",
        "sync.keep_certificate",
        "sync.found_central",
        "sync.make_enrolment_code",
        "sync.operator_log_in",
    ),
    *("sync.refuse_site", "sync.revoke_site", "sync.set_operator_password"),
}
"""What the journal calls acts that no command carries out."""
NOW = datetime(2026, 3, 2, 3, 30, tzinfo=UTC)


def note_calls() -> Iterator[ast.Call]:
    """Each ``tx.note(…)`` of the package."""
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "tx.note":
                yield node


def codes(node: ast.expr) -> Iterator[str]:
    """The codes that an argument may be."""
    if isinstance(node, ast.IfExp):
        yield from codes(node.body)
        yield from codes(node.orelse)
    elif isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.Name):
        from clinic_desktop.clinic.audit import rules

        yield str(getattr(rules, node.id))
    else:
        raise AssertionError(ast.unparse(node))


def test_every_command_says_what_it_did() -> None:
    modules = [module for name, module in sys.modules.items() if name.startswith("clinic_desktop.clinic.")]
    commands = {one.name for module in modules for one in vars(module).values() if isinstance(one, Command)}
    assert len(commands) > 150
    assert sorted(commands - ACTIONS.keys()) == []
    assert sorted(ACTIONS.keys() - commands - NO_COMMANDS) == []


def test_every_note_says_what_it_is_about() -> None:
    events = {code for call in note_calls() for code in codes(call.args[0])}
    assert len(events) > 20
    assert sorted(events - EVENTS.keys()) == []
    assert sorted(EVENTS.keys() - events) == []
    assert {event for trace in TRACES.values() for event in trace.events} <= events


def test_every_detail_of_a_note_has_a_word() -> None:
    names = {keyword.arg for call in note_calls() for keyword in call.keywords if keyword.arg is not None}
    assert len(names) > 10
    assert sorted(names - FIELDS.keys() - DETAILS.keys()) == []


def of_sync(table: Table) -> bool:
    """Whether a table is what sync remembers for itself: no screen, document or journal entry shows any of it."""
    return table.name.startswith(("sync_", "central_", "journal_origins")) and not is_journalled(table)


def test_every_table_and_column_has_a_word() -> None:
    assert sorted(set(mapped_tables()) - ENTITIES.keys()) == []
    columns = {(table.name, column.name) for table in Base.metadata.tables.values() for column in table.columns if not of_sync(table)}
    assert sorted({name for _table, name in columns} - FIELDS.keys()) == []
    assert sorted(FIELDS.keys() - {name for _table, name in columns}) == []
    assert sorted(OF_TABLE.keys() - columns) == []
    assert sum(map(len, OF_DEPARTMENTS)) == len(FIELDS), "a column has two words"


def test_what_the_rules_name_is_there() -> None:
    tables = Base.metadata.tables
    for name, fields in CLINICAL.items():
        assert sorted(fields - set(tables[name].c.keys()) - DETAILS.keys()) == [], name
    assert sorted({*BACKSTAGE, *LEADING, *_ABOUT.values(), *_LABELS} - tables.keys()) == []
    for name, column in NUMBER_COLUMNS.items():
        assert column in tables[name].c
    for name in mapped_tables():
        assert all(column in tables[name].c for column in label_of(tables[name]))


def test_documents_and_questions_have_words() -> None:
    assert DOCUMENTS.keys() == {one.value for one in DocumentKind}
    assert ONLY.keys() == set(Only)


def words(language: str = "en") -> AuditWords:
    return AuditWords("Asia/Kolkata", Language(language))


def entry(command: str, *, actor: str = "Asha Rao", by_program: bool = False, **note: Any) -> AuditEntry:
    return AuditEntry(1, NOW, None if by_program else uuid4(), actor, None, None, command, None, note, None, 1)


@pytest.mark.parametrize(
    ("command", "note", "said"),
    [
        ("billing.take_payment", {}, "Took a payment"),
        ("access.denied", {"event": "denied", "permission": "audit.read"}, "Was refused: Read the audit trail"),
        ("access.refuse_login", {"event": "login_failed"}, "Login failed: wrong username or password"),
        ("organisation.record_print", {"event": "printed", "kind": "invoice", "way": "printer"}, "Printed: Invoice"),
        ("organisation.record_print", {"event": "printed", "kind": "invoice", "way": "file"}, "Saved as a file: Invoice"),
        ("audit.record_read", {"event": "read", "what": "clinical_record"}, "Opened the clinical record"),
        ("audit.record_export", {"event": "exported", "what": "Patients", "rows": 12}, "Exported: Patients (12)"),
        ("clinical.write_prescription", {"event": "prescription_override"}, "Wrote a prescription · despite warnings"),
        ("staff.export_prices", {"event": "exported", "list": "prices", "rows": 8}, "Exported the price list"),
        ("access.set_password", {"event": "password_set"}, "Set a user's password"),
        ("privacy.break_glass", {"event": "glass_broken"}, "Opened a restricted record · with a reason"),
        ("access.accept_pin", {"event": "switched_by_pin"}, "Came in by PIN"),
        ("stock.something_new", {}, "Something new"),
    ],
)
def test_an_entry_says_what_was_done(command: str, note: dict[str, Any], said: str) -> None:
    assert words().what(entry(command, **note)) == said


def test_the_program_is_called_by_its_part() -> None:
    assert words().who(entry("x.y", actor="login", by_program=True)) == "Login"
    assert words().who(entry("x.y", actor="login")) == "login"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("total", Money(123450, "INR"), "₹1,234.50"),
        ("signed_at", NOW, "Mar 2, 2026, 9:00\u00a0AM"),
        ("day", date(2026, 3, 2), "Mar 2, 2026"),
        ("start_time", time(18, 30), "6:30\u00a0PM"),
        ("is_active", True, "yes"),
        ("is_active", False, "no"),
        ("year", 2026, "2026"),
        ("weekday", 0, "Monday"),
        ("status", Coded("PENDING_PAYMENT"), "To be paid"),
        ("rate_basis_points", Percent(1850), "18.5%"),
        ("temperature", Decimal("37.5"), "37.5"),
        ("password_hash", Veil.SECRET, "changed, not shown"),
        ("complaint", Veil.CLINICAL, "hidden: needs a clinical right"),
        ("patient_id", Named("patients", uuid4(), ("Asha Rao", "PAT-2026-00001")), "Asha Rao · PAT-2026-00001"),
        ("patient_id", Named("patients", uuid4()), "a record that is not here any more"),
        ("notes", "plain text", "plain text"),
        ("notes", None, ""),
    ],
)
def test_values_read_as_people_write_them(field: str, value: Any, said: str) -> None:
    assert words().value("visits", field, value) == said


def test_a_change_reads_from_before_to_after() -> None:
    service = Named("services", uuid4(), ("ECG",))
    change = FieldChange("price", Money(35_000, "INR"), Money(40_000, "INR"))
    said = words()
    assert said.summary(RecordChange(service, "U", None, (change,))) == "Price: ₹350.00, now ₹400.00"
    assert said.summary(RecordChange(service, "I", None, (FieldChange("name", None, "ECG"),))) == "Name: ECG"
    assert said.record(service) == "Service · ECG"
    denied = RecordChange(Named("users", uuid4()), "N", "denied", (FieldChange("permission", None, "audit.read"),))
    assert said.summary(denied) == "Permission: Read the audit trail"


def test_another_language_has_its_own_dates() -> None:
    assert words("ar").value("visits", "day", date(2026, 3, 2)) != words().value("visits", "day", date(2026, 3, 2))
    assert words("ar").value("visits", "weekday", 0) == "الاثنين"
