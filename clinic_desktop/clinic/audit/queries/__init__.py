"""What an auditor asks of the journal. Each query takes the person who asks, and refuses who may not read the audit trail."""

from clinic_desktop.clinic.audit import verification, witness  # loaded with the queries: screens call them later, from the UI thread
from clinic_desktop.clinic.audit.queries.belonging import patient_of, tables_of_patients
from clinic_desktop.clinic.audit.queries.detail import change_set, change_sets
from clinic_desktop.clinic.audit.queries.numbers import numbered, person
from clinic_desktop.clinic.audit.queries.own_details import changes_of_patient
from clinic_desktop.clinic.audit.queries.rows import (
    AuditEntry,
    AuditFilter,
    AuditPage,
    ChangeSetRow,
    FieldChange,
    Position,
    RecordChange,
)
from clinic_desktop.clinic.audit.queries.searching import audit_page, history_of_patient

__all__ = [
    "AuditEntry",
    "AuditFilter",
    "AuditPage",
    "ChangeSetRow",
    "FieldChange",
    "Position",
    "RecordChange",
    "audit_page",
    "change_set",
    "change_sets",
    "changes_of_patient",
    "history_of_patient",
    "numbered",
    "patient_of",
    "person",
    "tables_of_patients",
    "verification",
    "witness",
]
