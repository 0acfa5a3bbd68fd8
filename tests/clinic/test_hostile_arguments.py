"""Whatever is handed to a command of the front desk: it is done, or refused by a ClinicError, and both engines say the same."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import cycle
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic_desktop.clinic.frontdesk import commands as frontdesk
from clinic_desktop.clinic.frontdesk.rules import DayPart, Priority
from clinic_desktop.clinic.messages import commands as messages
from clinic_desktop.clinic.messages.rules import BodyForm, Channel, Security
from clinic_desktop.clinic.messages.rules.notices import Notice
from clinic_desktop.clinic.organisation import commands as organisation
from clinic_desktop.clinic.organisation.rules import WorkstationKind
from clinic_desktop.clinic.patients import commands as patients
from clinic_desktop.clinic.patients.card_design import STANDARD, CardLayout, Item
from clinic_desktop.clinic.patients.commands.documents import Description
from clinic_desktop.clinic.patients.details import PatientDetails, details_of
from clinic_desktop.clinic.patients.other_numbers import OtherNumber
from clinic_desktop.clinic.patients.queries import patient
from clinic_desktop.clinic.patients.rules import AccessLevel, ConsentType, DocumentCategory
from clinic_desktop.kernel.commands import Command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.ids import new_id
from tests.clinic.frontdesk.desk import TODAY, Desk, at, build_desk
from tests.clinic.patients.desk import HOSTILE
from tests.clinic.patients.folder import attach, texts, unlock
from tests.conftest import FrozenClock
from tests.databases import ENGINES, START, drop, fresh

WORST = ("\x00", "\ud800", "\u200b\u200d\ufeff", "x" * 10_000, "Z" + "\u0316\u0301" * 5_000, "")
"""What a driver, an encoder or a loop chokes on: for every parameter."""
OTHERS = (*HOSTILE, " \t\n ", "' OR 1=1 --", "{patient} %s {0}", "\uffff\ufffe\U0010ffff")
"""What something that reads it might take for more than words: two for each parameter, in turn."""
NUMBERS = (-1, 0, 10_000, 2**31, 2**63, -(2**63) - 1)
DAYS = (date.min, date(1799, 12, 31), date(2200, 1, 1), date.max)
MOMENTS = (
    datetime.min.replace(tzinfo=UTC),
    datetime(1, 1, 2, tzinfo=UTC),
    datetime(2200, 1, 1, tzinfo=UTC),
    datetime.max.replace(tzinfo=UTC),
)
BROKEN = "broken"
BAD: dict[str, tuple[Any, ...]] = {"str": WORST, "int": NUMBERS, "date": DAYS, "datetime": MOMENTS}


@dataclass
class Case:
    """A call that is done as it stands, by somebody of that role."""

    command: Command[..., Any]
    params: dict[str, Any]
    role: str = "receptionist"
    kinds: dict[str, str] = field(default_factory=dict)
    """What may be made hostile, by name: a parameter, or a part of one as ``details.city``; each with its key in BAD."""


class Hall:
    """One engine's front desk, with something for each command to be done to."""

    def __init__(self, desk: Desk) -> None:
        self.desk, world = desk, desk.world
        self.kiosk = desk.run("admin", organisation.add_workstation, clinic_id=desk.clinic_id, name="Hall", kind=WorkstationKind.KIOSK)
        unlock(world)
        self.text = texts(world)[ConsentType.RESEARCH, "en"]
        self.other = texts(world)[ConsentType.MESSAGES, "en"]
        who = {"clinic_id": desk.clinic_id, "patient_id": desk.patients[0]}
        self.consent = desk.run("receptionist", patients.sign_consent, key=new_id(), **who, template_id=self.text.id, witness="Ila")
        self.card = desk.run("receptionist", patients.issue_id_card, key=new_id(), **who)
        self.paper = attach(world, desk.patients[0])
        self.booked = desk.book(0, at(10, day=TODAY + timedelta(days=1)))
        self.late = desk.book(8, at(9)).appointment_id
        self.seen = desk.walk_in(1).visit_id
        desk.see(desk.call_next().visit_id)
        self.called = desk.walk_in(2).visit_id
        desk.call_next()
        self.waiting = desk.walk_in(3).visit_id
        desk.run("admin", organisation.set_setting, key="queue.service_rooms", value="Measuring, ECG", clinic_id=desk.clinic_id)
        desk.run("nurse", frontdesk.send_to_room, visit_id=desk.walk_in(9).visit_id, room="ECG")
        desk.clock.advance(minutes=50)
        merge = {"kept_version": 1, "merged_version": 1, "choices": {}, "reason": "twice"}
        pair = {"kept_id": desk.patients[4], "merged_id": desk.patients[5]}
        self.merge = desk.run("receptionist", patients.merge_patients, key=new_id(), **pair, **merge)

    def actor(self, role: str) -> Any:
        if role == "system":
            return self.desk.world.system()
        if role == "kiosk":
            who = self.desk.world.actor("receptionist")
            return replace(who, workstation_id=self.kiosk, permissions=frozenset({"kiosk.serve"}))
        return self.desk.world.actor(role)

    def patient(self) -> Any:
        with self.desk.db.read() as session:
            return patient(session, self.desk.patients[6])


def cases(hall: Hall) -> Iterator[Case]:
    """Every command that takes something typed, as it is done."""
    desk = hall.desk
    clinic, someone, whom = desk.clinic_id, {"patient_id": desk.patients[6]}, {"visit_id": hall.waiting}
    booking = {name: one for name, one in desk.booking(7, at(11)).items() if name != "key"}
    yield from _patients(hall, clinic, someone)
    wished = {"reason": "str", "start": "datetime"}
    yield Case(
        frontdesk.book, {**booking, "notes": "n", "override_reason": "o"}, "doctor", wished | {"notes": "str", "override_reason": "str"}
    )
    series = {name: one for name, one in booking.items() if name != "start"}
    yield Case(frontdesk.book_series, {**series, "starts": [at(11)], "reason": "r"}, kinds={"reason": "str", "starts": "datetime"})
    mine = {"appointment_id": hall.booked.appointment_id}
    there = {"start": at(11, day=TODAY + timedelta(days=1)), "override_reason": "o"}
    yield Case(
        frontdesk.move, {**mine, **there, "row_version": 1}, "doctor", {"override_reason": "str", "start": "datetime", "row_version": "int"}
    )
    longer = {"end": at(10, 30, day=TODAY + timedelta(days=1)), "override_reason": "o", "row_version": 1}
    yield Case(
        frontdesk.resize_appointment, {**mine, **longer}, "doctor", {"end": "datetime", "override_reason": "str", "row_version": "int"}
    )
    other = {"service_id": desk.world.services["CONS"], "more_services": (), "override_reason": "o", "row_version": 1}
    yield Case(frontdesk.change_services, {**mine, **other}, "doctor", {"override_reason": "str", "row_version": "int"})
    yield Case(frontdesk.cancel, {**mine, "reason": "r"}, kinds={"reason": "str"})
    yield Case(frontdesk.mark_no_show, {"appointment_id": hall.late, "reason": "r"}, kinds={"reason": "str"})
    yield Case(frontdesk.cancel_visit, {"visit_id": hall.booked.visit_id, "reason": "r"}, kinds={"reason": "str"})
    first = {"first_day": TODAY, "last_day": TODAY + timedelta(days=9), "note": "n", "day_part": DayPart.ANY}
    waits = {"clinic_id": clinic, **someone, "service_id": desk.world.services["CONS"], **first}
    yield Case(frontdesk.add_waiting, waits, kinds={"note": "str", "first_day": "date", "last_day": "date"})
    yield Case(frontdesk.prioritise, {**whom, "priority": Priority.EMERGENCY, "reason": "r"}, "nurse", {"reason": "str"})
    yield Case(frontdesk.hold, {**whom, "reason": "r"}, "nurse", {"reason": "str"})
    yield Case(frontdesk.call, {**whom, "room": "1"}, "doctor", {"room": "str"})
    yield Case(frontdesk.call_next, {"clinic_id": clinic, "doctor_id": desk.doctor, "room": "1"}, "doctor", {"room": "str"})
    yield Case(frontdesk.transfer, {**whom, "doctor_id": desk.world.second_doctor_id, "reason": "r"}, "nurse", {"reason": "str"})
    yield Case(frontdesk.send_to_room, {**whom, "room": "ECG", "reason": "r"}, "nurse", {"room": "str", "reason": "str"})
    yield Case(frontdesk.call_next_to_room, {"clinic_id": clinic, "room": "ECG"}, "nurse", {"room": "str"})
    yield Case(frontdesk.leave_unseen, {**whom, "reason": "r"}, kinds={"reason": "str"})
    yield Case(frontdesk.skip, {"visit_id": hall.called, "reason": "r"}, "nurse", {"reason": "str"})
    yield Case(frontdesk.close_queue, {"clinic_id": clinic, "visit_ids": [hall.waiting], "reason": "r"}, "admin", {"reason": "str"})
    yield Case(frontdesk.set_delay, {"clinic_id": clinic, "doctor_id": desk.doctor, "minutes": 10}, kinds={"minutes": "int"})
    yield Case(frontdesk.rate_visit, {"visit_id": hall.seen, "rating": 5, "comment": "c"}, "kiosk", {"rating": "int", "comment": "str"})
    yield Case(frontdesk.recognise, {"card": "CLC1.x"}, "kiosk", {"card": "str"})
    phoned = {"phone": "9820011001", "birth_year": 1990}
    yield Case(frontdesk.recognise, phoned, "kiosk", {"phone": "str", "birth_year": "int"})
    yield Case(frontdesk.recognise, {"ticket": 1, "birth_year": 1990}, "kiosk", {"ticket": "int", "birth_year": "int"})
    yield from _messages()


def _patients(hall: Hall, clinic: UUID, someone: dict[str, Any]) -> Iterator[Case]:
    desk, row = hall.desk, hall.patient()
    lines = {name: "str" for name, one in PatientDetails.__annotations__.items() if "str" in str(one)}
    born = {"date_of_birth": "date"}
    known = {name: getattr(details_of(row), name) for name in ("first_name", "gender", "date_of_birth")}
    numbers = {"phone": "98200 11001", "numbers": [OtherNumber("Lab", "7")]}
    outer = {"phone": "str", "numbers.system": "str", "numbers.value": "str"}
    yield Case(patients.register_patient, {"clinic_id": clinic, **known, **numbers}, kinds={**lines, **born, **outer})
    aged = {name: one for name, one in known.items() if name != "date_of_birth"} | {"age_years": 4, "age_months": 2}
    yield Case(patients.register_patient, {"clinic_id": clinic, **aged}, kinds={"age_years": "int", "age_months": "int"})
    edited = {**someone, "row_version": row.row_version, "details": details_of(row), **numbers}
    inner = {f"details.{name}": kind for name, kind in (lines | born).items()}
    yield Case(patients.edit_patient, edited, kinds={**inner, **outer, "row_version": "int"})
    yield Case(patients.add_number, {**someone, "system": "Lab", "value": "7"}, kinds={"system": "str", "value": "str"})
    yield Case(patients.choose_contact, {**someone, "contact_by": None, "contact_language": "en"}, kinds={"contact_language": "str"})
    two = {"kept_id": desk.patients[6], "merged_id": desk.patients[7], "kept_version": 1, "merged_version": 1, "choices": {}, "reason": "r"}
    yield Case(patients.merge_patients, two, kinds={"reason": "str", "kept_version": "int", "merged_version": "int"})
    yield Case(patients.undo_merge, {"merge_id": hall.merge, "reason": "r"}, kinds={"reason": "str"})
    yield Case(
        patients.save_card_template, {"name": "n", "layout": STANDARD, "is_default": False}, "admin", {"name": "str", "layout.text": "str"}
    )
    yield Case(patients.issue_id_card, {"clinic_id": clinic, "patient_id": desk.patients[0], "reason": "r"}, kinds={"reason": "str"})
    yield Case(patients.revoke_id_card, {"card_id": hall.card.id, "reason": "r"}, kinds={"reason": "str"})
    text = {"kind": ConsentType.RESEARCH, "language": "en", "title": "t", "body": "b", "valid_from": TODAY}
    written = {"language": "str", "title": "str", "body": "str", "valid_from": "date"}
    yield Case(patients.publish_consent_text, {"clinic_id": clinic, **text}, "admin", written)
    yield Case(patients.retire_consent_text, {"kind": ConsentType.RESEARCH, "language": "en"}, "admin", {"language": "str"})
    signed = {"clinic_id": clinic, **someone, "template_id": hall.other.id, "witness": "w", "guardian": "g"}
    yield Case(patients.sign_consent, signed, kinds={"witness": "str", "guardian": "str"})
    back = {"clinic_id": clinic, "consent_id": hall.consent, "reason": "r", "on": TODAY}
    yield Case(patients.withdraw_consent, back, kinds={"reason": "str", "on": "date"})
    said = Description(DocumentCategory.FORMS_DOCUMENTS, AccessLevel.STAFF, "s", "d", ("t",))
    named = {"document_id": hall.paper, "row_version": 1, "described": said, "file_name": "n.png"}
    words = {f"described.{name}": "str" for name in ("subcategory", "description", "tags")}
    yield Case(patients.describe_document, named, kinds={**words, "file_name": "str", "row_version": "int"})


def _messages() -> Iterator[Case]:
    mail = {"host": "mail.example", "port": 587, "security": Security.STARTTLS, "username": "u", "sender": "a@b.example"}
    typed = {"host": "str", "port": "int", "username": "str", "sender": "str"}
    yield Case(messages.set_up_mail, {**mail, "sealed": None, "keeps_password": True}, "admin", typed)
    sms = {
        "url": "https://sms.example/",
        "form": BodyForm.JSON,
        "template": '{"to": "{to}", "text": "{text}"}',
        "header": "",
        "sender": "Clinic",
    }
    asked = {"url": "str", "template": "str", "header": "str", "sender": "str"}
    yield Case(messages.set_up_texts, {**sms, "sealed": None, "keeps_secret": True}, "admin", asked)
    body = {
        "event": Notice.REMINDER,
        "channel": Channel.EMAIL,
        "language": "en",
        "subject": "s",
        "body": "{patient_name}",
        "is_active": True,
        "version": 0,
    }
    worded = {"language": "str", "subject": "str", "body": "str", "version": "int"}
    yield Case(messages.save_template, body, "admin", worded)


LEFT_OUT = {
    "patients.attach_document": "its description is that of describe_document; the rest is found in the file (test_intake)",
    "patients.mark_as_different": "needs a pair that mending found; its note is a line as every other",
    "patients.set_photo": "nothing of it is typed: the store made it",
    "patients.record_cards_printed": "nothing of it is typed: the program says which way it printed",
    "patients.take_over_register": "reads files: test_importing",
    "frontdesk.note_ticket_printed": "nothing of it is typed: the program says which number it printed",
    "frontdesk.sweep_no_shows": "nothing of it is typed: the clock",
    "frontdesk.cancel_following": "calls cancel",
    "frontdesk.move_following": "calls move",
    "messages.claim_due": "nothing of it is typed: the program takes so many",
    "messages.plan_turns": "nothing of it is typed: the program takes so many",
    "messages.settle": "what the provider says: test_gateway",
}


@pytest.fixture(scope="module")
def halls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Hall]]:
    made = []
    for engine in ENGINES:
        clock = FrozenClock(START)
        db, (world, people) = fresh(engine, tmp_path_factory.mktemp(engine), clock, recipe="frontdesk", build=build_desk)
        made.append(Hall(Desk(db, world.at(db), people, clock)))
    yield made
    for hall in made:
        drop(hall.desk.db)


class _TakenBack(Exception):
    """Ends a savepoint."""


def spoilt(params: dict[str, Any], where: str, value: Any) -> dict[str, Any]:
    """The same call with one thing in it hostile."""
    name, _dot, part = where.partition(".")
    inner = params.get(name)
    if not part:
        return {**params, name: [value] if isinstance(inner, list) else value}
    if isinstance(inner, CardLayout):
        front = tuple(replace(one, item=Item.TEXT, text=value) if place == 0 else one for place, one in enumerate(inner.front))
        return {**params, name: replace(inner, front=front)}
    if isinstance(inner, list):
        return {**params, name: [replace(inner[0], **{part: value})]}
    return {**params, name: replace(inner, **{part: (value,) if part == "tags" else value})}


def outcome(tx: Tx, case: Case, params: dict[str, Any]) -> tuple[str, ...]:
    """What comes of a call: done, or its refusal; everything else is a failure of the test. Nothing of it stays."""
    said: tuple[str, ...] = ("done",)
    if case.command.idempotent:
        params = {"key": new_id(), **params}
    with suppress(_TakenBack), tx.savepoint():
        try:
            case.command(tx, **params)
            tx.session.flush()
        except ClinicError as error:
            said = (error.code, error.field or "", str(error.params.get("reason", "")))
        except Exception as error:  # a driver's, a calendar's: told with what was handed in
            said = (BROKEN, repr(error)[:200])
        raise _TakenBack
    return said


def outcomes(hall: Hall, wanted: Callable[[Case], list[tuple[str, Any]]], only: int | None = None) -> list[tuple[Any, ...]]:
    """What becomes of every case, as it stands and with each of the wanted things in it; of one of them with ``only``."""
    found: list[tuple[Any, ...]] = []
    for case in [one for place, one in enumerate(cases(hall)) if only in (None, place)]:
        with hall.desk.db.write(hall.actor(case.role)) as tx:
            for where, value in [("", None), *wanted(case)]:
                params = spoilt(case.params, where, value) if where else case.params
                said = outcome(tx, case, params)
                found.append((case.command.name, where, str(value)[:40].encode(errors="replace"), *said))
    return found


def test_every_command_that_takes_something_typed_is_asked(halls: list[Hall]) -> None:
    asked = {case.command.name: case for case in cases(halls[0])}
    typed = set()
    for department in (patients, frontdesk, messages):
        for one in vars(department).values():
            if isinstance(one, Command):
                kinds = " ".join(str(part.annotation) for part in list(inspect.signature(one.function).parameters.values())[1:])
                if any(kind in kinds for kind in ("str", "int", "date", "Details", "Description", "Layout", "Number")):
                    typed.add(one.name)
    assert typed - asked.keys() - LEFT_OUT.keys() == set(), "how is it called? see cases()"
    assert not LEFT_OUT.keys() & asked.keys()


def test_hostile_arguments_are_refused_or_kept_and_nothing_else(halls: list[Hall]) -> None:
    def everything_in_turn() -> Callable[[Case], list[tuple[str, Any]]]:
        others = cycle(OTHERS)

        def everything(case: Case) -> list[tuple[str, Any]]:
            worst = [(where, value) for where, kind in case.kinds.items() for value in BAD[kind]]
            return worst + [(where, next(others)) for where, kind in case.kinds.items() if kind == "str" for _twice in range(2)]

        return everything

    first, second = (outcomes(hall, everything_in_turn()) for hall in halls)
    assert not (broken := [str(one) for one in (*first, *second) if BROKEN in one]), "\n".join(broken)
    assert [one for one in first if not one[1] and one[3:] != ("done",)] == []
    assert [pair for pair in zip(first, second, strict=True) if pair[0] != pair[1]] == []


@given(st.data(), st.text(max_size=60) | st.text("\x00\u202e\u200d\ud800\u0301'\"%{}<>&\n अ ع 9", max_size=20))
@settings(max_examples=60, deadline=None)
def test_any_text_is_refused_or_kept_alike_on_both_engines(halls: list[Hall], data: st.DataObject, text: str) -> None:
    typed = [place for place, case in enumerate(cases(halls[0])) if "str" in case.kinds.values()]
    chosen = data.draw(st.sampled_from(typed))

    def one_text(case: Case) -> list[tuple[str, Any]]:
        return [(data.draw(st.sampled_from([where for where, kind in case.kinds.items() if kind == "str"])), text)]

    first = outcomes(halls[0], one_text, chosen)
    second = outcomes(halls[1], lambda _case: [(first[1][1], text)], chosen)
    assert BROKEN not in first[1]
    assert first == second
