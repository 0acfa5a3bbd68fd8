"""Whom a doctor wishes to see again, and who has not booked, is told some days before.

All that is needed to ask again is in the message itself: at most desks nobody may read what the doctor wrote.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.clinical.events import ConsultationSigned
from clinic_desktop.clinic.clinical.models import Consultation
from clinic_desktop.clinic.frontdesk.models import Appointment, Visit
from clinic_desktop.clinic.frontdesk.rules import AppointmentKind, VisitStatus
from clinic_desktop.clinic.messages.commands.noticing import visit_words
from clinic_desktop.clinic.messages.commands.single import renew_single
from clinic_desktop.clinic.messages.rules.notices import Notice
from clinic_desktop.clinic.messages.rules.wanted import Rules, Told, Wanted, follow_up_wanted
from clinic_desktop.clinic.organisation.queries import clinic_place
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.queries.person import person_ids
from clinic_desktop.kernel.clock import day_bounds, local_instant
from clinic_desktop.kernel.commands import reacts, step
from clinic_desktop.kernel.db import Tx

_GONE = (VisitStatus.CANCELLED, VisitStatus.LEFT)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A doctor's wish to see a patient again, as a message keeps it."""

    consultation_id: UUID
    clinic_id: UUID
    doctor_id: UUID
    seen: date
    due: date

    @property
    def about(self) -> str:
        """What a message tells of."""
        return "|".join(str(part) for part in (self.consultation_id, self.clinic_id, self.doctor_id, self.seen, self.due))


def follow_up_of(about: str | None) -> FollowUp:
    """The wish that a message tells of."""
    consultation_id, clinic_id, doctor_id, seen, due = (about or "").split("|")
    return FollowUp(UUID(consultation_id), UUID(clinic_id), UUID(doctor_id), date.fromisoformat(seen), date.fromisoformat(due))


@step
def renew_follow_up(tx: Tx, *, patient_id: UUID, about: str) -> None:
    """Make what waits to be sent about a follow-up what should wait: nothing once the patient has booked, or came."""
    wish = follow_up_of(about)

    def want(told: Sequence[Told], rules: Rules) -> Wanted | None:
        if _is_overtaken(tx, wish, patient_id):
            return None
        # Who was here on a day was told of everything that is due before it ends.
        _begun, left = day_bounds(wish.seen, rules.quiet.timezone)
        return follow_up_wanted(told, about, wish.due, left, rules, tx.now)

    def say(_wanted: Wanted, patient: Patient, code: str) -> Mapping[str, str]:
        at_noon = local_instant(wish.due, time(12), clinic_place(tx.session, wish.clinic_id).timezone)
        return visit_words(tx, clinic_id=wish.clinic_id, doctor_id=wish.doctor_id, start=at_noon, patient=patient, code=code)

    renew_single(
        tx,
        notice=Notice.FOLLOW_UP_DUE,
        about_id=wish.consultation_id,
        clinic_id=wish.clinic_id,
        patient_id=patient_id,
        want=want,
        say=say,
    )


def _is_overtaken(tx: Tx, wish: FollowUp, patient_id: UUID) -> bool:
    """Whether the patient comes, or came, to this doctor after that day; or is booked for a follow-up with another one."""
    later = (
        select(Visit.doctor_id, Appointment.type)
        .outerjoin(Appointment, Appointment.id == Visit.appointment_id)
        .where(Visit.patient_id.in_(person_ids(tx.session, patient_id)), Visit.business_date > wish.seen, Visit.status.not_in(_GONE))
    )
    return any(doctor == wish.doctor_id or kind is AppointmentKind.FOLLOW_UP for doctor, kind in tx.session.execute(later))


@step
def plan_signed(tx: Tx, *, consultation_id: UUID) -> None:
    """Remember to tell the patient, should nothing be booked by then."""
    note = tx.session.get_one(Consultation, consultation_id)
    if note.follow_up_date is not None:
        wish = FollowUp(note.id, note.clinic_id, note.doctor_id, note.business_date, note.follow_up_date)
        renew_follow_up(tx, patient_id=note.patient_id, about=wish.about)


@reacts(ConsultationSigned)
def plan_follow_up(tx: Tx, happened: ConsultationSigned) -> None:
    """A doctor signed, and perhaps wishes to see the patient again."""
    plan_signed(tx, consultation_id=happened.consultation_id)
