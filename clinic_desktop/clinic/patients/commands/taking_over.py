"""Writing an old register into the database: all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.organisation.commands import take_numbers
from clinic_desktop.clinic.patients.commands.mending import look_alike
from clinic_desktop.clinic.patients.commands.registration import PATIENT_NUMBER
from clinic_desktop.clinic.patients.events import PatientsImported
from clinic_desktop.clinic.patients.legacy.drafts import Draft
from clinic_desktop.clinic.patients.legacy.pairs import DuplicatePair, LikelyPair, pairs_among, reported
from clinic_desktop.clinic.patients.models import Patient, PatientIdentifier
from clinic_desktop.clinic.patients.queries.takeover import in_chunks, known_people
from clinic_desktop.clinic.patients.rules import PatientStatus
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.ids import id_of
from clinic_desktop.kernel.security import permission

IMPORT = permission("patients.import", N_("Take over an old register"))
FLUSH_EVERY = 500


@dataclass(frozen=True, slots=True)
class TakenOver:
    """How many records were written, and the pairs flagged for review."""

    imported: int
    pairs: tuple[DuplicatePair, ...]


@command(IMPORT)
def take_over_register(
    tx: Tx, *, clinic_id: UUID, drafts: Sequence[Draft], source: str, progress: Callable[[int], None] | None = None
) -> TakenOver:
    """Write all drafts with their old numbers as identifiers of ``source``, and flag likely duplicates for review."""
    known = known_people(tx.session, drafts)
    written = _write_patients(tx, clinic_id, drafts, source, progress)
    pairs = pairs_among(drafts, known)
    _flag(tx, [*(one.id for one in known), *written], pairs)
    tx.session.flush()
    tx.emit(PatientsImported(clinic_id, len(written), len(pairs)))
    return TakenOver(len(written), reported(pairs, drafts, known))


def _write_patients(tx: Tx, clinic_id: UUID, drafts: Sequence[Draft], source: str, progress: Callable[[int], None] | None) -> list[UUID]:
    numbers = take_numbers(tx, PATIENT_NUMBER, clinic_id=clinic_id, count=len(drafts))
    owners = _phone_owners(tx, drafts)
    written: list[UUID] = []
    for draft, number in zip(drafts, numbers, strict=True):
        patient = tx.add(_patient(draft, clinic_id, number, owners))
        if draft.number is not None:
            same = id_of("patient_identifiers", source, draft.number)
            tx.add(PatientIdentifier(id=same, patient_id=patient.id, system=source, value=draft.number))
        written.append(patient.id)
        if len(written) % FLUSH_EVERY == 0:
            tx.session.flush()
            if progress is not None:
                progress(len(written))
    tx.session.flush()
    return written


def _patient(draft: Draft, clinic_id: UUID, number: str, owners: dict[str, UUID]) -> Patient:
    patient = Patient(
        clinic_id=clinic_id,
        patient_number=number,
        first_name=draft.first_name,
        middle_name=draft.middle_name,
        last_name=draft.last_name,
        date_of_birth=draft.birth.day if draft.birth else None,
        dob_is_estimated=draft.birth is not None and draft.birth.is_estimated,
        gender=draft.gender,
        blood_group=draft.blood_group,
        email=draft.email,
        address=draft.address,
        city=draft.city,
        region=draft.region,
        postal_code=draft.postal_code,
        national_id=draft.national_id,
        allergies=draft.allergies,
        medical_history=draft.medical_history,
        remarks=draft.remarks,
        status=PatientStatus.ACTIVE,
    )
    if draft.phone is not None:
        # The first record with a number owns it; later ones share it, be they family or the same person again.
        owner = owners.setdefault(draft.phone.e164, patient.id)
        patient.set_phone(draft.phone, None if owner == patient.id else owner)
    patient.refresh_search([draft.number] if draft.number else [])
    return patient


def _phone_owners(tx: Tx, drafts: Sequence[Draft]) -> dict[str, UUID]:
    """Who owns the register's numbers in the database already; locked, so that the owner stays one."""
    owners: dict[str, UUID] = {}
    for phones in in_chunks({draft.phone.e164 for draft in drafts if draft.phone}):
        wanted = select(Patient.phone, Patient.id).where(
            Patient.phone.in_(phones), Patient.phone_owner_id.is_(None), Patient.status != PatientStatus.MERGED
        )
        found = tx.session.execute(wanted.order_by(Patient.id).with_for_update())
        owners.update((phone, owner) for phone, owner in found if phone is not None)
    return owners


def _flag(tx: Tx, ids: Sequence[UUID], pairs: Sequence[LikelyPair]) -> None:
    for pair in pairs:
        tx.add(look_alike(ids[pair.a], ids[pair.b], pair.match))
