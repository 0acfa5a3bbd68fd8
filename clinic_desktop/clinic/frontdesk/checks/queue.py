"""The queue: numbers whole per clinic and day, one open entry per patient, entries in step with their visits (T3)."""

from __future__ import annotations

from sqlalchemy import Text, and_, cast, func, or_, select, tuple_
from sqlalchemy.orm import Session

from clinic_desktop.clinic.frontdesk.commands.flow import QUEUE_NUMBER
from clinic_desktop.clinic.frontdesk.models import QueueEntry, Visit
from clinic_desktop.clinic.frontdesk.rules import STANDS_IN_QUEUE, QueueState, VisitStatus, queue_state_of
from clinic_desktop.clinic.organisation.models import Clinic, IdSequence
from clinic_desktop.clinic.organisation.rules import COUNTS_OF_A_SERIES, period_of
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.kernel.archived import removed_days
from clinic_desktop.kernel.checks import Finding, check, finding, lies, looked_at
from clinic_desktop.kernel.sharing import series_index

_ENTRY = (QueueEntry.business_date.label("day"), QueueEntry.queue_number.label("number"))


@check("N1 queue numbers")
def queue_numbers(session: Session) -> Finding:
    """The numbers of a clinic, day and series run from its first to the last one given, each once; void ones stay."""
    series = (QueueEntry.queue_number - 1) // COUNTS_OF_A_SERIES
    days = session.execute(
        select(
            QueueEntry.clinic_id,
            QueueEntry.business_date,
            series.label("series"),
            func.count().label("entries"),
            func.count(QueueEntry.queue_number.distinct()).label("numbers"),
            func.min(QueueEntry.queue_number).label("first"),
            func.max(QueueEntry.queue_number).label("last"),
        ).group_by(QueueEntry.clinic_id, QueueEntry.business_date, series)
    ).all()
    counters = select(IdSequence.clinic_id, IdSequence.year, IdSequence.series, IdSequence.next_number)
    counted = session.execute(counters.where(IdSequence.kind == QUEUE_NUMBER.code))
    given = {(row.clinic_id, row.year, series_index(row.series)): row.next_number - 1 for row in counted}
    codes = {row.id: row.code for row in session.execute(select(Clinic.id, Clinic.code))}
    failures, rows = [], 0
    archived = removed_days(session, QueueEntry.__tablename__)
    gone = {(clinic_id, period_of(QUEUE_NUMBER.reset, day)) for clinic_id, day in archived}
    given = {key: count for key, count in given.items() if key[:2] not in gone}
    for day in days:
        rows += day.entries
        if (day.clinic_id, day.business_date) in archived:
            continue
        last_given = given.pop((day.clinic_id, period_of(QUEUE_NUMBER.reset, day.business_date), day.series), 0)
        before = day.series * COUNTS_OF_A_SERIES
        if not day.entries == day.numbers == day.last - before == last_given or day.first - before != 1:
            failures.append(
                f"queue of {codes.get(day.clinic_id)} on {day.business_date}: {day.entries} entries with {day.numbers} numbers"
                f" from {day.first} to {day.last}, {last_given} were given out"
            )
    failures += [f"queue of {codes.get(key[0])} on {key[1]}: {count} numbers given out, no entry" for key, count in given.items() if count]
    return Finding(rows, tuple(failures))


@check("T3 open queue entries")
def open_entries(session: Session) -> Finding:
    """A patient stands once in a doctor's queue, and a visit has one number that counts."""
    same_queue = (QueueEntry.clinic_id, QueueEntry.business_date, QueueEntry.doctor_id, QueueEntry.patient_id)
    twice = (
        select(Patient.patient_number, QueueEntry.business_date.label("day"), func.count().label("entries"))
        .join(QueueEntry, QueueEntry.patient_id == Patient.id)
        .where(QueueEntry.state == QueueState.OPEN)
        .group_by(*same_queue, Patient.patient_number)
        .having(func.count() > 1)
    )
    of_visit = (
        select(Patient.patient_number, func.min(QueueEntry.business_date).label("day"), func.count().label("entries"))
        .join(QueueEntry, QueueEntry.patient_id == Patient.id)
        .where(QueueEntry.state != QueueState.VOID)
        .group_by(QueueEntry.visit_id, Patient.patient_number)
        .having(func.count() > 1)
    )
    return finding(
        looked_at(session, QueueEntry, QueueEntry.state == QueueState.OPEN),
        lies(session, twice, "{patient_number} stands {entries} times in one queue on {day}"),
        lies(session, of_visit, "a visit of {patient_number} on {day} has {entries} numbers"),
    )


@check("T3 queue entries and visits")
def entries_and_visits(session: Session) -> Finding:
    """A number that counts is in the state of its visit, on its day, for its patient and doctor."""
    apart = [(state.value, visit.value) for state in QueueState for visit in VisitStatus if queue_state_of(visit) is not state]
    counts = QueueEntry.state != QueueState.VOID
    pair = tuple_(cast(QueueEntry.state, Text), cast(Visit.status, Text))
    other = or_(*(getattr(QueueEntry, name) != getattr(Visit, name) for name in ("clinic_id", "business_date", "doctor_id", "patient_id")))
    never_called = and_(Visit.status == VisitStatus.CALLED, or_(QueueEntry.called_at.is_(None), QueueEntry.room.is_(None)))
    nowhere = and_(QueueEntry.service_room.is_not(None), Visit.status.not_in(STANDS_IN_QUEUE))
    joined = select(*_ENTRY, QueueEntry.state, Visit.status).join(Visit, Visit.id == QueueEntry.visit_id).where(counts)
    return finding(
        looked_at(session, QueueEntry),
        lies(session, joined.where(pair.in_(apart)), "number {number} of {day} is {state}, its visit {status}"),
        lies(session, joined.where(other), "number {number} of {day} is not of its visit's day, clinic, doctor or patient"),
        lies(session, joined.where(never_called), "number {number} of {day} is called without a room or a time"),
        lies(session, joined.where(nowhere), "number {number} of {day} waits for a room, its visit is {status}"),
    )
