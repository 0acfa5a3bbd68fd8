"""What patients say about their visits, and what it adds up to."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.access.commands import KIOSK_SERVE
from clinic_desktop.clinic.frontdesk.commands.flow import locked_case
from clinic_desktop.clinic.frontdesk.commands.kiosk import kiosk_place
from clinic_desktop.clinic.frontdesk.events import VisitRated
from clinic_desktop.clinic.frontdesk.models import DoctorRating, Review, Visit
from clinic_desktop.clinic.frontdesk.rules import AlreadyRated, KioskRefused, NotYetSeen
from clinic_desktop.clinic.organisation.queries import clinic_today
from clinic_desktop.kernel.commands import command, step
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.ids import id_of
from clinic_desktop.kernel.text import optional_text, whole_number

LONGEST_COMMENT = 500


@dataclass(frozen=True, slots=True)
class RatedRow:
    """What a doctor's reviews at one clinic add up to now."""

    doctor_id: UUID
    total_reviews: int
    rating_sum: int


@command(KIOSK_SERVE, idempotent=True)
def rate_visit(tx: Tx, *, key: UUID, visit_id: UUID, rating: int, comment: str | None = None, is_anonymous: bool = False) -> RatedRow:
    """Rate today's visit from 1 to 5, once; raises AlreadyRated, NotYetSeen or KioskRefused."""
    place = kiosk_place(tx)
    stars = whole_number(rating, "rating", 1, 5)
    said = optional_text(comment, "comment", limit=LONGEST_COMMENT)
    visit = locked_case(tx, visit_id=visit_id).visit
    if visit.clinic_id != place.clinic_id or visit.business_date != clinic_today(tx.session, place.clinic_id, tx.now):
        raise KioskRefused(reason="other_visit")
    if visit.end_time is None:
        raise NotYetSeen
    if tx.session.scalar(select(Review.id).where(Review.visit_id == visit_id)) is not None:
        raise AlreadyRated
    tx.add(
        Review(
            visit_id=visit_id,
            appointment_id=visit.appointment_id,
            patient_id=visit.patient_id,
            doctor_id=visit.doctor_id,
            rating=stars,
            comment=said,
            is_anonymous=is_anonymous,
        )
    )
    tx.emit(VisitRated(visit_id, visit.clinic_id, visit.doctor_id, stars))
    return _count(tx, visit=visit, stars=stars)


@step
def _count(tx: Tx, *, visit: Visit, stars: int) -> RatedRow:
    """Add a rating to the doctor's; the row's lock keeps two kiosks from adding to the same sum."""
    wanted = select(DoctorRating).where(DoctorRating.clinic_id == visit.clinic_id, DoctorRating.doctor_id == visit.doctor_id)
    known = tx.session.scalar(wanted.with_for_update().execution_options(populate_existing=True))
    if known is None:
        known = DoctorRating(
            id=id_of("doctor_ratings", visit.clinic_id, visit.doctor_id),
            clinic_id=visit.clinic_id,
            doctor_id=visit.doctor_id,
            total_reviews=0,
            rating_sum=0,
        )
        tx.add(known)
    known.total_reviews, known.rating_sum = known.total_reviews + 1, known.rating_sum + stars
    return RatedRow(visit.doctor_id, known.total_reviews, known.rating_sum)
