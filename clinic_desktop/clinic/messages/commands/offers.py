"""Patients on the waiting list are told of the place that is offered to them, while it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from clinic_desktop.clinic.frontdesk.commands.offering import is_place_free
from clinic_desktop.clinic.frontdesk.events import PlaceOffered, WaitingListChanged
from clinic_desktop.clinic.frontdesk.rules import WaitingStatus
from clinic_desktop.clinic.frontdesk.waiting_models import WaitingEntry
from clinic_desktop.clinic.messages.commands.noticing import visit_words
from clinic_desktop.clinic.messages.commands.single import renew_single
from clinic_desktop.clinic.messages.rules.notices import Notice
from clinic_desktop.clinic.messages.rules.wanted import Rules, Told, Wanted, about_visit, offer_wanted
from clinic_desktop.clinic.organisation.queries import clinic
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.kernel.commands import reacts, step
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.formats import datetime_text
from clinic_desktop.kernel.i18n import Language


@step
def renew_offer(tx: Tx, *, entry_id: UUID) -> None:
    """Make what waits to be sent about an offer what should wait: nothing once it has ended, or the place is somebody else's."""
    entry = tx.session.get_one(WaitingEntry, entry_id)
    offered = _offered(entry)

    def want(told: Sequence[Told], rules: Rules) -> Wanted | None:
        if offered is None or not is_place_free(tx.session, entry):
            return None
        doctor_id, start, until = offered
        return offer_wanted(told, f"{entry.id}|{about_visit(start, doctor_id)}", until, rules, tx.now)

    def say(_wanted: Wanted, patient: Patient, code: str) -> Mapping[str, str]:
        if offered is None:
            return {}
        (doctor_id, start, until), where = offered, entry.clinic_id
        said = visit_words(tx, clinic_id=where, doctor_id=doctor_id, start=start, patient=patient, code=code)
        return {**said, "answer_by": datetime_text(until, Language(code), timezone=clinic(tx.session, where).timezone)}

    renew_single(
        tx, notice=Notice.PLACE_OFFERED, about_id=entry.id, clinic_id=entry.clinic_id, patient_id=entry.patient_id, want=want, say=say
    )


def _offered(entry: WaitingEntry) -> tuple[UUID, datetime, datetime] | None:
    if entry.status is not WaitingStatus.OFFERED or entry.offered_doctor_id is None:
        return None
    start, until = entry.offered_start, entry.offered_until
    return None if start is None or until is None else (entry.offered_doctor_id, start, until)


@reacts(PlaceOffered)
def tell_of_offer(tx: Tx, happened: PlaceOffered) -> None:
    """Tell the patient before the place is offered to the next."""
    renew_offer(tx, entry_id=happened.entry_id)


@reacts(WaitingListChanged)
def follow_offer(tx: Tx, happened: WaitingListChanged) -> None:
    """What was taken, declined or has passed is not told any more."""
    renew_offer(tx, entry_id=happened.entry_id)
