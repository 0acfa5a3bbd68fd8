"""Asking again whether what waits to be said is still so, whatever it is about."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.frontdesk.events import AppointmentBooked, AppointmentCancelled, PatientMissed
from clinic_desktop.clinic.messages.commands.follow_ups import renew_follow_up
from clinic_desktop.clinic.messages.commands.noticing import WAITING, renew_notices
from clinic_desktop.clinic.messages.commands.offers import renew_offer
from clinic_desktop.clinic.messages.commands.turns import renew_turn
from clinic_desktop.clinic.messages.models import QueuedMessage
from clinic_desktop.clinic.messages.rules import MessageStatus
from clinic_desktop.clinic.messages.rules.notices import Notice
from clinic_desktop.clinic.messages.ways import ways
from clinic_desktop.clinic.patients.events import PatientChanged
from clinic_desktop.clinic.patients.queries.person import person_ids
from clinic_desktop.kernel.commands import reacts, step
from clinic_desktop.kernel.db import Tx

_LATER = (Notice.PLACE_OFFERED, Notice.FOLLOW_UP_DUE)
"""What a booking overtakes."""


@step
def renew(tx: Tx, *, message_id: UUID, is_news: bool = False) -> None:
    """Make a message what it should be now, with all others about the same thing; one to a user of the program stays as it is."""
    row = tx.session.get_one(QueuedMessage, message_id)
    if row.appointment_id is not None:
        renew_notices(tx, appointment_id=row.appointment_id, is_news=is_news)
    elif row.patient_id is not None and row.about is not None:
        _renew_single(tx, row.topic, row.about, row.patient_id)


def _renew_single(tx: Tx, topic: str, about: str, patient_id: UUID) -> None:
    if topic == Notice.FOLLOW_UP_DUE:
        renew_follow_up(tx, patient_id=patient_id, about=about)
        return
    about_id = UUID(about.partition("|")[0])
    if topic == Notice.PLACE_OFFERED:
        renew_offer(tx, entry_id=about_id)
    else:
        renew_turn(tx, visit_id=about_id)


@reacts(AppointmentBooked)
def forget_what_is_booked(tx: Tx, happened: AppointmentBooked) -> None:
    """Who has a place, however it was booked, is not told that one is free, or that one should be booked."""
    _renew_all(tx, happened.patient_id, _LATER, WAITING)


@reacts(AppointmentCancelled)
def remind_again(tx: Tx, happened: AppointmentCancelled) -> None:
    """Who gave the follow-up up is told when it is due."""
    _renew_all(tx, happened.patient_id, (Notice.FOLLOW_UP_DUE,), (*WAITING, MessageStatus.WITHDRAWN))


@reacts(PatientMissed)
def remind_who_did_not_come(tx: Tx, happened: PatientMissed) -> None:
    """The same of who did not come."""
    _renew_all(tx, happened.patient_id, (Notice.FOLLOW_UP_DUE,), (*WAITING, MessageStatus.WITHDRAWN))


@reacts(PatientChanged)
def all_follows_patient(tx: Tx, happened: PatientChanged) -> None:
    """What waits goes to the new number, or to nobody where that is the wish."""
    _renew_all(tx, happened.patient_id, (*_LATER, Notice.TURN_NEAR), WAITING)


def _renew_all(tx: Tx, patient_id: UUID, notices: Collection[Notice], statuses: Collection[MessageStatus]) -> None:
    if not ways(tx.session):
        return  # what waits is asked about again when there is a way to send it
    kind = QueuedMessage
    of_person = (kind.patient_id.in_(person_ids(tx.session, patient_id)), kind.topic.in_([one.value for one in notices]))
    open_ones = select(kind.topic, kind.about).where(*of_person, kind.status.in_(statuses), kind.not_after > tx.now)
    for topic, about in sorted({(topic, about) for topic, about in tx.session.execute(open_ones) if about is not None}):
        _renew_single(tx, topic, about, patient_id)
