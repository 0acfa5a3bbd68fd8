"""Waiting patients are told that it is soon their turn, so that they need not sit in the waiting room all the time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from clinic_desktop.clinic.frontdesk.models import Visit
from clinic_desktop.clinic.frontdesk.waiting_room import Ahead, ahead_of
from clinic_desktop.clinic.messages.addressing import TURN_NEAR
from clinic_desktop.clinic.messages.commands.noticing import visit_words
from clinic_desktop.clinic.messages.commands.setup import DELIVER, program_only
from clinic_desktop.clinic.messages.commands.single import renew_single
from clinic_desktop.clinic.messages.queries.turns import about_turn, near_and_untold
from clinic_desktop.clinic.messages.rules.notices import Notice
from clinic_desktop.clinic.messages.rules.wanted import Rules, Told, Wanted, turn_wanted
from clinic_desktop.clinic.organisation.queries import setting_value
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.kernel.commands import command, step
from clinic_desktop.kernel.db import Tx


@step
def renew_turn(tx: Tx, *, visit_id: UUID) -> None:
    """Make what waits to be sent about a turn what should wait: nothing once the patient was called, or others came before."""
    visit = tx.session.get_one(Visit, visit_id)
    queue = ahead_of(tx.session, clinic_id=visit.clinic_id, day=visit.business_date, doctor_id=visit.doctor_id)
    _renew(tx, visit, queue.get(visit_id))


def _renew(tx: Tx, visit: Visit, place: Ahead | None) -> None:
    within = setting_value(tx.session, TURN_NEAR, clinic_id=visit.clinic_id)
    about = about_turn(visit.id, visit.doctor_id)

    def want(told: Sequence[Told], rules: Rules) -> Wanted | None:
        of_queue = [one for one in told if one.about == about]
        return None if place is None else turn_wanted(of_queue, about, place.before, within, place.arrived_at, rules, tx.now)

    def say(found: Wanted, patient: Patient, code: str) -> Mapping[str, str]:
        said = visit_words(tx, clinic_id=visit.clinic_id, doctor_id=visit.doctor_id, start=tx.now, patient=patient, code=code)
        return {**said, "queue_number": "" if place is None else str(place.queue_number), "ahead": found.ahead}

    renew_single(tx, notice=Notice.TURN_NEAR, about_id=visit.id, clinic_id=visit.clinic_id, patient_id=visit.patient_id, want=want, say=say)


@command(DELIVER)
def plan_turns(tx: Tx, *, limit: int) -> None:
    """Let a message wait for those whose turn is near, so many at once; where another program is faster it looks again."""
    program_only(tx)
    for visit_id, place in sorted(near_and_untold(tx.session, now=tx.now).items())[:limit]:
        _renew(tx, tx.session.get_one(Visit, visit_id), place)
