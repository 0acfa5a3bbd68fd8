"""Whatever a desk does to appointments, in whatever order: nobody hears anything twice, or at night, and the last that is heard is so."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from datetime import time, timedelta
from itertools import pairwise
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from clinic_desktop.clinic.frontdesk import commands as frontdesk
from clinic_desktop.clinic.frontdesk.commands import BookingRow
from clinic_desktop.clinic.frontdesk.queries import needing_new_time
from clinic_desktop.clinic.messages import commands
from clinic_desktop.clinic.messages.models import QueuedMessage
from clinic_desktop.clinic.messages.rules import Channel, MessageStatus
from clinic_desktop.clinic.staff import commands as staff
from clinic_desktop.kernel.errors import ClinicError
from tests.clinic.frontdesk.desk import TODAY, Desk, at
from tests.clinic.messages.patients import Handset
from tests.clinic.world import TIMEZONE

DAY = timedelta(days=1)
STARTS = [at(hour, minute, TODAY + day * DAY) for day in (1, 2) for hour in (9, 10, 11, 16) for minute in (0, 30)]
EARLY = ("move", "move", "cancel", "confirm", "told", "wait", "wait", "resize", "late", "sweep", "series", "series", "leave", "leave")
LATER = ("after_all", "after_all", "move", "wait", "sweep")
"""Once days pass there is less that can be done."""


def book_some(desk: Desk, chance: Random) -> list[BookingRow]:
    """Four patients with an appointment each, and one with a series of two."""
    booked = [desk.book(number, start) for number, start in enumerate(chance.sample(STARTS, 4))]
    wish = {name: value for name, value in desk.booking(5).items() if name != "start"}
    series = desk.run("receptionist", frontdesk.book_series, starts=[at(12, day=TODAY + day * DAY) for day in (1, 2)], **wish)
    return [*booked, *series.bookings]


def act_on(desk: Desk, phone: Handset, one: BookingRow, act: str, chance: Random) -> None:
    """Something that a desk does; raises ClinicError where it cannot be done by now."""
    mine = {"appointment_id": one.appointment_id}
    if act == "move":
        desk.run("receptionist", frontdesk.move, start=chance.choice(STARTS), **mine)
    elif act == "series":
        desk.run("receptionist", frontdesk.move_following, start=chance.choice(STARTS), **mine)
    elif act == "leave":
        move_after_leave(desk, chance)
    elif act == "after_all":
        desk.clock.now = max(desk.clock.now, desk.visit(one.visit_id).planned_at + timedelta(minutes=5))
        phone.deliver()
        desk.run("receptionist", frontdesk.mark_no_show, **mine)
        desk.run("receptionist", frontdesk.came_after_all, **mine)
    elif act == "cancel" and chance.random() < 0.4:
        desk.run("receptionist", frontdesk.cancel, reason="r", **mine)
    elif act == "confirm":
        desk.run("receptionist", frontdesk.confirm, **mine)
    elif act == "told" and chance.random() < 0.3:
        desk.run("receptionist", commands.mark_told, channel=Channel.PAPER, **mine)
    elif act == "resize":
        end = desk.visit(one.visit_id).planned_at + timedelta(minutes=chance.choice((15, 60)))
        desk.run("receptionist", frontdesk.resize_appointment, end=end, **mine)
    elif act == "late":
        where = {"clinic_id": desk.clinic_id, "doctor_id": desk.doctor}
        desk.run("receptionist", frontdesk.set_delay, minutes=chance.choice((0, 30)), **where)
    elif act == "sweep":
        desk.run("receptionist", frontdesk.sweep_no_shows, clinic_id=desk.clinic_id)
    elif act == "wait":
        desk.clock.advance(minutes=chance.choice((5, 45, 180, 300)))
        phone.deliver()


def move_after_leave(desk: Desk, chance: Random) -> None:
    """The doctor is away for half a day, and whom that hits is moved to the place that is proposed, or to the other doctor."""
    day = TODAY + chance.choice((1, 2)) * DAY
    leave = desk.run("doctor", staff.request_leave, doctor_id=desk.doctor, first_day=day, last_day=day, start=time(9), end=time(11))
    desk.run("admin", staff.approve_leave, leave_id=leave)
    with desk.db.read() as session:
        hit = needing_new_time(session, clinic_id=desk.clinic_id, now=desk.clock.now)
    for one in hit:
        places = [place for place in (one.same_doctor, one.other_doctor) if place is not None]
        if places:
            place = chance.choice(places)
            desk.run("receptionist", frontdesk.move, appointment_id=one.appointment_id, start=place.start, doctor_id=place.doctor_id)


@pytest.mark.parametrize("seed", [1, 3, 6])
def test_whatever_is_done_the_last_that_a_patient_heard_is_so(desk: Desk, seed: int) -> None:
    chance, phone, begun = Random(seed), Handset(desk), desk.clock.now
    booked = book_some(desk, chance)
    done: Counter[str] = Counter()
    for step in range(30):
        act = chance.choice(EARLY if step < 22 else LATER)
        with suppress(ClinicError):  # a place that was taken, a time that is past, or an appointment that is given up already
            act_on(desk, phone, booked[-2] if act == "series" else chance.choice(booked), act, chance)
            done[act] += 1
    assert {"move", "series", "leave", "after_all"} <= set(done), done  # the seeds are some in which all of it comes about
    while desk.clock.now < begun + 4 * DAY:
        desk.clock.advance(minutes=20)
        phone.deliver()
    with desk.db.read() as session:
        rows = list(session.scalars(select(QueuedMessage).order_by(QueuedMessage.sent_at, QueuedMessage.id)))
    assert [row for row in rows if row.status in (MessageStatus.QUEUED, MessageStatus.SENDING)] == []
    for when, message in phone.received:
        local = when.astimezone(ZoneInfo(TIMEZONE))
        assert 8 <= local.hour < 21, (when, message.body)
    for one in booked:
        mine = [row for row in rows if row.appointment_id == one.appointment_id and row.topic != "DOCTOR_LATE"]
        heard = [row for row in mine if row.status is MessageStatus.SENT]
        sent = [(row.topic, row.about) for row in heard if row.channel is Channel.SMS]
        assert all(before != after for before, after in pairwise(sent)), sent
        reminders = [what for what in sent if what[0].startswith("REMINDER")]
        assert len(reminders) == len(set(reminders))
        visit = desk.visit(one.visit_id)
        cancelled = visit.status.value == "CANCELLED"
        truth = "off" if cancelled else f"{visit.planned_at:%Y-%m-%dT%H:%MZ}|{visit.doctor_id}"
        known = {row.about for row in heard}
        if heard and not (truth not in known and _was_too_late(rows, one.appointment_id)):
            assert heard[-1].about == truth, [(row.topic, row.about, row.sent_at) for row in heard]


def _was_too_late(rows: list[QueuedMessage], appointment_id: Any) -> bool:
    """Whether news of it waited for the morning, and the visit was before that."""
    return any(row.appointment_id == appointment_id and row.status in (MessageStatus.DEAD, MessageStatus.WITHDRAWN) for row in rows)
