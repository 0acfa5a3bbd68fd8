"""What was done away from the server is told by the server, once: a copy of its data sends nothing, and plans nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Select, select

from clinic_desktop.clinic.clinical.models import Consultation
from clinic_desktop.clinic.clinical.rules.states import ConsultationStatus
from clinic_desktop.clinic.frontdesk.models import Appointment
from clinic_desktop.clinic.frontdesk.rules import WaitingStatus
from clinic_desktop.clinic.frontdesk.waiting_models import WaitingEntry
from clinic_desktop.clinic.messages.commands.follow_ups import plan_signed
from clinic_desktop.clinic.messages.commands.noticing import renew_notices
from clinic_desktop.clinic.messages.commands.offers import renew_offer
from clinic_desktop.clinic.messages.ways import ways
from clinic_desktop.clinic.organisation.queries import clinic_today, is_elsewhere
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.mending import Task, mends

Found = Select[UUID, UUID]


@mends("appointments", of=("status", "start_time", "doctor_id"))
def tell_of_what_came(tx: Tx, ids: frozenset[UUID]) -> Iterable[Task]:
    """Appointments that were booked, moved or cancelled on a copy."""
    ahead = select(Appointment.id, Appointment.clinic_id).where(Appointment.id.in_(ids), Appointment.start_time > tx.now)
    for appointment_id in _ours(tx, ahead):
        renew_notices(tx, appointment_id=appointment_id, is_news=True)
    return ()


@mends("waiting_list", of=("status", "offered_start", "offered_doctor_id"))
def tell_of_offers_that_came(tx: Tx, ids: frozenset[UUID]) -> Iterable[Task]:
    """Places that were offered there."""
    offered = (WaitingEntry.id.in_(ids), WaitingEntry.status == WaitingStatus.OFFERED)
    for entry_id in _ours(tx, select(WaitingEntry.id, WaitingEntry.clinic_id).where(*offered)):
        renew_offer(tx, entry_id=entry_id)
    return ()


@mends("consultations", of=("status",))
def tell_of_follow_ups_that_came(tx: Tx, ids: frozenset[UUID]) -> Iterable[Task]:
    """Whom a doctor wished to see again there."""
    is_signed = Consultation.status == ConsultationStatus.SIGNED
    ahead = Consultation.follow_up_date >= tx.now.date() - timedelta(days=1)  # wherever the clinic is; it is asked for its own day below
    for consultation_id in _ours(tx, select(Consultation.id, Consultation.clinic_id).where(Consultation.id.in_(ids), is_signed, ahead)):
        note = tx.session.get_one(Consultation, consultation_id)
        if note.follow_up_date is not None and note.follow_up_date > clinic_today(tx.session, note.clinic_id, tx.now):
            plan_signed(tx, consultation_id=consultation_id)
    return ()


def _ours(tx: Tx, wanted: Found) -> list[UUID]:
    """What of it this database tells of: where it can send, of its own site's clinics; central has the rows of all."""
    found = sorted((key, clinic_id) for key, clinic_id in tx.session.execute(wanted)) if ways(tx.session) else []
    here = {clinic_id for clinic_id in {clinic_id for _key, clinic_id in found} if not is_elsewhere(tx.session, clinic_id)}
    return [key for key, clinic_id in found if clinic_id in here]
