"""Weekly hours, single slots and leave: no doctor and no room in two places."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, time, timedelta
from threading import Barrier
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_desktop.clinic.frontdesk import commands as frontdesk
from clinic_desktop.clinic.frontdesk import queries as frontdesk_queries
from clinic_desktop.clinic.organisation import commands as organisation
from clinic_desktop.clinic.patients.commands import register_patient
from clinic_desktop.clinic.patients.rules import Gender
from clinic_desktop.clinic.staff import commands, queries
from clinic_desktop.clinic.staff.rules import LeaveOverlap, LeaveStatus, ScheduleOverlap, days_meet, spans_meet
from clinic_desktop.kernel.clock import local_instant
from clinic_desktop.kernel.errors import IllegalTransition, InvalidInput, NotFound, PermissionDenied
from clinic_desktop.kernel.ids import new_id
from tests.clinic.world import MORNING, OPENED, TIMEZONE, World

MONDAY, SUNDAY = date(2026, 3, 2), date(2026, 3, 8)


def _add(world: World, doctor_id: UUID, start: time, end: time, **parts: object) -> tuple[UUID, ...]:
    given_parts = {"clinic_id": world.clinic_id, "weekdays": [6], "valid_from": OPENED, **parts}
    return world.db.run(world.actor("admin"), commands.add_schedule, doctor_id=doctor_id, start=start, end=end, **given_parts)  # type: ignore[arg-type]


def test_the_hours_of_a_day(world: World) -> None:
    with world.db.read() as session:
        rows = queries.doctors_on(session, clinic_id=world.clinic_id, day=MONDAY)
        assert [(r.doctor.full_name, r.room, r.hours) for r in rows] == [
            ("Doctor One", "1", ((time(9), time(13)), (time(16), time(19)))),
            ("Farah Ansari", "2", ((time(9), time(13)), (time(16), time(19)))),
        ]
        assert [r.hours for r in queries.doctors_on(session, clinic_id=world.clinic_id, day=SUNDAY)] == [(), ()]


@pytest.mark.parametrize(("start", "end"), [(time(10), time(11)), (time(8), time(9, 1)), (time(12, 59), time(14)), (time(8), time(20))])
def test_a_doctor_is_not_in_two_places(world: World, start: time, end: time) -> None:
    with pytest.raises(ScheduleOverlap) as refused:
        _add(world, world.doctor_id, start, end, weekdays=[0], room="9")
    assert refused.value.params["what"] == "doctor"


def test_a_doctor_is_not_at_two_clinics(world: World) -> None:
    north = world.db.run(world.system(), organisation.add_clinic, code="NTH", name="North", timezone="Asia/Kolkata")
    with pytest.raises(ScheduleOverlap):
        _add(world, world.doctor_id, *MORNING, weekdays=[2], clinic_id=north)
    _add(world, world.second_doctor_id, time(13), time(16), weekdays=[2], clinic_id=north, room="1")


def test_a_room_has_one_doctor(world: World) -> None:
    _add(world, world.doctor_id, time(9), time(12), room="Blue")
    with pytest.raises(ScheduleOverlap) as refused:
        _add(world, world.second_doctor_id, time(11), time(13), room="blue")
    assert refused.value.params["what"] == "room"
    _add(world, world.second_doctor_id, time(12), time(13), room="blue")


def test_the_usual_room_counts_too(world: World) -> None:
    _add(world, world.doctor_id, time(9), time(12))
    with pytest.raises(ScheduleOverlap):
        _add(world, world.second_doctor_id, time(9), time(12), room="1")


def test_hours_of_different_seasons_do_not_meet(world: World) -> None:
    (summer,) = _add(world, world.doctor_id, time(9), time(12), valid_to=date(2026, 5, 31))
    _add(world, world.doctor_id, time(9), time(12), valid_from=date(2026, 6, 1))
    with world.db.read() as session:
        found = {day: queries.schedules(session, doctor_id=world.doctor_id, on=day) for day in (date(2026, 5, 31), date(2026, 6, 7))}
    assert [row.id for row in found[date(2026, 5, 31)]] == [summer]
    assert summer not in [row.id for row in found[date(2026, 6, 7)]]
    assert len(found[date(2026, 6, 7)]) == 1


def test_hours_that_ended_leave_room(world: World) -> None:
    admin = world.actor("admin")
    (row,) = _add(world, world.doctor_id, time(9), time(12))
    world.db.run(admin, commands.end_schedule, schedule_id=row, last_day=date(2026, 3, 31))
    _add(world, world.doctor_id, time(9), time(12), valid_from=date(2026, 4, 1))
    (wrong,) = _add(world, world.doctor_id, time(14), time(15))
    world.db.run(admin, commands.end_schedule, schedule_id=wrong, last_day=date(2025, 1, 1))
    _add(world, world.doctor_id, time(14), time(15))


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"weekdays": [7]}, "weekdays"),
        ({"weekdays": []}, "weekdays"),
        ({"slot_minutes": 4}, "slot_minutes"),
        ({"slot_minutes": 200}, "slot_minutes"),
        ({"max_patients": 0}, "max_patients"),
        ({"valid_to": date(2025, 1, 1)}, "valid_to"),
    ],
)
def test_impossible_hours_are_refused(world: World, changed: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        _add(world, world.doctor_id, time(9), time(12), **changed)
    assert refused.value.field == field
    with pytest.raises(InvalidInput):
        _add(world, world.doctor_id, time(12), time(12))
    with pytest.raises(NotFound):
        _add(world, world.clinic_id, time(9), time(12))


def test_two_desks_give_one_room_away_once(world: World) -> None:
    barrier = Barrier(2)

    def give(doctor_id: UUID) -> str:
        barrier.wait(timeout=30)
        try:
            _add(world, doctor_id, time(9), time(12), room="Blue")
        except ScheduleOverlap:
            return "refused"
        return "given"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(give, world.doctors)) == ["given", "refused"]


def test_single_slots_stand_outside_the_weekly_hours(world: World) -> None:
    actor = world.actor("receptionist")
    where = {"doctor_id": world.doctor_id, "clinic_id": world.clinic_id}
    slot = world.db.run(actor, commands.add_time_slot, day=SUNDAY, start=time(10), end=time(10, 30), capacity=2, **where)
    for day, start in ((SUNDAY, time(10, 15)), (MONDAY, time(12, 45))):
        with pytest.raises(ScheduleOverlap):
            world.db.run(actor, commands.add_time_slot, day=day, start=start, end=time(14), **where)
    with world.db.read() as session:
        (row,) = queries.time_slots(session, clinic_id=world.clinic_id, first=MONDAY, last=SUNDAY, doctor_id=world.doctor_id)
    assert (row.id, row.day, row.start, row.capacity) == (slot, SUNDAY, time(10), 2)
    world.db.run(actor, commands.close_time_slot, time_slot_id=slot)
    with world.db.read() as session:
        assert queries.time_slots(session, clinic_id=world.clinic_id, first=MONDAY, last=SUNDAY) == []


def test_weekly_hours_do_not_cover_a_single_slot(world: World) -> None:
    actor = world.actor("receptionist")
    where = {"doctor_id": world.doctor_id, "clinic_id": world.clinic_id, "day": SUNDAY}
    world.db.run(actor, commands.add_time_slot, start=time(10), end=time(11), **where)
    for doctor_id, room in ((world.doctor_id, "9"), (world.second_doctor_id, "1")):
        with pytest.raises(ScheduleOverlap):
            _add(world, doctor_id, time(9), time(12), room=room)
    _add(world, world.doctor_id, time(9), time(12), valid_from=date(2026, 3, 9))


def test_a_single_slot_does_not_take_the_room_of_another(world: World) -> None:
    _add(world, world.second_doctor_id, time(9), time(12))
    where = {"doctor_id": world.doctor_id, "clinic_id": world.clinic_id, "day": SUNDAY, "start": time(10), "end": time(11)}
    with pytest.raises(ScheduleOverlap):
        world.db.run(world.actor("receptionist"), commands.add_time_slot, room="2", **where)
    world.db.run(world.actor("receptionist"), commands.add_time_slot, **where)


def test_ended_hours_are_not_stretched_again(world: World) -> None:
    (row,) = _add(world, world.doctor_id, time(9), time(12), valid_to=date(2026, 5, 31))
    with pytest.raises(InvalidInput):
        world.db.run(world.actor("admin"), commands.end_schedule, schedule_id=row, last_day=date(2026, 6, 30))


def _request(world: World, first: date, last: date, **parts: object) -> UUID:
    return world.db.run(
        world.actor("doctor"),
        commands.request_leave,
        doctor_id=world.doctor_id,
        first_day=first,
        last_day=last,
        **parts,  # type: ignore[arg-type]
    )


def test_leave_counts_once_it_is_approved(world: World) -> None:
    leave = _request(world, MONDAY, date(2026, 3, 4), reason="Conference")
    with world.db.read() as session:
        assert queries.approved_leaves(session, first=MONDAY, last=SUNDAY) == []
        assert [row.id for row in queries.leaves(session, status=LeaveStatus.REQUESTED)] == [leave]
    world.db.run(world.actor("admin"), commands.approve_leave, leave_id=leave)
    with world.db.read() as session:
        (row,) = queries.approved_leaves(session, first=date(2026, 3, 4), last=SUNDAY, doctor_id=world.doctor_id)
        assert (row.first_day, row.last_day, row.start, row.reason) == (MONDAY, date(2026, 3, 4), None, "Conference")
        assert queries.approved_leaves(session, first=date(2026, 3, 5), last=SUNDAY) == []
        assert queries.approved_leaves(session, first=MONDAY, last=SUNDAY, doctor_id=world.second_doctor_id) == []


def test_a_decided_leave_is_not_decided_again(world: World) -> None:
    admin = world.actor("admin")
    approved, rejected = _request(world, MONDAY, MONDAY), _request(world, SUNDAY, SUNDAY)
    world.db.run(admin, commands.approve_leave, leave_id=approved)
    world.db.run(admin, commands.reject_leave, leave_id=rejected, note="Too many away")
    for again in (commands.approve_leave, commands.reject_leave):
        for leave in (approved, rejected):
            with pytest.raises(IllegalTransition):
                world.db.run(admin, again, leave_id=leave)
    _request(world, SUNDAY, SUNDAY)  # a rejected one does not stand in the way


def test_leave_of_part_of_a_day(world: World) -> None:
    _request(world, MONDAY, MONDAY, start=time(9), end=time(11))
    _request(world, MONDAY, MONDAY, start=time(11), end=time(12))
    with pytest.raises(LeaveOverlap):
        _request(world, MONDAY, MONDAY)
    for parts in ({"start": time(9)}, {"start": time(9), "end": time(9)}):
        with pytest.raises(InvalidInput):
            _request(world, SUNDAY, SUNDAY, **parts)
    with pytest.raises(InvalidInput):
        _request(world, MONDAY, SUNDAY, start=time(9), end=time(11))
    with pytest.raises(InvalidInput):
        _request(world, SUNDAY, MONDAY)


@pytest.mark.parametrize("role", ["receptionist", "nurse", "doctor", "pharmacist", "cashier", "auditor"])
def test_who_may_change_hours(world: World, role: str) -> None:
    actor, leave = world.actor(role), _request(world, MONDAY, MONDAY)
    denied = [
        lambda: world.db.run(actor, commands.approve_leave, leave_id=leave),
        lambda: world.db.run(actor, commands.reject_leave, leave_id=leave),
        lambda: world.db.run(actor, commands.end_schedule, schedule_id=leave, last_day=MONDAY),
        lambda: world.db.run(
            actor,
            commands.add_schedule,
            doctor_id=world.doctor_id,
            clinic_id=world.clinic_id,
            weekdays=[6],
            start=time(9),
            end=time(12),
            valid_from=OPENED,
        ),
    ]
    if role not in ("receptionist", "doctor"):
        denied.append(lambda: world.db.run(actor, commands.close_time_slot, time_slot_id=leave))
        denied.append(lambda: world.db.run(actor, commands.request_leave, doctor_id=world.doctor_id, first_day=SUNDAY, last_day=SUNDAY))
    for attempt in denied:
        with pytest.raises(PermissionDenied):
            attempt()


minutes = st.integers(0, 24 * 60 - 1)


@given(minutes, minutes, minutes, minutes)
def test_spans_meet_exactly_when_they_share_a_minute(a: int, b: int, c: int, d: int) -> None:
    shared = set(range(a, b)) & set(range(c, d))
    if a < b and c < d:
        assert spans_meet(*(time(*divmod(m, 60)) for m in (a, b, c, d))) == bool(shared)


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 40), st.none() | st.integers(1, 40))
def test_days_meet_exactly_when_they_share_a_day(a: int, b: int, c: int, d: int | None) -> None:
    day = date.fromordinal
    if a <= b and (d is None or c <= d):
        shared = set(range(a, b + 1)) & set(range(c, 41 if d is None else d + 1))
        assert days_meet(day(a), day(b), day(c), None if d is None else day(d)) == bool(shared)
        assert days_meet(day(c), None if d is None else day(d), day(a), day(b)) == bool(shared)


def _change(world: World, schedule_id: UUID, from_day: date, start: time, end: time, **parts: object) -> UUID:
    given_parts = {"slot_minutes": 15, "max_patients": 1, "room": None, "valid_to": None, **parts}
    return world.db.run(
        world.actor("admin"),
        commands.change_schedule,
        schedule_id=schedule_id,
        from_day=from_day,
        start=start,
        end=end,
        **given_parts,  # type: ignore[arg-type]
    )


def _spans(world: World, day: date) -> list[tuple[time, time]]:
    with world.db.read() as session:
        return [(row.start, row.end) for row in queries.schedules(session, doctor_id=world.doctor_id, on=day)]


def test_hours_change_from_a_day_on_and_stay_known_before(world: World) -> None:
    (row,) = _add(world, world.doctor_id, time(9), time(12))
    later = SUNDAY + timedelta(days=7)
    made = _change(world, row, later, time(10), time(14), slot_minutes=20, max_patients=2, room="Blue")
    assert made != row
    assert (_spans(world, SUNDAY), _spans(world, later)) == ([(time(9), time(12))], [(time(10), time(14))])
    with world.db.read() as session:
        (now,) = queries.schedules(session, doctor_id=world.doctor_id, on=later)
    assert (now.slot_minutes, now.max_patients, now.own_room, now.valid_from, now.valid_to) == (20, 2, "Blue", later, None)


def test_hours_that_have_not_begun_are_replaced(world: World) -> None:
    future = SUNDAY + timedelta(days=70)
    (row,) = _add(world, world.doctor_id, time(9), time(12), valid_from=future)
    _change(world, row, MONDAY, time(8), time(9))
    with world.db.read() as session:
        rows = [one for one in queries.schedules(session, doctor_id=world.doctor_id) if one.weekday == 6]
    assert [(one.start, one.valid_from) for one in rows] == [(time(8), future)]


def test_changed_hours_meet_nobody_but_their_former_selves(world: World) -> None:
    (row,) = _add(world, world.doctor_id, time(9), time(12))
    _add(world, world.second_doctor_id, time(13), time(14), room="1")
    with pytest.raises(ScheduleOverlap) as refused:
        _change(world, row, SUNDAY, time(9), time(13, 30))
    assert (refused.value.field, refused.value.params["what"]) == ("start", "room")
    assert _spans(world, SUNDAY) == [(time(9), time(12))]
    _change(world, row, SUNDAY, time(9), time(13))
    assert _spans(world, SUNDAY) == [(time(9), time(13))]


@pytest.mark.parametrize(
    ("from_day", "parts", "field"),
    [
        (date(2026, 3, 1), {}, "from_day"),
        (SUNDAY, {"valid_to": MONDAY}, "valid_to"),
        (SUNDAY, {"slot_minutes": 500}, "slot_minutes"),
        (SUNDAY, {"max_patients": 0}, "max_patients"),
    ],
)
def test_the_past_of_hours_stays(world: World, from_day: date, parts: dict[str, object], field: str) -> None:
    (row,) = _add(world, world.doctor_id, time(9), time(12))
    with pytest.raises(InvalidInput) as refused:
        _change(world, row, from_day, time(9), time(13), **parts)
    assert refused.value.field == field
    assert _spans(world, SUNDAY) == [(time(9), time(12))]


def test_hours_that_ended_do_not_change(world: World) -> None:
    (row,) = _add(world, world.doctor_id, time(9), time(12))
    world.db.run(world.actor("admin"), commands.end_schedule, schedule_id=row, last_day=SUNDAY)
    with pytest.raises(InvalidInput) as refused:
        _change(world, row, SUNDAY + timedelta(days=7), time(9), time(13))
    assert refused.value.reason == "ended_before"


def _copy(world: World, weekday: int, to: list[int], from_day: date = MONDAY) -> tuple[UUID, ...]:
    params = {"doctor_id": world.doctor_id, "clinic_id": world.clinic_id, "from_day": from_day}
    return world.db.run(world.actor("admin"), commands.copy_weekday, weekday=weekday, to_weekdays=to, **params)  # type: ignore[arg-type]


def test_a_weekday_is_copied_to_others_all_or_none(world: World) -> None:
    assert len(_copy(world, 0, [6, 0])) == 2
    assert _spans(world, SUNDAY) == _spans(world, MONDAY)
    with pytest.raises(ScheduleOverlap) as refused:
        _copy(world, 0, [6])
    assert refused.value.field == "to_weekdays"
    with world.db.read() as session:
        for row in queries.schedules(session, doctor_id=world.doctor_id, on=SUNDAY):
            assert row.valid_from == MONDAY


def test_nothing_is_copied_from_an_empty_day(world: World) -> None:
    for weekday, to, reason in ((6, [0], "nothing_to_copy"), (0, [0], "required"), (0, [9], "out_of_range")):
        with pytest.raises(InvalidInput) as refused:
            _copy(world, weekday, to)
        assert (refused.value.field, refused.value.reason) == ("to_weekdays", reason)


@pytest.mark.parametrize(
    ("parts", "hit"),
    [
        ({}, ["10:00", "16:30"]),
        ({"start": time(9), "end": time(10)}, []),
        ({"start": time(10, 10), "end": time(11)}, ["10:00"]),
        ({"start": time(12), "end": time(18)}, ["16:30"]),
    ],
)
def test_a_leave_names_the_appointments_it_hits(world: World, parts: dict[str, time], hit: list[str]) -> None:
    for at in (time(10), time(16, 30)):
        _book(world, at)
    with world.db.read() as session:
        found = frontdesk_queries.hit_by_leave(session, doctor_id=world.doctor_id, first_day=MONDAY, last_day=MONDAY, **parts)
        assert frontdesk_queries.hit_by_leave(session, doctor_id=world.doctor_id, first_day=SUNDAY, last_day=SUNDAY) == []
    assert [f"{row.start:%H:%M}" for row in found] == hit


def test_what_is_cancelled_is_not_hit(world: World) -> None:
    booked = _book(world, time(10))
    world.db.run(world.actor("receptionist"), frontdesk.cancel, appointment_id=booked, reason="No time")
    with world.db.read() as session:
        assert frontdesk_queries.hit_by_leave(session, doctor_id=world.doctor_id, first_day=MONDAY, last_day=SUNDAY) == []


def _book(world: World, at: time) -> UUID:
    desk = world.actor("receptionist")
    patient = world.db.run(
        desk, register_patient, key=new_id(), clinic_id=world.clinic_id, first_name="Asha", gender=Gender.FEMALE, date_of_birth=OPENED
    )
    wish = {"doctor_id": world.doctor_id, "service_id": world.services["CONS"], "start": local_instant(MONDAY, at, TIMEZONE)}
    return world.db.run(desk, frontdesk.book, key=new_id(), clinic_id=world.clinic_id, patient_id=patient.id, **wish).appointment_id
