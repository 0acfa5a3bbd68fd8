"""What must be true of privacy: archives are what was told, requests are numbered, and the erased stay erased."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.organisation.checks import numbers_whole
from clinic_desktop.clinic.patients.models import Patient, PatientIdentifier
from clinic_desktop.clinic.privacy.commands.requests import REQUEST_NUMBER
from clinic_desktop.clinic.privacy.erasing import ERASED_NAME
from clinic_desktop.clinic.privacy.models import PrivacyRequest
from clinic_desktop.kernel.archived import Archive, link
from clinic_desktop.kernel.checks import Finding, check, finding, lies, looked_at
from clinic_desktop.kernel.replay import journal_lies


@check("N1 privacy request numbers")
def request_numbers(session: Session) -> Finding:
    """Numbers of requests are whole."""
    found = session.execute(select(PrivacyRequest.number, PrivacyRequest.clinic_id))
    return numbers_whole(session, REQUEST_NUMBER, ((number, clinic_id) for number, clinic_id in found))


@check("R1 archives")
def archives(session: Session) -> Finding:
    """Each archive took what the journal says it took, and none is missing: they vouch for one another in a chain."""
    fields = ("chain", "contents", "file_sha256", "last_seq", "last_hash")
    told = journal_lies(session, Archive, fields, lambda values: f"archive {values.get('file_name')}")
    return finding(looked_at(session, Archive), told, _broken_chain(session))


def _broken_chain(session: Session) -> Iterator[str]:
    before = ""
    for one in session.scalars(select(Archive).order_by(Archive.made_at, Archive.id)):
        if one.chain != link(before, one):
            yield f"archive {one.file_name} does not go on from the archive before it"
        before = one.chain


@check("R2 erased patients")
def erased_patients(session: Session) -> Finding:
    """Nothing of who somebody was is left in a record that was erased."""
    left = (Patient.last_name, Patient.middle_name, Patient.phone, Patient.email, Patient.address, Patient.national_id, Patient.remarks)
    known = exists().where(PatientIdentifier.patient_id == Patient.id)
    found = select(Patient.patient_number).where(
        Patient.erased_at.is_not(None), or_(Patient.first_name != ERASED_NAME, known, *(column.is_not(None) for column in left))
    )
    rows = looked_at(session, Patient, Patient.erased_at.is_not(None))
    return Finding(rows, tuple(lies(session, found, "{patient_number} was erased and is named again")))
