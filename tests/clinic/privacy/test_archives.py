"""Archives: read again, tampered with, killed half-way; and the journal that begins where one ends."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.billing.models import Payment
from clinic_desktop.clinic.clinical.models import Consultation
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.privacy.queries import archives, shown_patient, verify_file
from clinic_desktop.clinic.privacy.retention.container import ArchiveUnreadable
from clinic_desktop.clinic.privacy.retention.running import run_retention
from clinic_desktop.kernel.archived import Archive, Contents, unpacked
from clinic_desktop.kernel.checks import run_checks
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.journal import AuditLog, ChangeSet
from clinic_desktop.kernel.journal_proof import verify
from clinic_desktop.kernel.tables import Base
from tests.clinic.lived import Disarmed, live
from tests.clinic.privacy.ageing import IN_8_YEARS, IN_11_YEARS, IN_40_YEARS, SYSTEM, lies, retain
from tests.conftest import FrozenClock
from tests.databases import drop, fresh
from tests.faults.killing import Zygote, zygote


def test_an_archive_that_was_touched_is_not_believed(lived: Database, clock: FrozenClock, folder: Path) -> None:
    done = retain(lived, clock, folder, IN_11_YEARS)
    whole = (folder / done.files[0]).read_bytes()
    spots = [9, 40, 300, len(whole) // 2, len(whole) - 1]
    spoilt = [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in spots] + [whole[: len(whole) // 2], whole[:-1], whole + b"x"]
    copy = folder / "copy.clinicarchive"
    with lived.read() as session:
        for content in spoilt:
            copy.write_bytes(content)
            with pytest.raises(ArchiveUnreadable):
                verify_file(session, copy)
        copy.write_bytes(whole)
        assert verify_file(session, copy).is_known
        names = session.scalars(select(Patient.full_name)).all()
    assert not any(name.encode() in whole for name in names)


def test_an_archive_tells_what_it_holds_of_a_patient(lived: Database, clock: FrozenClock, folder: Path) -> None:
    with lived.read() as session:
        number, key = session.execute(
            select(Patient.patient_number, Patient.id)
            .join(Consultation, Consultation.patient_id == Patient.id)
            .where(Consultation.status == "SIGNED")
            .limit(1)
        ).one()
        complaint = session.scalar(select(Consultation.complaint).where(Consultation.patient_id == key))
    done = retain(lived, clock, folder, IN_40_YEARS)
    with lived.read() as session:
        shown = shown_patient(session, folder / done.files[0], number=number)
        nobody = shown_patient(session, folder / done.files[0], number="PAT-1999-00001")
    assert shown.patient_id == key
    assert [row["complaint"] for row in shown.rows["consultations"]] == [complaint]
    assert shown.rows["prescription_items"]
    assert all(row["patient_id"] == str(key) for row in shown.rows["consultations"])
    assert nobody.patient_id is None


def test_the_journal_goes_on_from_its_archive_and_every_forgery_is_found(engine_name: str, tmp_path: Path, clock: FrozenClock) -> None:
    made, _ = fresh(engine_name, tmp_path, clock, recipe="lived", build=live)
    folder = tmp_path / "archives"
    retain(made, clock, folder, IN_8_YEARS)
    with made.write(SYSTEM) as tx:
        tx.command = "test.later"
        tx.note("something", "users", UUID(int=1), what="later")
    with made.read() as session:
        last = session.scalar(select(Archive.last_seq).where(Archive.last_seq.is_not(None)))
        first = session.scalar(select(func.min(ChangeSet.seq)))
        assert verify(session).broken is None
    assert last is not None
    assert first == last + 1
    clinic = Disarmed(made)
    # The journal's own guards stand in a forger's way, too.
    off = [f"ALTER TABLE {table} DISABLE TRIGGER ALL" for table in ("journal", "audit_logs")] if engine_name == "postgres" else []
    its_own = (f"DELETE FROM audit_logs WHERE seq = {last + 1}", f"DELETE FROM journal WHERE seq = {last + 1}")
    forgeries = {
        "replaced": (f"UPDATE archives SET last_seq = {last + 1}, first_seq = 1 WHERE last_seq = {last}", *its_own),
        "missing": (f"DELETE FROM journal WHERE seq = {last + 1}",),
        "altered": (f"UPDATE journal SET actor_name = 'Nobody' WHERE seq = {last + 2}",),
        "truncated": (f"DELETE FROM journal WHERE seq > {last + 2}", f"DELETE FROM audit_logs WHERE seq > {last + 2}"),
    }
    try:
        for problem, statements in forgeries.items():
            with clinic.lied(*off, *statements) as session:
                broken = verify(session).broken
            assert broken is not None, problem
            assert broken.problem == problem
        with clinic.lied(*off, f"UPDATE audit_logs SET seq = {last} WHERE seq = {last + 3} AND ordinal = 0") as session:
            assert verify(session).broken is not None
    finally:
        clinic.close()


def test_an_archive_cannot_be_made_to_hide_a_deletion(lived: Database, clock: FrozenClock, folder: Path) -> None:
    retain(lived, clock, folder, IN_8_YEARS)
    with lived.read() as session:
        kept = session.scalar(select(Payment.id).limit(1))
    clinic = Disarmed(lived)
    with clinic.lied(
        f"DELETE FROM payment_allocations WHERE payment_id = '{kept.hex if lived.engine.dialect.name == 'sqlite' else kept}'"
    ) as session:
        assert "M1 payment allocations" in {one.name for one in run_checks(session) if not one.ok}
    with clinic.lied("UPDATE archives SET contents = replace(contents, '\"rows\"', '\"rows\" ')") as session:
        assert "R1 archives" in {one.name for one in run_checks(session) if not one.ok}
    clinic._connection.invalidate()
    clinic._connection.close()


@pytest.fixture(scope="module")
def workers() -> Iterator[Zygote]:
    with zygote() as made:
        yield made


@pytest.mark.parametrize(
    ("label", "wait"), [("write", 0.0), ("check", 0.0), ("remove", 0.0), ("remove", 0.01), ("remove", 0.03), ("remove", 0.08)]
)
def test_a_killed_run_loses_nothing(tmp_path: Path, clock: FrozenClock, workers: Zygote, label: str, wait: float) -> None:
    """Either a row is here, or it is in an archive that the database knows and that is whole."""
    made, _ = fresh("sqlite", tmp_path, clock, recipe="lived", build=live)
    folder, here, url = tmp_path / "archives", {}, f"sqlite:///{made.address.file}"
    with made.read() as session:
        for name in ("consultations", "invoices", "payments", "visits"):
            here[name] = set(session.scalars(select(Base.metadata.tables[name].c.id)))
    workers.kill_at(label, wait, workers.start("retain", url, str(folder), str(IN_40_YEARS)))
    clock.now = datetime(IN_40_YEARS.year, 3, 10, 6, tzinfo=UTC)
    again = Database.open(url, clock=clock)
    with again.read() as session:
        known = {one.file_name for one in archives(session) if one.rows}
        found = [verify_file(session, folder / name) for name in known]
        for name, keys in here.items():
            still = set(session.scalars(select(Base.metadata.tables[name].c.id)))
            gone = {key for one in known for key in _ids_in(session, one, name)}
            assert still | gone == keys
            assert not still & gone
    assert len(found) == len(known)
    assert lies(again) == {}
    run_retention(again, SYSTEM, folder, today=IN_40_YEARS)
    assert lies(again) == {}
    again.close()
    drop(made)
    shutil.rmtree(folder)


def _ids_in(session: Session, file_name: str, table: str) -> set[UUID]:
    contents = msgspec.json.decode(session.scalar(select(Archive.contents).where(Archive.file_name == file_name)) or "{}", type=Contents)
    return set(unpacked(contents.tables[table].ids)) if table in contents.tables else set()


def test_an_archived_entry_is_in_the_journal_as_one_note(lived: Database, clock: FrozenClock, folder: Path) -> None:
    retain(lived, clock, folder, IN_11_YEARS)
    with lived.read() as session:
        notes = session.scalars(select(AuditLog.changes).where(AuditLog.operation == "N", AuditLog.entity_type == "archives")).all()
        deleted = session.scalar(select(func.count()).select_from(AuditLog).where(AuditLog.operation == "D"))
    assert len(notes) == 2
    assert sum('"consultations":' in note for note in notes) == 1
    assert deleted == 0
