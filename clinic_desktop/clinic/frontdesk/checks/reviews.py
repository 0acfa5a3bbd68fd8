"""Reviews: what is counted for each doctor is what patients said (F42)."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.frontdesk.models import DoctorRating, Review, Visit
from clinic_desktop.clinic.organisation.models import Clinic
from clinic_desktop.kernel.archived import removed_days
from clinic_desktop.kernel.checks import Finding, check, finding, lies, looked_at


@check("Q1 doctors' ratings")
def doctors_ratings(session: Session) -> Finding:
    """The sums of each doctor and clinic are those of the reviews; more than those only where old reviews were archived."""
    said = {
        (row.clinic_id, row.doctor_id): (row.reviews, int(row.stars))
        for row in session.execute(
            select(Visit.clinic_id, Review.doctor_id, func.count().label("reviews"), func.sum(Review.rating).label("stars"))
            .join(Visit, Visit.id == Review.visit_id)
            .group_by(Visit.clinic_id, Review.doctor_id)
        )
    }
    wanted = select(DoctorRating.clinic_id, DoctorRating.doctor_id, DoctorRating.total_reviews, DoctorRating.rating_sum)
    kept = {(row.clinic_id, row.doctor_id): (row.total_reviews, row.rating_sum) for row in session.execute(wanted)}
    archived = {clinic_id for clinic_id, _day in removed_days(session, Visit.__tablename__)}
    codes = {row.id: row.code for row in session.execute(select(Clinic.id, Clinic.code))}
    failures = []
    for key in sorted(said.keys() | kept.keys()):
        there, counted = said.get(key, (0, 0)), kept.get(key, (0, 0))
        is_less = any(one < other for one, other in zip(counted, there, strict=True))
        if is_less or (counted != there and key[0] not in archived):
            told = f"doctor {key[1]} at {codes.get(key[0])}: {counted[0]} reviews with {counted[1]} stars are counted"
            failures.append(f"{told}, there are {there[0]} with {there[1]}")
    return Finding(looked_at(session, Review), tuple(failures))


@check("Q2 reviews and visits")
def reviews_and_visits(session: Session) -> Finding:
    """A review is of a visit that ended, by its patient, of its doctor."""
    joined = select(Visit.business_date.label("day"), Review.rating).join(Visit, Visit.id == Review.visit_id)
    other = joined.where((Visit.patient_id != Review.patient_id) | (Visit.doctor_id != Review.doctor_id))
    return finding(
        looked_at(session, Review),
        lies(session, other, "a review with {rating} stars of {day} is not of its visit's patient or doctor"),
        lies(session, joined.where(Visit.end_time.is_(None)), "a visit of {day} has {rating} stars and has not ended"),
    )
