"""What the queue says to two records that become one person's."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.frontdesk.models import QueueEntry
from clinic_desktop.clinic.frontdesk.rules import QueueState
from clinic_desktop.clinic.organisation.queries import clinic_today
from clinic_desktop.clinic.patients.events import PatientsMerged
from clinic_desktop.clinic.patients.queries.person import person_ids
from clinic_desktop.clinic.patients.rules import MergeRefused
from clinic_desktop.kernel.commands import reacts
from clinic_desktop.kernel.db import Tx


@reacts(PatientsMerged)
def refuse_two_tickets(tx: Tx, merged: PatientsMerged) -> None:
    """A person stands in one queue once (T3): who holds two numbers of a doctor gives one back before the records are merged."""
    people = person_ids(tx.session, merged.kept_id)
    wanted = select(QueueEntry).where(QueueEntry.patient_id.in_(people), QueueEntry.state == QueueState.OPEN)
    numbers: defaultdict[tuple[UUID, UUID], list[int]] = defaultdict(list)
    for entry in tx.session.scalars(wanted.order_by(QueueEntry.queue_number)):
        if entry.business_date == clinic_today(tx.session, entry.clinic_id, tx.now):
            numbers[entry.clinic_id, entry.doctor_id].append(entry.queue_number)
    for twice in numbers.values():
        if len(twice) > 1:
            raise MergeRefused(reason="both_waiting", numbers=", ".join(map(str, twice)))
