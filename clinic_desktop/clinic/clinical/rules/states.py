"""Statuses of clinical records, what may follow what, and the refusals of this department."""

from __future__ import annotations

from enum import StrEnum

from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.states import StateMachine


class ConsultationStatus(StrEnum):
    """A draft may be edited; a signed one is amended by addendum."""

    DRAFT = "DRAFT"
    SIGNED = "SIGNED"


class Certainty(StrEnum):
    """How sure the doctor is of a diagnosis."""

    SUSPECTED = "SUSPECTED"
    CONFIRMED = "CONFIRMED"
    RULED_OUT = "RULED_OUT"


class PrescriptionStatus(StrEnum):
    """The life of a prescription."""

    DRAFT = "DRAFT"
    ACTIVE = "ACTIVE"
    PARTIALLY_DISPENSED = "PARTIALLY_DISPENSED"
    DISPENSED = "DISPENSED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"


CONSULTATION_STATES: StateMachine[ConsultationStatus] = StateMachine(
    "consultation", {ConsultationStatus.DRAFT: {ConsultationStatus.SIGNED}}
)

PRESCRIPTION_STATES: StateMachine[PrescriptionStatus] = StateMachine(
    "prescription",
    {
        PrescriptionStatus.DRAFT: {PrescriptionStatus.ACTIVE, PrescriptionStatus.CANCELLED},
        PrescriptionStatus.ACTIVE: {
            PrescriptionStatus.PARTIALLY_DISPENSED,
            PrescriptionStatus.DISPENSED,
            PrescriptionStatus.CANCELLED,
            PrescriptionStatus.EXPIRED,
        },
        PrescriptionStatus.PARTIALLY_DISPENSED: {
            PrescriptionStatus.PARTIALLY_DISPENSED,
            PrescriptionStatus.DISPENSED,
            PrescriptionStatus.CANCELLED,
            PrescriptionStatus.EXPIRED,
        },
    },
)

DISPENSABLE = (PrescriptionStatus.ACTIVE, PrescriptionStatus.PARTIALLY_DISPENSED)
UNPRINTABLE = (PrescriptionStatus.DRAFT, PrescriptionStatus.CANCELLED)
"""Nobody signed these, or somebody took them back: no pharmacy may see them on paper."""


def status_after_dispensing(owed: int) -> PrescriptionStatus:
    """What a prescription becomes when that many units are still owed."""
    return PrescriptionStatus.PARTIALLY_DISPENSED if owed > 0 else PrescriptionStatus.DISPENSED


class ConsultationSealed(ClinicError):
    """The consultation is signed: it is amended by an addendum, not edited."""

    code = "consultation_signed"


class NothingToSign(ClinicError):
    """A consultation needs a complaint or a diagnosis before it is signed."""

    code = "nothing_to_sign"


class NotADoctor(ClinicError):
    """Only somebody who is a doctor of this clinic signs."""

    code = "not_a_doctor"


class OtherDoctorsPatient(ClinicError):
    """The patient is another doctor's: signing in that doctor's place needs a reason; param ``doctor``."""

    code = "other_doctors_patient"


class PrescriptionSealed(ClinicError):
    """The prescription is no draft any more: param ``status``."""

    code = "prescription_not_draft"


class NotDispensable(ClinicError):
    """The prescription cannot be dispensed: param ``status``."""

    code = "prescription_not_dispensable"


class NotPrintable(ClinicError):
    """The prescription is no paper for a patient, unsigned or cancelled: param ``status``."""

    code = "prescription_not_printable"


class OverDispensed(ClinicError):
    """More would be dispensed than is owed: params ``owed`` and ``wanted``."""

    code = "over_dispensed"
