"""Clinical rules without I/O: states, doses and quantities, vital limits, prescribing safety."""

from clinic_desktop.clinic.clinical.rules.dosing import Frequency, Route, course_quantity, parse_dose, prescribed_quantity
from clinic_desktop.clinic.clinical.rules.safety import (
    Drug,
    PrescriptionWarned,
    PrescriptionWarning,
    WarningKind,
    allergy_terms,
    is_allergic,
    safety_warnings,
)
from clinic_desktop.clinic.clinical.rules.states import (
    CONSULTATION_STATES,
    DISPENSABLE,
    PRESCRIPTION_STATES,
    Certainty,
    ConsultationSealed,
    ConsultationStatus,
    NotDispensable,
    NothingToSign,
    OverDispensed,
    PrescriptionSealed,
    PrescriptionStatus,
    status_after_dispensing,
)
from clinic_desktop.clinic.clinical.rules.vitals import NewVitals, VitalWarning, body_mass_index, check_vitals

__all__ = [
    "CONSULTATION_STATES",
    "DISPENSABLE",
    "PRESCRIPTION_STATES",
    "Certainty",
    "ConsultationSealed",
    "ConsultationStatus",
    "Drug",
    "Frequency",
    "NewVitals",
    "NotDispensable",
    "NothingToSign",
    "OverDispensed",
    "PrescriptionSealed",
    "PrescriptionStatus",
    "PrescriptionWarned",
    "PrescriptionWarning",
    "Route",
    "VitalWarning",
    "WarningKind",
    "allergy_terms",
    "body_mass_index",
    "check_vitals",
    "course_quantity",
    "is_allergic",
    "parse_dose",
    "prescribed_quantity",
    "safety_warnings",
    "status_after_dispensing",
]
