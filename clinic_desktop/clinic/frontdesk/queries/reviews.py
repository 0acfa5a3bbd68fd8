"""What patients said, for those who may read it; whoever wished to be anonymous is named to nobody."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.access.models import User
from clinic_desktop.clinic.frontdesk.models import DoctorRating, Review, Visit
from clinic_desktop.clinic.frontdesk.reviewing import READ_ALL, READ_OWN
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.queries.whose import of_survivors
from clinic_desktop.clinic.staff.models import Doctor
from clinic_desktop.kernel.errors import PermissionDenied
from clinic_desktop.kernel.security import Actor


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One review; name, number and record are None where the patient wished it, and where only the doctor reads."""

    id: UUID
    day: date
    doctor_id: UUID
    doctor_name: str
    rating: int
    comment: str | None
    is_anonymous: bool
    patient_id: UUID | None
    patient_name: str | None
    patient_number: str | None


@dataclass(frozen=True, slots=True)
class RatingRow:
    """What a doctor's reviews add up to, over all clinics."""

    doctor_id: UUID
    doctor_name: str
    total_reviews: int
    average: Decimal


def reviews(
    session: Session, *, actor: Actor, doctor_id: UUID | None = None, ratings: Collection[int] = (), limit: int = 500
) -> list[ReviewRow]:
    """Reviews, the latest first: of every doctor, or to a doctor the own ones; raises PermissionDenied."""
    wanted: Select[*tuple[Any, ...]] = (
        select(
            Review.id,
            Visit.business_date,
            Review.doctor_id,
            User.full_name,
            Review.rating,
            Review.comment,
            Review.is_anonymous,
            Patient.id,
            Patient.full_name,
            Patient.patient_number,
            Patient.merged_into_id,
        )
        .join(Visit, Visit.id == Review.visit_id)
        .join(Doctor, Doctor.id == Review.doctor_id)
        .join(User, User.id == Doctor.user_id)
        .outerjoin(Patient, (Patient.id == Review.patient_id) & Review.is_anonymous.is_(False))
        .order_by(Review.id.desc())
        .limit(limit)
    )
    if not actor.may(READ_ALL):
        wanted = wanted.where(Doctor.user_id == _self(actor))
    if doctor_id is not None:
        wanted = wanted.where(Review.doctor_id == doctor_id)
    if ratings:
        wanted = wanted.where(Review.rating.in_(sorted(ratings)))
    return of_survivors(session, [(ReviewRow(*values), into) for *values, into in session.execute(wanted)])


def _self(actor: Actor) -> UUID:
    if not actor.may(READ_OWN) or actor.user_id is None:
        raise PermissionDenied(permission=READ_OWN.code, command="reviews")
    return actor.user_id


def doctor_ratings(session: Session, *, actor: Actor) -> list[RatingRow]:
    """What the reviews of each doctor add up to, the best known first: all, or to a doctor the own; raises PermissionDenied."""
    total = func.sum(DoctorRating.total_reviews)
    wanted = (
        select(DoctorRating.doctor_id, User.full_name, total, func.sum(DoctorRating.rating_sum))
        .join(Doctor, Doctor.id == DoctorRating.doctor_id)
        .join(User, User.id == Doctor.user_id)
        .group_by(DoctorRating.doctor_id, User.full_name)
        .having(total > 0)
        .order_by(total.desc(), User.full_name)
    )
    if not actor.may(READ_ALL):
        wanted = wanted.where(Doctor.user_id == _self(actor))
    found = session.execute(wanted)
    return [RatingRow(key, name, int(count), round(Decimal(int(stars)) / int(count), 2)) for key, name, count, stars in found]
