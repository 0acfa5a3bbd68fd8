"""Every pair of statuses, for both machines: the table of DOMAIN.md and nothing else."""

from __future__ import annotations

from itertools import product

import pytest

from clinic_desktop.clinic.frontdesk.rules import (
    APPOINTMENT_STATES,
    VISIT_STATES,
    AppointmentStatus,
    QueueState,
    VisitStatus,
    appointment_status_of,
    queue_state_of,
    states_agree,
)
from clinic_desktop.kernel.errors import IllegalTransition

VISIT_STEPS = {
    ("SCHEDULED", "WAITING"),
    ("SCHEDULED", "CANCELLED"),
    ("WAITING", "CALLED"),
    ("WAITING", "CANCELLED"),
    ("WAITING", "LEFT"),
    ("WAITING", "SCHEDULED"),
    ("CALLED", "WAITING"),
    ("CALLED", "IN_PROGRESS"),
    ("CALLED", "LEFT"),
    ("IN_PROGRESS", "PENDING_PAYMENT"),
    ("PENDING_PAYMENT", "COMPLETED"),
    ("CANCELLED", "WAITING"),
}
APPOINTMENT_STEPS = {
    ("PENDING", "CONFIRMED"),
    ("PENDING", "CHECKED_IN"),
    ("PENDING", "CANCELLED"),
    ("PENDING", "NO_SHOW"),
    ("CONFIRMED", "CHECKED_IN"),
    ("CONFIRMED", "CANCELLED"),
    ("CONFIRMED", "NO_SHOW"),
    ("CHECKED_IN", "IN_PROGRESS"),
    ("CHECKED_IN", "CANCELLED"),
    ("CHECKED_IN", "PENDING"),
    ("CHECKED_IN", "CONFIRMED"),
    ("IN_PROGRESS", "COMPLETED"),
    ("NO_SHOW", "CHECKED_IN"),
}


@pytest.mark.parametrize(("current", "wanted"), list(product(VisitStatus, VisitStatus)))
def test_visit_steps(current: VisitStatus, wanted: VisitStatus) -> None:
    if (current.value, wanted.value) in VISIT_STEPS:
        assert VISIT_STATES.check(current, wanted) is wanted
        return
    with pytest.raises(IllegalTransition) as refused:
        VISIT_STATES.check(current, wanted)
    assert refused.value.params == {"machine": "visit", "current": current.value, "wanted": wanted.value}


@pytest.mark.parametrize(("current", "wanted"), list(product(AppointmentStatus, AppointmentStatus)))
def test_appointment_steps(current: AppointmentStatus, wanted: AppointmentStatus) -> None:
    assert APPOINTMENT_STATES.allows(current, wanted) == ((current.value, wanted.value) in APPOINTMENT_STEPS)


@pytest.mark.parametrize(("before", "after"), sorted(VISIT_STEPS))
def test_appointment_can_always_follow_its_visit(before: str, after: str) -> None:
    for current in AppointmentStatus:
        if not states_agree(current, VisitStatus(before)):
            continue
        if current is AppointmentStatus.CANCELLED:  # a cancelled visit comes back with a missed appointment only
            continue
        follows = appointment_status_of(VisitStatus(after), current)
        assert follows is current or APPOINTMENT_STATES.allows(current, follows)
        assert states_agree(follows, VisitStatus(after))


def test_a_number_is_open_only_while_the_patient_is_here() -> None:
    here = {VisitStatus.WAITING, VisitStatus.CALLED, VisitStatus.IN_PROGRESS}
    assert {status for status in VisitStatus if queue_state_of(status) is QueueState.OPEN} == here
