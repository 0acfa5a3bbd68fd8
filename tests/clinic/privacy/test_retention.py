"""Retention: what may leave, archived first and whole; what stays, and why; and a clinic that still tells no lie."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from clinic_desktop.clinic.billing.models import Invoice, Payment
from clinic_desktop.clinic.clinical.models import Consultation, VitalSigns
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.privacy import commands
from clinic_desktop.clinic.privacy.queries import archives, retention_rules, verify_file
from clinic_desktop.clinic.privacy.retention import running
from clinic_desktop.clinic.privacy.retention.holding import Held
from clinic_desktop.clinic.privacy.retention.planning import leaving
from clinic_desktop.clinic.privacy.retention.running import plan_retention, run_retention
from clinic_desktop.clinic.privacy.rules import KEEPING, Kind
from clinic_desktop.kernel.archived import Contents
from clinic_desktop.kernel.checks import run_checks
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import InvalidInput, PermissionDenied
from clinic_desktop.kernel.journal_proof import verify
from clinic_desktop.kernel.tables import Base
from tests.clinic.lived import Disarmed
from tests.clinic.privacy.ageing import IN_8_YEARS, IN_11_YEARS, IN_40_YEARS, SYSTEM, counts, lies, retain, triggers
from tests.clinic.world import World
from tests.conftest import FrozenClock


def test_every_table_is_kept_by_exactly_one_rule() -> None:
    """A table that nobody has thought about would be kept for ever, or leave unseen."""
    assert set(Base.metadata.tables) - set(KEEPING) == set()
    for name, keeping in KEEPING.items():
        if name not in Base.metadata.tables:
            continue
        columns = Base.metadata.tables[name].c
        named = (keeping.day, keeping.person, keeping.number, *keeping.part_of, *keeping.names)
        assert [one for one in named if one is not None and one not in columns] == [], name
        leaves = keeping.day is not None or keeping.part_of or keeping.follows
        assert leaves or keeping.kind in (Kind.STOCK, Kind.REFERENCE) or name == "audit_logs", name


@pytest.mark.parametrize("today", [date(2030, 3, 10), IN_8_YEARS, IN_11_YEARS, IN_40_YEARS], ids=str)
def test_what_leaves_is_in_the_archive_and_the_clinic_tells_no_lie(lived: Database, clock: FrozenClock, folder: Path, today: date) -> None:
    with lived.read() as session:
        before, plan = counts(session), plan_retention(session, today)
    guards = triggers(lived)
    done = retain(lived, clock, folder, today)
    with lived.read() as session:
        after = counts(session)
        assert verify(session).broken is None
        files = [verify_file(session, folder / name) for name in done.files]
    assert {name: before[name] - after[name] for name in plan.rows.rows} == {name: len(keys) for name, keys in plan.rows.rows.items()}
    assert done.rows == plan.rows.total
    assert done.change_sets == plan.journal.change_sets > 0
    assert all(one.is_known for one in files)
    assert sum(one.rows for one in files) == done.rows + done.change_sets
    assert lies(lived) == {}
    assert triggers(lived) == guards
    with lived.read() as session:
        assert plan_retention(session, today).rows.total == 0


def test_rows_that_left_before_their_journal_are_gone_by_right(lived: Database, clock: FrozenClock, folder: Path) -> None:
    """The audit trail may be kept for longer than what it tells of: a row that left is no lie, one that was deleted is."""
    lived.run(SYSTEM, commands.keep_for, kind=Kind.AUDIT, years=60)
    done = retain(lived, clock, folder, IN_11_YEARS)
    assert (done.rows > 100, done.change_sets) == (True, 0)
    assert lies(lived) == {}
    clinic = Disarmed(lived)
    with clinic.lied("DELETE FROM consultation_diagnoses") as session:
        failing = {one.name: one.failures for one in run_checks(session) if not one.ok}
    assert "is gone, but the journal did not delete it" in failing["C1 signed diagnoses"][0]
    clinic._connection.invalidate()
    clinic._connection.close()


def test_after_eight_years_money_has_left_and_medicine_has_not(lived: Database, clock: FrozenClock, folder: Path) -> None:
    with lived.read() as session:
        before = counts(session)
    retain(lived, clock, folder, IN_8_YEARS)
    with lived.read() as session:
        after = counts(session)
        open_bills = session.scalar(select(func.count()).select_from(Invoice).where(Invoice.status.in_(("PENDING", "PARTIAL", "DRAFT"))))
    assert after["invoices"] == open_bills > 0
    assert after["payments"] < before["payments"]
    for table in ("consultations", "prescriptions", "vital_signs", "patients", "stock_movements", "users"):
        assert after[table] == before[table], table


def test_what_is_old_and_stays_says_why(lived: Database) -> None:
    with lived.read() as session:
        found = {one.table: {(s.why, s.by) for s in one.staying} for one in leaving(session, IN_11_YEARS).tables}
        many = {one.table: one for one in leaving(session, IN_40_YEARS).tables}
    assert (Held.OPEN, None) in found["invoices"]
    assert (Held.OPEN, None) in found["prescriptions"]
    assert (Held.NEEDED, "payments") in found["daily_settlements"]
    assert (Held.NEEDED, "invoices") in {(s.why, s.by) for s in many["patients"].staying}
    assert (Held.PART, "patients") in {(s.why, s.by) for s in many["id_cards"].staying}


def test_a_childs_record_stays_until_ten_years_after_its_majority(lived: Database) -> None:
    with lived.engine.execution_options(clinic_write=True).begin() as connection:
        connection.exec_driver_sql("UPDATE patients SET date_of_birth = '2025-01-05'")
    with lived.read() as session:
        seen = {row.id for row in session.execute(select(Consultation.id))}
        young = leaving(session, date(2052, 12, 31))
        grown = leaving(session, date(2053, 1, 6))
    assert seen
    assert young.rows.get("consultations", set()) == set()
    assert young.staying["consultations"][Held.CHILD, None] == len(seen)
    assert grown.rows["consultations"] == seen


def test_a_wallet_with_money_in_it_keeps_its_owner(lived: Database) -> None:
    with lived.read() as session:
        left = leaving(session, IN_40_YEARS)
        owner = session.scalar(text("SELECT patient_id FROM wallet_transactions LIMIT 1").columns(patient_id=Patient.id.type))  # type: ignore[call-overload]
    assert UUID(str(owner)) not in left.rows["patients"]


def test_a_row_that_changed_meanwhile_keeps_everything_here(
    lived: Database, clock: FrozenClock, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the archive and the leaving somebody changes a row: nothing leaves, and the guards are as they were."""
    guards, real = triggers(lived), running.verify_rows

    def meanwhile(*args: object, **params: object) -> Contents:
        with lived.write(SYSTEM) as tx:
            tx.command = "test.late"
            tx.session.scalars(select(VitalSigns).limit(1)).one().pulse = 61
        return real(*args, **params)  # type: ignore[arg-type]

    with lived.read() as session:
        before = counts(session)
    monkeypatch.setattr(running, "verify_rows", meanwhile)
    with pytest.raises(commands.RecordsChanged):
        retain(lived, clock, folder, IN_40_YEARS)
    with lived.read() as session:
        after = counts(session)
    assert {name: after[name] for name in KEEPING if name in after and name not in ("journal", "audit_logs", "journal_secrets")} == {
        name: before[name] for name in KEEPING if name in before and name not in ("journal", "audit_logs", "journal_secrets")
    }
    assert triggers(lived) == guards
    monkeypatch.undo()
    retain(lived, clock, folder, IN_40_YEARS)
    assert lies(lived) == {}


def test_a_ledger_is_append_only_again_after_its_rows_have_left(lived: Database, clock: FrozenClock, folder: Path) -> None:
    retain(lived, clock, folder, IN_8_YEARS)
    with lived.read() as session:
        assert session.scalar(select(func.count()).select_from(Payment))
    for statement in ("DELETE FROM payments", "DELETE FROM audit_logs", "DELETE FROM invoices"):
        with pytest.raises(DBAPIError), lived.engine.execution_options(clinic_write=True).begin() as connection:
            connection.exec_driver_sql(statement)


def test_much_leaves_month_by_month(lived: Database, clock: FrozenClock, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "ROWS_AT_ONCE", 10)
    with lived.read() as session:
        wanted = plan_retention(session, IN_40_YEARS).rows.total
    done = retain(lived, clock, folder, IN_40_YEARS)
    assert done.rows == wanted
    assert len(done.files) > 3
    with lived.read() as session:
        assert [one.file_name for one in archives(session) if one.rows][::-1] == list(done.files)
    assert lies(lived) == {}


def test_years_have_a_lowest_and_only_those_who_may_set_them(world: World) -> None:
    admin = world.actor("admin")
    world.db.run(admin, commands.keep_for, kind=Kind.MEDICAL, years=15)
    with world.db.read() as session:
        assert {one.kind: one.years for one in retention_rules(session)}[Kind.MEDICAL] == 15
    with pytest.raises(InvalidInput) as refused:
        world.db.run(admin, commands.keep_for, kind=Kind.BILLING, years=4)
    assert refused.value.params["lowest"] == 5
    with pytest.raises(PermissionDenied):
        world.db.run(world.actor("receptionist"), commands.keep_for, kind=Kind.MEDICAL, years=15)
    with pytest.raises(PermissionDenied):
        run_retention(world.db, world.actor("doctor"), Path("nowhere"), today=IN_8_YEARS)
