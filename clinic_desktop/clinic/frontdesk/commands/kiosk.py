"""What patients do at a kiosk by themselves: say who they are, say that they are here, take a number.

Every command refuses where it does not run at an active workstation of kind KIOSK of the actor's clinic.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.access.commands import KIOSK_SERVE
from clinic_desktop.clinic.frontdesk.commands.arrival import ArrivalRow, admit, receive
from clinic_desktop.clinic.frontdesk.commands.flow import locked_case
from clinic_desktop.clinic.frontdesk.kiosk import EARLY_MINUTES, LATE_MINUTES, WALK_INS, still_sees_today, walk_in_service
from clinic_desktop.clinic.frontdesk.models import KioskTry, QueueEntry
from clinic_desktop.clinic.frontdesk.rules import (
    MOST_MISSES,
    Coming,
    KioskRefused,
    QueueState,
    VisitStatus,
    born_in,
    coming,
    greeting_name,
    is_forgotten,
    wait_after,
)
from clinic_desktop.clinic.organisation.models import Workstation
from clinic_desktop.clinic.organisation.queries import clinic_today, setting_value
from clinic_desktop.clinic.organisation.rules import WorkstationKind
from clinic_desktop.clinic.patients.cards import MARK
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.queries import checked_card
from clinic_desktop.clinic.patients.queries.person import survivor_id
from clinic_desktop.clinic.patients.rules import CardRefused, PatientStatus, phone_digits, phone_tail
from clinic_desktop.kernel.commands import command, step
from clinic_desktop.kernel.db import Tx

_FEWEST_DIGITS = 7
_GREATEST_TICKET = 999_999
"""No clinic has so many a day; a longer number fits no column."""


@dataclass(frozen=True, slots=True)
class GuestRow:
    """Somebody whom the kiosk may mean: never more than this is shown."""

    patient_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Recognised:
    """Who it may be: nobody, one, or several of one family; or how long the kiosk waits before it looks again."""

    guests: tuple[GuestRow, ...] = ()
    left: int = MOST_MISSES
    """Attempts that are left before the kiosk waits."""
    wait_seconds: int = 0
    refused: str | None = None
    """Why a card is not taken: as CardRefused says it."""


@command(KIOSK_SERVE)
def recognise(
    tx: Tx, *, card: str | None = None, phone: str | None = None, ticket: int | None = None, birth_year: int | None = None
) -> Recognised:
    """Whose card this is, or who gave this phone (or has this number today) and was born in that year; misses are counted."""
    place = kiosk_place(tx)
    tried = tx.session.get(KioskTry, place.id, with_for_update=True)
    if tried is not None and is_forgotten(tried.missed_at, tx.now):
        tried.misses = 0
    wait = timedelta() if tried is None else wait_after(tried.misses, tried.missed_at, tx.now)
    if wait:
        return Recognised(left=0, wait_seconds=ceil(wait.total_seconds()))
    refused, found = None, []
    try:
        found = _by_card(tx, place, card) if card is not None else _by_number(tx, place, phone, ticket, birth_year)
    except CardRefused as error:
        refused = str(error.params.get("reason"))
    if found:
        if tried is not None:
            tried.misses = 0
        return Recognised(tuple(GuestRow(one.id, greeting_name(one.first_name, one.last_name)) for one in found))
    return _missed(tx, place, tried, refused)


def _missed(tx: Tx, place: Workstation, tried: KioskTry | None, refused: str | None) -> Recognised:
    if tried is None:
        tried = KioskTry(workstation_id=place.id, misses=0, missed_at=tx.now)
        tx.add(tried)
    tried.misses, tried.missed_at = tried.misses + 1, tx.now
    wait = wait_after(tried.misses, tx.now, tx.now)
    if wait:
        tx.note("kiosk_waits", "workstations", place.id, misses=tried.misses)
    return Recognised((), max(0, MOST_MISSES - tried.misses), ceil(wait.total_seconds()), refused)


def _by_card(tx: Tx, place: Workstation, code: str) -> list[Patient]:
    # Only what is signed: a patient's number can be made up, and typed like a scanner.
    if not code.startswith(f"{MARK}."):
        raise CardRefused(reason="not_a_card")
    found = checked_card(tx.session, code, today=clinic_today(tx.session, place.clinic_id, tx.now))
    return [] if found is None else [tx.session.get_one(Patient, found.patient.id)]


def _by_number(tx: Tx, place: Workstation, phone: str | None, ticket: int | None, birth_year: int | None) -> list[Patient]:
    wanted = select(Patient).where(Patient.status == PatientStatus.ACTIVE)
    if birth_year is None or (phone is None) == (ticket is None) or not 0 <= (ticket or 0) <= _GREATEST_TICKET:
        return []
    if phone is not None:
        if len(phone_digits(phone)) < _FEWEST_DIGITS:
            return []
        wanted = wanted.where(Patient.phone_tail == phone_tail(phone)).limit(20)
    else:
        of_ticket = select(QueueEntry.patient_id).where(
            QueueEntry.clinic_id == place.clinic_id,
            QueueEntry.business_date == clinic_today(tx.session, place.clinic_id, tx.now),
            QueueEntry.queue_number == ticket,
            QueueEntry.state != QueueState.VOID,
        )
        # The number may be of a record that was merged into another since: it is the survivor's, who stands here.
        wanted = wanted.where(Patient.id.in_([survivor_id(tx.session, one) for one in tx.session.scalars(of_ticket)]))
    near = [one for one in tx.session.scalars(wanted) if born_in(one.date_of_birth, birth_year, is_estimated=one.dob_is_estimated)]
    return sorted(near, key=lambda one: (one.first_name, one.patient_number))


@step
def kiosk_place(tx: Tx) -> Workstation:
    """The kiosk at which this runs; raises KioskRefused anywhere else."""
    place = tx.session.get(Workstation, tx.actor.workstation_id) if tx.actor.workstation_id is not None else None
    if place is None or not place.is_active or place.kind is not WorkstationKind.KIOSK or place.clinic_id != tx.actor.clinic_id:
        raise KioskRefused(reason="no_kiosk")
    return place


@command(KIOSK_SERVE)
def arrive_at_kiosk(tx: Tx, *, visit_id: UUID) -> ArrivalRow:
    """The patient says "I am here" about an appointment of today, in the minutes around it that the clinic allows."""
    place = kiosk_place(tx)
    case = locked_case(tx, visit_id=visit_id)
    visit = case.visit
    if visit.clinic_id != place.clinic_id:
        raise KioskRefused(reason="other_visit")
    if visit.status is VisitStatus.SCHEDULED and visit.business_date == clinic_today(tx.session, place.clinic_id, tx.now):
        early, late = (setting_value(tx.session, one, clinic_id=place.clinic_id) for one in (EARLY_MINUTES, LATE_MINUTES))
        when = coming(visit.status, visit.planned_at, tx.now, early=early, late=late)
        if when is not Coming.HERE:
            raise KioskRefused(reason=when.value.lower())
    return receive(tx, case=case)


@command(KIOSK_SERVE, idempotent=True)
def take_number_at_kiosk(tx: Tx, *, key: UUID, patient_id: UUID, doctor_id: UUID) -> ArrivalRow:
    """A number for somebody without appointment, where the clinic lets a kiosk give one."""
    place = kiosk_place(tx)
    service_id = walk_in_service(tx.session)
    if not setting_value(tx.session, WALK_INS, clinic_id=place.clinic_id) or service_id is None:
        raise KioskRefused(reason="walk_in")
    today = clinic_today(tx.session, place.clinic_id, tx.now)
    if not still_sees_today(tx.session, doctor_id, clinic_id=place.clinic_id, day=today, now=tx.now):
        raise KioskRefused(reason="not_in")
    return admit(tx, clinic_id=place.clinic_id, doctor_id=doctor_id, patient_id=patient_id, service_id=service_id)


@command(KIOSK_SERVE)
def note_ticket_printed(tx: Tx, *, visit_id: UUID, number: str) -> None:
    """Note that the kiosk printed a ticket; a later one is marked as a copy."""
    kiosk_place(tx)
    tx.note("printed", "visits", visit_id, kind="queue_token", number=number, way="printer")
