"""How the front desk's screens word people and visits."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from clinic_desktop import wording
from clinic_desktop.clinic.frontdesk.queries import VisitRow
from clinic_desktop.clinic.frontdesk.rules import AppointmentStatus, VisitStatus
from clinic_desktop.clinic.patients.queries import PatientRow
from clinic_desktop.clinic.patients.rules import age_text
from clinic_desktop.kernel.formats import date_text, listed, money_text, time_text
from clinic_desktop.kernel.i18n import N_, _
from clinic_desktop.kernel.money import total
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import BannerPatient

if TYPE_CHECKING:  # what is read is worded here, not the other way round
    from clinic_desktop.ui.screens.reception.reading import PatientFile

TONES = {
    VisitStatus.SCHEDULED: Tone.NEUTRAL,
    VisitStatus.WAITING: Tone.INFO,
    VisitStatus.CALLED: Tone.INFO,
    VisitStatus.IN_PROGRESS: Tone.INFO,
    VisitStatus.PENDING_PAYMENT: Tone.WARN,
    VisitStatus.COMPLETED: Tone.GOOD,
    VisitStatus.CANCELLED: Tone.NEUTRAL,
    VisitStatus.LEFT: Tone.BAD,
}


SYSTEMS = {"legacy-register": N_("Old register")}
"""Systems by which the program itself notes numbers."""


class Person(Protocol):
    """Whoever has a birth date: a patient or a line of search results."""

    @property
    def date_of_birth(self) -> date | None: ...

    @property
    def dob_is_estimated(self) -> bool: ...


def age(person: Person, today: date) -> str:
    """The age in words, nothing when it is not known."""
    if person.date_of_birth is None:
        return ""
    return age_text(person.date_of_birth, today, estimated=person.dob_is_estimated)


def banner_of(patient: PatientRow, today: date, *, same_name: bool = False) -> BannerPatient:
    """What the banner shows of a patient."""
    sex = wording.status(patient.gender)
    return BannerPatient(patient.full_name, patient.patient_number, age(patient, today), sex, patient.allergies, same_name=same_name)


def system_name(system: str) -> str:
    """What a system is called that gave a patient a number."""
    return _(SYSTEMS[system]) if system in SYSTEMS else system


def did_not_come(visit: VisitRow) -> bool:
    """Whether the appointment ended because nobody came."""
    return visit.appointment_status is AppointmentStatus.NO_SHOW


def visit_status(visit: VisitRow) -> str:
    """The status of a visit as a word; a booked one says whether the patient confirmed."""
    if did_not_come(visit):
        return wording.status(AppointmentStatus.NO_SHOW)
    if visit.status is VisitStatus.SCHEDULED and visit.appointment_status is AppointmentStatus.CONFIRMED:
        return wording.status(AppointmentStatus.CONFIRMED)
    return " · ".join(part for part in (wording.status(visit.status), visit.service_room) if part)


def visit_tone(visit: VisitRow) -> Tone:
    """The tone of that word."""
    return Tone.BAD if did_not_come(visit) else TONES[visit.status]


def waited(visit: VisitRow, now: datetime) -> int | None:
    """For how many minutes a patient has been waiting."""
    if visit.status is not VisitStatus.WAITING or visit.check_in_time is None:
        return None
    return max(int((now - visit.check_in_time).total_seconds() // 60), 0)


def minutes_text(minutes: int | None) -> str:
    """Minutes, or nothing."""
    return "" if minutes is None else _("{n} min").format(n=minutes)


def owed_text(file: PatientFile, currency: str) -> str:
    """What a patient owes, and on which bills."""
    if not file.unpaid:
        return ""
    owed = total((one.balance for one in file.unpaid), currency)
    numbers = listed(one.number or "" for one in file.unpaid)
    return _("Unpaid: {amount} ({invoices})").format(amount=money_text(owed), invoices=numbers)


def now_text(file: PatientFile, due: VisitRow | None, visit_id: UUID | None, *, today: date, timezone: str) -> str:
    """Why this patient may stand before the desk: here already, expected, or with the appointment that was scanned."""
    here = file.here(today)
    if here is not None:
        return _("Here today with token {number}: {status}, {doctor}.").format(
            number=here.queue_number, status=visit_status(here), doctor=here.doctor_name
        )
    if due is not None:
        return _("Appointment today at {time} with {doctor}: {service}.").format(
            time=time_text(due.planned_at, timezone=timezone), doctor=due.doctor_name, service=due.service_name
        )
    asked = next((one for one in [*file.upcoming, *file.past] if one.visit_id == visit_id), None)
    if asked is not None:
        return _("The scanned appointment is of {day}: {status}.").format(day=date_text(asked.business_date), status=visit_status(asked))
    return _("No appointment today.")
