"""Documents of the doctor's room: the prescription."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from clinic_desktop.clinic.clinical import queries as clinical
from clinic_desktop.clinic.clinical.queries import PrescriptionItemRow, VitalsRow
from clinic_desktop.clinic.clinical.rules import UNPRINTABLE, NotPrintable, Route
from clinic_desktop.clinic.organisation import queries as organisation
from clinic_desktop.clinic.patients import queries as patients
from clinic_desktop.clinic.staff import queries as staff
from clinic_desktop.clinic.stock.rules import medicine_title
from clinic_desktop.documents import data
from clinic_desktop.documents.compose.composed import Composed, DocumentKind, letterhead, person, printed_before
from clinic_desktop.documents.prescription import prescription_pdf
from clinic_desktop.kernel.i18n import Language
from clinic_desktop.kernel.security import Actor
from clinic_desktop.wording import status

# A prescription that may be printed is one that the patient takes home: who may print it is asked by ``record_print``.
PRINTING = Actor.system("printing")


def prescription(session: Session, *, language: Language, now: datetime, prescription_id: UUID) -> Composed:
    """A prescription as the patient takes it home; raises NotPrintable for one that is not signed or was cancelled."""
    written = clinical.prescription(session, prescription_id)
    if written.status in UNPRINTABLE:
        raise NotPrintable(status=written.status.value)
    clinic = organisation.clinic(session, written.clinic_id)
    doctor = staff.doctor(session, written.doctor_id)
    patient = patients.patient(session, written.patient_id)
    taken = clinical.vitals(session, visit_id=written.visit_id, actor=PRINTING, now=now)
    again = printed_before(session, DocumentKind.PRESCRIPTION, "prescriptions", written.id)
    pdf = prescription_pdf(
        data.Prescription(
            letterhead=letterhead(session, clinic),
            number=written.number,
            issued_on=written.business_date,
            patient=person(patient, written.business_date, language),
            doctor=data.Prescriber(doctor.full_name, doctor.qualification or "", doctor.specialty, doctor.license_number),
            items=tuple(_item(item, language) for item in written.items),
            diagnoses=(written.diagnosis,) if written.diagnosis else (),
            vitals=_vitals(taken[0], language) if taken else (),
            advice=written.notes or "",
            follow_up=written.follow_up_date,
            is_reprint=again,
        ),
        language,
    )
    return Composed(DocumentKind.PRESCRIPTION, "prescriptions", written.id, written.number, pdf, again)


def _item(item: PrescriptionItemRow, language: Language) -> data.PrescribedItem:
    days = language.ngettext("{n} day", "{n} days", item.duration_days).format(n=item.duration_days)
    return data.PrescribedItem(
        medicine=medicine_title(item.medicine, item.strength),
        dose=f"{item.dose.normalize():f} {item.unit}",
        frequency=status(item.frequency, language),
        duration=days,
        quantity=f"{item.quantity} {item.stock_unit}",
        instructions=item.instructions or "",
        route="" if item.route is Route.ORAL else status(item.route, language),
    )


def _vitals(taken: VitalsRow, language: Language) -> tuple[tuple[str, str], ...]:
    """The measured ones, worded, in the order in which doctors say them."""
    pressure = f"{taken.systolic}/{taken.diastolic}" if taken.systolic and taken.diastolic else None
    known = (
        (language.gettext("BP"), pressure, "mmHg"),
        (language.gettext("Pulse"), taken.pulse, "/min"),
        (language.gettext("Temp."), taken.temperature_c, "°C"),
        (language.gettext("SpO₂"), taken.spo2, "%"),
        (language.gettext("Weight"), taken.weight_kg, "kg"),
        (language.gettext("BMI"), taken.bmi, ""),
    )
    return tuple((name, f"{value} {unit}".strip()) for name, value, unit in known if value is not None)
