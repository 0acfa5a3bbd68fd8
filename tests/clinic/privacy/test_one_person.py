"""Every table that names a patient: after a merge the survivor's readers show its rows, and an undo leaves each as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.access.models import OtpVerification
from clinic_desktop.clinic.access.rules import OtpPurpose
from clinic_desktop.clinic.audit.queries.belonging import rows_of_patients
from clinic_desktop.clinic.billing import queries as billing
from clinic_desktop.clinic.clinical import queries as clinical
from clinic_desktop.clinic.clinical.prescribing import allergies_of, taken_already
from clinic_desktop.clinic.departments import load_queries
from clinic_desktop.clinic.frontdesk import queries as frontdesk
from clinic_desktop.clinic.frontdesk.planning import patient_is_busy
from clinic_desktop.clinic.frontdesk.queries.ahead import AheadRow
from clinic_desktop.clinic.frontdesk.queries.planned import PlannedRow, planned
from clinic_desktop.clinic.organisation.models import Document
from clinic_desktop.clinic.patients import queries as patients
from clinic_desktop.clinic.patients.combining import Choice
from clinic_desktop.clinic.patients.models import Patient, PatientConsent, PatientDocument, PatientIdentifier
from clinic_desktop.clinic.patients.queries.duplicates import ABOUT_RECORDS, references_to_patients
from clinic_desktop.clinic.patients.rules import AccessLevel, ConsentType, DocumentCategory
from clinic_desktop.clinic.pharmacy import queries as pharmacy
from clinic_desktop.clinic.privacy import commands as privacy
from clinic_desktop.clinic.privacy.belongings import belongings
from clinic_desktop.clinic.privacy.models import RecordOpening
from clinic_desktop.clinic.privacy.queries import is_restricted
from clinic_desktop.clinic.privacy.rules import IdentityCheck, RequestKind
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.tables import Base
from tests.clinic.lived import NEXT_DAY, live
from tests.clinic.patients.combined import lies, merge, undo
from tests.clinic.patients.desk import register
from tests.clinic.world import ANYBODY, World
from tests.conftest import FrozenClock
from tests.databases import drop, fresh

load_queries()
Reader = Callable[[Session, UUID, World], Any]
_DAY = date(2026, 3, 2)
_YEARS = {"first": date(2026, 1, 1), "last": date(2026, 12, 31)}
_COMING = [NEXT_DAY.date() + timedelta(days=one) for one in range(14)]
_EVER = {"start": NEXT_DAY.replace(year=2020), "end": NEXT_DAY.replace(year=2030)}

ALIASED = {
    *("appointments", "appointment_queue", "visits", "reviews", "waiting_list", "consultations", "vital_signs", "prescriptions"),
    *("invoices", "payments", "credit_notes", "pharmacy_dispensing", "wallet_transactions"),
    *("patient_identifiers", "patient_documents", "patient_consents", "id_cards"),
    *("privacy_requests", "record_openings", "otp_verifications", "sync_conflicts"),
}
"""Tables whose rows keep the record that they were written for; what the survivor has is read with that of its aliases."""
MOVED = {
    "patients.phone_owner_id": "who shares the number of a merged record shares it with the next owner: test_combining",
    "patients.merged_into_id": "the alias itself",
    "notification_queue.patient_id": "what waits is addressed to the record in use, and an undo addresses it back: messages/test_merged",
    "patient_duplicates.a_id": "pairs of a merged record are held against the survivor: test_combining",
    "patient_duplicates.b_id": "the same",
    "patient_merges.kept_id": "the merge itself",
    "patient_merges.merged_id": "the merge itself",
}

READERS: dict[str, Reader] = {
    "visits": lambda s, p, w: [(one.visit_id, one.status) for one in frontdesk.visits_of_patient(s, patient_id=p, limit=1000)],
    "reviews": lambda s, p, w: [one.id for one in frontdesk.reviews(s, actor=w.actor("admin"), limit=1000) if one.patient_id == p],
    "waiting": lambda s, p, w: [one.entry_id for one in frontdesk.waiting_list(s, clinic_id=w.clinic_id) if one.patient_id == p],
    "planned": lambda s, p, w: [_planned(one) for one in planned(s, clinic_id=w.clinic_id, **_YEARS) if one.patient_id == p],
    "ahead": lambda s, p, w: [one.id for one in _ahead(s, w) if one.patient_id == p],
    "new time": lambda s, p, w: [
        one.appointment_id for one in frontdesk.needing_new_time(s, clinic_id=w.clinic_id, now=NEXT_DAY) if one.patient_id == p
    ],
    "to confirm": lambda s, p, w: [
        one.appointment_id for day in _COMING for one in frontdesk.to_confirm(s, clinic_id=w.clinic_id, day=day) if one.patient_id == p
    ],
    "cards not printed": lambda s, p, w: [one.card_id for one in patients.cards_not_printed(s) if one.patient_id == p],
    "cards of patients": lambda s, p, w: [(one.card_id, one.card_number) for one in patients.cards_of_patients(s, [p])],
    "cards in use": lambda s, p, w: patients.cards_in_use(s, [p]).get(p),
    "without card": lambda s, p, w: patients.card_in_use(s, p) is None or p not in _without_card(s, w),
    "consents": lambda s, p, w: [one.id for one in patients.consents_of(s, patient_id=p)],
    "documents": lambda s, p, w: [one.id for one in patients.documents_of(s, patient_id=p, actor=w.actor("admin"), now=NEXT_DAY)],
    "past visits": lambda s, p, w: clinical.past_visits(s, patient_id=p, limit=1000, **ANYBODY),
    "problems": lambda s, p, w: clinical.problems(s, patient_id=p, **ANYBODY),
    "vitals": lambda s, p, w: clinical.patient_summary(s, p, day=_DAY, **ANYBODY).vitals,
    "running prescriptions": lambda s, p, w: [
        (one.id, one.items) for one in clinical.running_prescriptions(s, patient_id=p, day=_DAY) if one.patient_id == p
    ],
    "to dispense": lambda s, p, w: [
        one.id for one in pharmacy.of_patients(s, [p], clinic_id=w.clinic_id, limit=1000) if one.patient_id == p
    ],
    "unpaid": lambda s, p, w: [one.id for one in billing.unpaid_invoices(s, p) if one.patient_id == p],
    "owed": lambda s, p, w: [one.id for one in billing.owed_by(s, [p], clinic_id=w.clinic_id, limit=1000) if one.patient_id == p],
    "to pay": lambda s, p, w: [one.id for one in billing.cashier_worklist(s, w.clinic_id, _DAY) if one.patient_id == p],
    "paid": lambda s, p, w: [one.id for one in billing.paid_on(s, w.clinic_id, _DAY) if one.patient_id == p],
    "of earlier days": lambda s, p, w: [one.id for one in billing.owed_from_before(s, w.clinic_id, NEXT_DAY.date()) if one.patient_id == p],
    "prepaid": lambda s, p, w: patients.in_wallet(s, p),
    "allergies": lambda s, p, w: allergies_of(s, p),
    "medicines taken": lambda s, p, w: taken_already(s, p, day=_DAY),
    "busy": lambda s, p, w: patient_is_busy(s, patient_id=p, **_EVER),
    "identifiers": lambda s, p, w: patients.identifiers(s, p),
    "card": lambda s, p, w: patients.card_in_use(s, p),
    "restricted": lambda s, p, w: is_restricted(s, patient_id=p),
    "journal": lambda s, p, w: {row for row in s.execute(rows_of_patients(patients.person_ids(s, p))) if row[0] not in ABOUT_RECORDS},
    "export": lambda s, p, w: {name: found for name, found in belongings(s, p).rows.items() if name not in ABOUT_RECORDS},
}
"""How each department reads what a patient has. A new one belongs here, and reads by ``person_ids``."""


def _planned(row: PlannedRow) -> tuple[UUID, bool, bool]:
    return row.id, row.is_first_visit, row.owes


def _ahead(session: Session, world: World) -> list[AheadRow]:
    return [one for doctor in world.doctors for one in frontdesk.appointments_ahead(session, doctor_id=doctor, now=NEXT_DAY)]


def _without_card(session: Session, world: World) -> list[UUID]:
    since = NEXT_DAY.replace(year=2020)
    return [one.patient_id for one in patients.patients_without_card(session, clinic_id=world.clinic_id, since=since)]


@pytest.fixture
def lived(engine_name: str, tmp_path: Path, clock: FrozenClock) -> Iterator[World]:
    made, built = fresh(engine_name, tmp_path, clock, recipe="lived", build=live)
    clock.instant = NEXT_DAY
    yield built.at(made)
    drop(made)


def test_each_table_that_names_a_patient_is_moved_or_aliased() -> None:
    for column in references_to_patients():
        known = column.table.name in ALIASED, str(column) in MOVED
        assert any(known), f"{column}: what becomes of it when two records are merged? Readers take person_ids; say it here"
        assert not all(known), column


def test_no_row_of_a_merged_record_changes_and_the_survivor_is_read_with_all_of_it(lived: World) -> None:
    covered: set[str] = set()
    _what_a_day_does_not(lived, _richest(lived)[0])
    before = _everything(lived)
    done: list[UUID] = []
    for patient_id in _richest(lived):
        survivor = register(lived, "Somebody", "Else").id
        with lived.db.read() as session:
            was = {name: read(session, patient_id, lived) for name, read in READERS.items()}
        before |= {key: row for key, row in _everything(lived).items() if key not in before}
        # Not even the allergies are taken over: the readers know of them all the same.
        done.append(merge(lived, survivor, patient_id, who="admin", allergies=Choice.KEPT))
        with lived.db.read() as session:
            now = {name: read(session, survivor, lived) for name, read in READERS.items()}
            for name, found in was.items():
                assert _plain(now[name], survivor, patient_id) == _plain(found, survivor, patient_id), name
            covered |= {name for name, _key in rows_here(session, patient_id)}
    # What a merge leaves of the rows of every table but those that it speaks of.
    untouched = {key: row for key, row in _everything(lived).items() if key[0] in ALIASED}
    assert untouched == {key: row for key, row in before.items() if key[0] in ALIASED}
    assert covered >= ALIASED
    assert lies(lived) == {}
    for merge_id in reversed(done):
        undo(lived, merge_id)
    after = _everything(lived)
    assert {key: after[key] for key in before} == before
    assert lies(lived) == {}


_STAMPS = {"row_version", "updated_at", "search_text"}


def _what_a_day_does_not(world: World, patient_id: UUID) -> None:
    """A row of every kind that the lived-in clinic has of nobody who is still there."""
    own: dict[str, Any] = {"patient_id": patient_id}
    asked: dict[str, Any] = {"kind": RequestKind.EXPORT, "asked_by": "herself", "identity_check": IdentityCheck.KNOWN}
    world.db.run(world.actor("admin"), privacy.record_request, key=new_id(), clinic_id=world.clinic_id, **own, **asked)
    with world.db.write(world.system()) as tx:
        tx.command = "test.prepare"
        file = tx.add(Document(sha256="ab" * 32, media_type="image/png", size_bytes=1, location="ab"))
        shelf = {"category": DocumentCategory.INSURANCE, "access_level": AccessLevel.STAFF, "original_file_name": "card.png"}
        hour = {"opened_at": tx.now, "expires_at": tx.now + timedelta(hours=1)}
        code = {"purpose": OtpPurpose.VERIFY_PHONE, "code_hash": "x", "attempts": 0, "is_verified": False}
        tx.add(PatientDocument(document_id=file.id, **own, **shelf))
        tx.add(PatientConsent(type=ConsentType.TREATMENT, template_version="1", signed_at=tx.now, witness="Nurse One", **own))
        tx.add(PatientIdentifier(system="old", value="OLD-99", **own))
        tx.add(RecordOpening(user_id=world.users["doctor2"], reason="in an emergency", **own, **hour))
        tx.add(OtpVerification(expires_at=hour["expires_at"], **own, **code))
        tx.session.flush()
        patient = tx.session.get_one(Patient, patient_id)
        patient.allergies = "latex"
        patient.refresh_search(["OLD-99"])


def _richest(world: World) -> list[UUID]:
    """As few patients as together have a row in every table that anybody has one in."""
    with world.db.read() as session:
        in_use = session.scalars(select(Patient.id).where(Patient.merged_into_id.is_(None), Patient.erased_at.is_(None)))
        tables = {key: {name for name, _id in rows_here(session, key)} for key in in_use}
    chosen: list[UUID] = []
    missing = set().union(*tables.values())
    while missing:
        best = max(tables, key=lambda key: (len(tables[key] & missing), key))
        chosen.append(best)
        missing -= tables[best]
    return chosen


def rows_here(session: Session, patient_id: UUID) -> list[tuple[str, UUID]]:
    """Table and key of every row that names this very record."""
    found: list[tuple[str, UUID]] = []
    for column in references_to_patients():
        if column.table.name in ALIASED:
            found += [(str(column.table.name), key) for key in session.scalars(select(column.table.c.id).where(column == patient_id))]
    return found


def _everything(world: World) -> dict[tuple[str, UUID], dict[str, Any]]:
    names = {*ALIASED, "patients"}
    with world.db.read() as session:
        return {
            (name, row["id"]): {column: value for column, value in row.items() if column not in _STAMPS}
            for name in names
            for row in session.execute(select(Base.metadata.tables[name])).mappings()
        }


def _plain(found: Any, survivor: UUID, merged: UUID) -> Any:
    """What was read, without whose name stands at it."""
    text = repr(_sorted(found))
    return text.replace(str(merged), "one").replace(str(survivor), "one")


def _sorted(found: Any) -> Any:
    return sorted(found, key=repr) if isinstance(found, (set, frozenset)) else found
