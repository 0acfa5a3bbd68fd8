"""The numbers that other systems gave a patient: an old register's, a national scheme's, a laboratory's, an insurer's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from clinic_desktop.clinic.organisation.queries import setting_value
from clinic_desktop.clinic.patients.models import Patient, PatientIdentifier
from clinic_desktop.clinic.patients.queries.known_as import known_as
from clinic_desktop.clinic.patients.rules import IdentifierTaken
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.ids import id_of
from clinic_desktop.kernel.settings import Scope, setting
from clinic_desktop.kernel.text import required_line, search_form

SYSTEM_LIMIT, VALUE_LIMIT = 60, 100
SYSTEMS = setting(
    "patients.other_numbers",
    "National health number, Laboratory, Insurance, Old register",
    Scope.HOSPITAL,
    N_("Who gives patients numbers besides the clinic, with commas between"),
    help=N_("Offered at registration; any other can be typed."),
)


@dataclass(frozen=True, slots=True)
class OtherNumber:
    """A number as typed, and who gave it."""

    system: str
    value: str


def offered_systems(told: str) -> list[str]:
    """The names in the setting's list."""
    return list(dict.fromkeys(name.strip() for name in told.split(",") if name.strip()))


def keep_numbers(tx: Tx, patient: Patient, numbers: Sequence[OtherNumber]) -> list[str]:
    """Add numbers to a patient; returns what else the patient is found by, in order; raises IdentifierTaken at ``number``."""
    for one in numbers:
        system = _spelt_as_before(tx, required_line(one.system, "number_system", limit=SYSTEM_LIMIT))
        value = required_line(one.value, "number", limit=VALUE_LIMIT)
        _check_free(tx, system, value)
        # The same key at every site: a number that two of them wrote down is one row, and a person looks whose it is.
        same = id_of("patient_identifiers", system, value)
        tx.add(PatientIdentifier(id=same, patient_id=patient.id, system=system, value=value))
        tx.session.flush()
    return known_as(tx.session, [patient.id]).get(patient.id, [])


def _spelt_as_before(tx: Tx, system: str) -> str:
    """A system is one, however it is typed: as it is spelt where it was used before, or in the setting."""
    known = [*tx.session.scalars(select(PatientIdentifier.system).distinct()), *offered_systems(setting_value(tx.session, SYSTEMS))]
    return next((name for name in known if search_form(name) == search_form(system)), system)


def _check_free(tx: Tx, system: str, value: str) -> None:
    holder = select(Patient).join(PatientIdentifier, PatientIdentifier.patient_id == Patient.id)
    found = tx.session.scalars(holder.where(PatientIdentifier.system == system, PatientIdentifier.value == value)).first()
    if found is not None:
        raise IdentifierTaken("number", patient_id=str(found.id), patient_number=found.patient_number, full_name=found.full_name)
