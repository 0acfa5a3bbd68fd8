"""Every draft of every screen and dialog comes back whole through JSON, and there is none of which that is not tested."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.access.queries import own_drafts
from clinic_desktop.clinic.clinical.commands import NewDiagnosis
from clinic_desktop.clinic.clinical.rules import Frequency, Route
from clinic_desktop.clinic.patients.rules import Gender
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.drafts import Drafts
from clinic_desktop.ui.late import load
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens import collected
from clinic_desktop.ui.screens.booking.screen import BookingScreen
from clinic_desktop.ui.screens.cashier.screen import CashierScreen
from clinic_desktop.ui.screens.consultation.lines import Drug, Line
from clinic_desktop.ui.screens.consultation.screen import ConsultationScreen
from clinic_desktop.ui.screens.pharmacy.screen import PharmacyScreen
from clinic_desktop.ui.screens.reconcile.screen import ReconcileScreen
from clinic_desktop.ui.screens.registration.form import Relative
from clinic_desktop.ui.screens.registration.screen import RegistrationScreen
from clinic_desktop.ui.widgets import Dialog
from tests.clinic.clinical.room import Room, line
from tests.clinic.stock.shelf import Shelf
from tests.ui.screens import test_drafts_of_administration as administration
from tests.ui.screens.frontdesk import TODAY, FrontDesk
from tests.ui.screens.typed import DIALOGS, nothing_saves_itself

__all__ = ["nothing_saves_itself"]

Typed = Callable[[Any, FrontDesk, Callable[[], None]], None]


def type_a_new_patient(screen: RegistrationScreen, front: FrontDesk, settle: Callable[[], None]) -> None:
    QTest.keyClicks(screen.form.main["name"], "Asha Kulkarni")
    screen.form.main["gender"].set_value(Gender.FEMALE)
    QTest.keyClicks(screen.form.main["birth"], "31/2")
    screen.form.more["address"].setPlainText("12 Lake Road\nशिवाजी नगर \ud800")
    screen.form.set_owner(Relative(front.patient("Ravi", "Kulkarni").id, "Ravi Kulkarni", "+919800000011"))
    screen.form.unfold(True)


def edit_a_patient(screen: RegistrationScreen, front: FrontDesk, settle: Callable[[], None]) -> None:
    screen.open(patient_id=front.patient("Zoya", "Khan", city="Pune").id)
    settle()
    QTest.keyClicks(screen.form.more["allergies"], "Latex")


def choose_a_time(screen: BookingScreen, front: FrontDesk, settle: Callable[[], None]) -> None:
    screen.open(patient_id=front.patient().id, doctor_id=front.world.doctors[1], day=TODAY + timedelta(days=3))
    settle()
    QTest.keyClicks(screen.wish.form["reason"], "Fever")


def write_notes(screen: ConsultationScreen, front: FrontDesk, settle: Callable[[], None]) -> None:
    room = Room(front.world, Shelf.open(front.world))
    medicine, item = room.shelf.medicine("Paracetamol", strength="650 mg", form="Tablet")
    room.shelf.receive(item, 50)
    screen.open(visit_id=room.visit())
    settle()
    QTest.keyClicks(screen.notes.text("complaint"), "Dizzy")
    screen.notes.follow_up.set_value(date(2026, 3, 9))
    screen.notes.diagnosis.restore([NewDiagnosis("Vertigo", "H81.4", "ICD10")])
    drug = Drug(medicine, "Paracetamol", "650 mg", "Tablet", "tablet", 50)
    screen.prescription.entry.added.emit(Line(drug, Decimal("0.5"), "tablet", Frequency.BD, 5, 5, Route.ORAL, "After food"))
    screen.prescription.entry.take(drug)
    screen.prescription.entry.dose.setText("2")
    screen.prescription.entry.frequency.set_value(Frequency.TDS)
    screen.prescription.entry.quantity.setFocus()
    QTest.keyClicks(screen.prescription.entry.quantity, "7")


def count_medicines(screen: PharmacyScreen, front: FrontDesk, settle: Callable[[], None]) -> None:
    room = Room(front.world, Shelf.open(front.world))
    medicine, item = room.shelf.medicine("Paracetamol 500")
    room.shelf.receive(item, 50)
    waiting = room.active(line(medicine))
    screen.refresh()
    settle()
    screen.open(prescription_id=waiting)
    settle()
    screen.counter.lines.lines[0].quantity.setValue(3)
    screen.counter.warnings.reason.setText("Half now")


def count_the_drawer(screen: CashierScreen, front: FrontDesk, settle: Callable[[], None]) -> None:
    QTest.keyClicks(screen.opening.amount, "1,250.50")


SCREENS: dict[str, tuple[str, type[Screen], Typed]] = {
    "registration": ("receptionist", RegistrationScreen, type_a_new_patient),
    "registration, edited": ("receptionist", RegistrationScreen, edit_a_patient),
    "booking": ("receptionist", BookingScreen, choose_a_time),
    "consultation": ("doctor", ConsultationScreen, write_notes),
    "pharmacy": ("pharmacist", PharmacyScreen, count_medicines),
    "cashier": ("cashier", CashierScreen, count_the_drawer),
}


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_comes_back_as_it_was(
    name: str, desk_as: Callable[[str], Desk], front: FrontDesk, show: Callable[..., None], settle: Callable[[], None]
) -> None:
    role, kind, typed = SCREENS[name]
    screen = kind(desk_as(role))
    show(screen)
    settle()
    assert screen.kept() is None
    typed(screen, front, settle)
    kept = screen.kept()
    assert kept is not None
    assert kept["is_typed"]
    text = json.dumps(kept)
    screen.hide()
    again = kind(desk_as(role))
    again.put_back(json.loads(text))
    assert json.dumps(again.kept()) == text, "lost while it is being put back"
    show(again)
    settle()
    assert json.dumps(again.kept()) == text
    assert type_name(again) == type_name(screen)


def test_what_is_heard_while_a_prescription_is_read_takes_nothing_away(
    desk_as: Callable[[str], Desk], front: FrontDesk, show: Callable[..., None], settle: Callable[[], None]
) -> None:
    screen = PharmacyScreen(desk_as("pharmacist"))
    show(screen)
    settle()
    count_medicines(screen, front, settle)
    counter, done = screen.counter, []
    typed, prescription_id = counter.lines.quantities(), counter.prescription_id
    assert prescription_id is not None
    counter.clear()
    counter.load(prescription_id, keep=typed, then=lambda: done.append(True))
    screen.refresh()  # another desk did something
    settle()
    assert (counter.lines.quantities(), done) == (typed, [True])


def choose_somebody(screen: BookingScreen, front: FrontDesk, settle: Callable[[], None]) -> None:
    screen.open(patient_id=front.patient().id, day=TODAY + timedelta(days=3))


def open_a_visit(screen: ConsultationScreen, front: FrontDesk, settle: Callable[[], None]) -> None:
    screen.open(visit_id=Room(front.world, Shelf.open(front.world)).visit())


@pytest.mark.parametrize(
    ("role", "kind", "go"), [("receptionist", BookingScreen, choose_somebody), ("doctor", ConsultationScreen, open_a_visit)]
)
def test_where_somebody_was_outlives_a_lock_but_is_no_draft(
    role: str,
    kind: type[Screen],
    go: Typed,
    desk_as: Callable[[str], Desk],
    front: FrontDesk,
    show: Callable[..., None],
    settle: Callable[[], None],
) -> None:
    desk = desk_as(role)
    screen = kind(desk)
    show(screen)
    settle()
    go(screen, front, settle)
    settle()
    kept, drafts, user = screen.kept(), Drafts(desk), desk.actor.user_id
    assert kept is not None
    assert screen.draft() is None
    drafts.keep(user, "here", kept)
    screen.hide()
    again = kind(desk_as(role))
    again.put_back(drafts.draft(user, "here") or {})
    assert again.kept() == kept, "lost while it is being put back"
    show(again)
    settle()
    assert again.kept() == kept
    drafts.write(desk.work)
    settle()
    assert front.ask(own_drafts, desk.actor) == []


def test_what_was_saved_after_the_draft_is_not_lost_by_putting_it_back(
    desk_as: Callable[[str], Desk], front: FrontDesk, show: Callable[..., None], settle: Callable[[], None], qtbot: QtBot
) -> None:
    screen = ConsultationScreen(desk_as("doctor"))
    show(screen)
    settle()
    write_notes(screen, front, settle)
    screen.prescription.entry.clear()
    kept = json.loads(json.dumps(screen.kept()))
    QTest.keyClicks(screen.notes.text("complaint"), ", worse at night")
    (first,) = screen.prescription.lines
    screen.prescription.show_lines([replace(first, instructions="At night")], None, read_only=False)
    screen.prescription.changed.emit()
    screen.casework.flush(lambda: None)
    settle()
    screen.hide()
    again = ConsultationScreen(desk_as("doctor"))
    show(again)
    again.put_back(kept)
    settle()
    settle()
    assert again.notes.text("complaint").toPlainText() == "Dizzy"
    assert [one.instructions for one in again.prescription.lines] == ["At night"], "saved later, so it stands"
    again.casework.flush(lambda: None)
    qtbot.waitUntil(lambda: any(one.isVisible() for one in again.findChildren(Dialog)))
    (question,) = [one for one in again.findChildren(Dialog) if one.isVisible()]
    question.reject()
    settle()
    settle()
    assert again.notes.text("complaint").toPlainText() == "Dizzy, worse at night"


def type_name(screen: Screen) -> list[str]:
    """What stands in the headings: a form that edits somebody must not look like one for somebody new."""
    return [screen.page.title.text()] if isinstance(screen, RegistrationScreen) else []


def overriding(kind: type[Any], among: Iterator[type[Any]]) -> set[type[Any]]:
    return {one for one in among if one.draft is not kind.draft}


def subclasses(kind: type[Any]) -> Iterator[type[Any]]:
    for one in kind.__subclasses__():
        yield one
        yield from subclasses(one)


def test_no_draft_is_left_out_here() -> None:
    screens, _searches = collected()
    kinds = {load(spec.factory) for spec in screens}
    known = {*(kind for _role, kind, _typed in SCREENS.values()), *administration.SCREENS}
    assert overriding(Screen, iter(kinds)) == {*known, ReconcileScreen}  # which has something to type only after two sites disagreed
    ours = (one for one in subclasses(Dialog) if one.__module__.startswith("clinic_desktop."))
    assert overriding(Dialog, ours) == {*DIALOGS, *administration.DIALOGS, *administration.ABSTRACT}
