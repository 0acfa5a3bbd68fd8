"""Patients on the waiting list are told of the place that is offered to them, while it is."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select

from clinic_desktop.clinic.frontdesk.commands.offering import is_place_free
from clinic_desktop.clinic.frontdesk.events import AppointmentBooked, PlaceOffered, WaitingListChanged
from clinic_desktop.clinic.frontdesk.rules import WaitingStatus
from clinic_desktop.clinic.frontdesk.waiting_models import WaitingEntry
from clinic_desktop.clinic.messages.addressing import Recipient, consents_of, in_use, recipient_of, rules_of
from clinic_desktop.clinic.messages.commands.noticing import WAITING, is_waiting, new_message, put, told_of, visit_words, withdraw, worded
from clinic_desktop.clinic.messages.models import QueuedMessage
from clinic_desktop.clinic.messages.rules import MessageStatus, Text
from clinic_desktop.clinic.messages.rules.notices import Notice
from clinic_desktop.clinic.messages.rules.wanted import Wanted, about_visit, offer_wanted
from clinic_desktop.clinic.messages.ways import ways
from clinic_desktop.clinic.organisation.queries import clinic
from clinic_desktop.clinic.patients.events import PatientChanged
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.queries.person import person_ids
from clinic_desktop.kernel.commands import reacts, step
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.formats import datetime_text
from clinic_desktop.kernel.i18n import Language


@step
def renew_offer(tx: Tx, *, entry_id: UUID) -> None:
    """Make what waits to be sent about an offer what should wait: nothing once it has ended, or the place is somebody else's."""
    entry = tx.session.get_one(WaitingEntry, entry_id)
    by, rows = ways(tx.session), _messages_of(tx, entry)
    if not by and not rows:
        return
    patient = in_use(tx.session, tx.session.get_one(Patient, entry.patient_id))
    consents = consents_of(tx.session, {patient.id}).get(patient.id, ())
    recipient = recipient_of(tx.session, patient, clinic_id=entry.clinic_id, by=by, consents=consents)
    found = None if recipient.channel is None else _wanted(tx, entry, rows)
    text = None if found is None else _text(tx, entry, patient, recipient)
    key = "" if found is None or text is None else f"{found.notice}:{found.about}:{found.turn}"
    for row in rows:
        if (is_waiting(row, tx.now) or row.status is MessageStatus.DEAD) and row.idempotency_key != key:
            withdraw(tx, row, recipient.why or "changed")
    if found is not None and text is not None and recipient.channel is not None:
        known = next((row for row in rows if row.idempotency_key == key), None)
        row = known or new_message(tx, found, key, patient_id=entry.patient_id, appointment_id=None)
        put(tx, row, found, recipient.channel, recipient.address, text)
    tx.session.flush()


def entry_of(about: str | None) -> UUID:
    """The entry of the waiting list that a message tells of."""
    return UUID((about or "").partition("|")[0])


def _messages_of(tx: Tx, entry: WaitingEntry) -> list[QueuedMessage]:
    rows = select(QueuedMessage).where(*_offered_to(tx, entry.patient_id), QueuedMessage.about.startswith(f"{entry.id}|"))
    locked = rows.order_by(QueuedMessage.id).with_for_update().execution_options(populate_existing=True)
    return list(tx.session.scalars(locked))


def _offered_to(tx: Tx, patient_id: UUID) -> tuple[ColumnElement[bool], ...]:
    """Offers to a person, under whichever record they were made."""
    return QueuedMessage.patient_id.in_(person_ids(tx.session, patient_id)), QueuedMessage.topic == Notice.PLACE_OFFERED.value


def _offered(entry: WaitingEntry) -> tuple[UUID, datetime, datetime] | None:
    if entry.status is not WaitingStatus.OFFERED or entry.offered_doctor_id is None:
        return None
    start, until = entry.offered_start, entry.offered_until
    return None if start is None or until is None else (entry.offered_doctor_id, start, until)


def _wanted(tx: Tx, entry: WaitingEntry, rows: list[QueuedMessage]) -> Wanted | None:
    offered = _offered(entry)
    if offered is None or not is_place_free(tx.session, entry):
        return None
    doctor_id, start, until = offered
    about = f"{entry.id}|{about_visit(start, doctor_id)}"
    return offer_wanted(told_of(rows, tx.now), about, until, rules_of(tx.session, entry.clinic_id), tx.now)


def _text(tx: Tx, entry: WaitingEntry, patient: Patient, recipient: Recipient) -> Text | None:
    offered = _offered(entry)
    if offered is None:
        return None
    (doctor_id, start, until), where = offered, entry.clinic_id
    said = visit_words(tx, clinic_id=where, doctor_id=doctor_id, start=start, patient=patient, code=recipient.language)
    answer_by = datetime_text(until, Language(recipient.language), timezone=clinic(tx.session, where).timezone)
    return worded(tx, recipient, Notice.PLACE_OFFERED, {**said, "answer_by": answer_by})


@reacts(PlaceOffered)
def tell_of_offer(tx: Tx, happened: PlaceOffered) -> None:
    """Tell the patient before the place is offered to the next."""
    renew_offer(tx, entry_id=happened.entry_id)


@reacts(WaitingListChanged)
def follow_offer(tx: Tx, happened: WaitingListChanged) -> None:
    """What was taken, declined or has passed is not told any more."""
    renew_offer(tx, entry_id=happened.entry_id)


@reacts(AppointmentBooked)
def forget_offers(tx: Tx, happened: AppointmentBooked) -> None:
    """Who has a place, however it was booked, is not told that one is free."""
    _renew_waiting(tx, happened.patient_id)


@reacts(PatientChanged)
def offers_follow_patient(tx: Tx, happened: PatientChanged) -> None:
    """An offer goes to the new number, or to nobody where that is the wish."""
    _renew_waiting(tx, happened.patient_id)


def _renew_waiting(tx: Tx, patient_id: UUID) -> None:
    waiting = select(QueuedMessage.about).where(*_offered_to(tx, patient_id), QueuedMessage.status.in_(WAITING))
    for entry_id in sorted({entry_of(about) for about in tx.session.scalars(waiting)}):
        renew_offer(tx, entry_id=entry_id)
