"""What people do in the consulting room."""

from clinic_desktop.clinic.clinical.commands.activation import (
    EXPIRE,
    OpenItem,
    activate_drafts,
    activate_prescription,
    cancel_prescription,
    count_dispensed,
    expire_prescriptions,
    open_items,
)
from clinic_desktop.clinic.clinical.commands.consultations import (
    CONSULT,
    SIGN,
    VITALS,
    DraftSaved,
    NewDiagnosis,
    Signed,
    VitalsTaken,
    add_addendum,
    record_vitals,
    save_consultation,
    sign_consultation,
)
from clinic_desktop.clinic.clinical.commands.locked import check_safety, live_items, locked_prescription, locked_visit, visit_with_doctor
from clinic_desktop.clinic.clinical.commands.mending import count_again as count_again
from clinic_desktop.clinic.clinical.commands.prescriptions import (
    PRESCRIBE,
    PRESCRIPTION_NUMBER,
    VALID_DAYS,
    NewItem,
    PrescriptionSaved,
    edit_prescription,
    write_prescription,
)
from clinic_desktop.clinic.clinical.commands.templates import drop_template, save_template
from clinic_desktop.clinic.clinical.hiding import READ, READ_PRESCRIPTIONS  # declared with the rest: a login reads every right

__all__ = [
    "CONSULT",
    "EXPIRE",
    "PRESCRIBE",
    "PRESCRIPTION_NUMBER",
    "READ",
    "READ_PRESCRIPTIONS",
    "SIGN",
    "VALID_DAYS",
    "VITALS",
    "DraftSaved",
    "NewDiagnosis",
    "NewItem",
    "OpenItem",
    "PrescriptionSaved",
    "Signed",
    "VitalsTaken",
    "activate_drafts",
    "activate_prescription",
    "add_addendum",
    "cancel_prescription",
    "check_safety",
    "count_dispensed",
    "drop_template",
    "edit_prescription",
    "expire_prescriptions",
    "live_items",
    "locked_prescription",
    "locked_visit",
    "open_items",
    "record_vitals",
    "save_consultation",
    "save_template",
    "sign_consultation",
    "visit_with_doctor",
    "write_prescription",
]
