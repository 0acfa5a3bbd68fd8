"""Where something can be typed at the front desk, how each such place is come to, and what is typed there on purpose."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from PySide6.QtWidgets import QWidget

from clinic_desktop.clinic.frontdesk import queries
from clinic_desktop.clinic.patients import commands as patients
from clinic_desktop.clinic.patients import queries as people
from clinic_desktop.clinic.patients.card_design import STANDARD
from clinic_desktop.clinic.patients.rules import ConsentType
from clinic_desktop.clinic.staff.queries import doctors
from clinic_desktop.kernel.i18n import Language
from clinic_desktop.ui import screens
from clinic_desktop.ui.kiosk.rating import RatingPage
from clinic_desktop.ui.part import Part
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.booking.added_slots import AddedSlotsDialog
from clinic_desktop.ui.screens.booking.other_time import OtherTimeDialog
from clinic_desktop.ui.screens.booking.posting import Poster
from clinic_desktop.ui.screens.booking.screen import BookingScreen
from clinic_desktop.ui.screens.booking.series import SeriesDialog
from clinic_desktop.ui.screens.booking.waiting import WaitDialog
from clinic_desktop.ui.screens.calendar.choosing import GoToDialog
from clinic_desktop.ui.screens.calendar.screen import CalendarScreen
from clinic_desktop.ui.screens.cards.design_screen import DesignScreen
from clinic_desktop.ui.screens.cards.replacing import ReplaceCard
from clinic_desktop.ui.screens.cards.save_design import SaveDesign
from clinic_desktop.ui.screens.consents.signing import SignDialog
from clinic_desktop.ui.screens.consents.texts import ConsentTextsScreen
from clinic_desktop.ui.screens.consents.withdrawing import WithdrawDialog
from clinic_desktop.ui.screens.documents.describing import DescribeDialog
from clinic_desktop.ui.screens.documents.moving import MoveDialog
from clinic_desktop.ui.screens.duplicates.from_file import OtherRecordDialog
from clinic_desktop.ui.screens.duplicates.merging import MergeDialog
from clinic_desktop.ui.screens.notices.texts import TextsScreen
from clinic_desktop.ui.screens.queue.day_end import CloseQueueDialog
from clinic_desktop.ui.screens.queue.dialogs import HoldDialog, TransferDialog
from clinic_desktop.ui.screens.queue.reading import Doctors
from clinic_desktop.ui.screens.queue.screen import QueueScreen
from clinic_desktop.ui.screens.queue.vitals import VitalsDialog
from clinic_desktop.ui.screens.reception.reading import patient_file
from clinic_desktop.ui.screens.reception.screen import ReceptionScreen
from clinic_desktop.ui.screens.registration.numbers import NumbersDialog
from clinic_desktop.ui.screens.registration.screen import RegistrationScreen
from clinic_desktop.ui.widgets import BannerPatient, BusyButton, Dialog, ask_reason
from tests.clinic.patients import folder
from tests.ui.screens.frontdesk import TODAY, FrontDesk
from tests.ui.screens.typed import wish

FOLDERS = (
    "reception",
    "registration",
    "booking",
    "calendar",
    "queue",
    "cards",
    "consents",
    "documents",
    "duplicates",
    "notices",
    "reviews",
)
MARK = "<b>Zqx</b> &co"
"""Must be seen wherever it is shown, as it stands."""
WAVES = (
    f"{MARK} %s {{0}} {{name}} ' OR 1=1 -- [x](y) **z** 👩🏽\u200d👧 é",
    " \x00\x07\x1b[31m\ud800one\r\ntwo\n\t१२३ ٤٥٦\u202egnp.exe\u202c\u2066 ",
    "x" * 10_000,
    "\u200d\u200b\ufeff \u3164",
    "Z" + "\u0316\u0301" * 600 + "\x85\u2028<img src='file:///etc/passwd'>&amp;",
)
_EDITORS = "LineEdit|Notes|SearchBox|DateField|TimeField|PhoneField|NumberEdit|MoneyEdit|QPlainTextEdit|SystemEdit|Form|RecordList"
_TYPED_INTO = re.compile(rf"\b(?:{_EDITORS})\(")


@dataclass
class Place:
    """Where something is typed: how it is opened, what saves it, and when it is saved."""

    kind: type[QWidget]
    open: Callable[[Screen, FrontDesk], QWidget]
    done: Callable[[Any], bool] = lambda _root: False
    """Of one that stays open once it is saved."""
    save: Callable[[Any], object] | None = None
    """None: the button in the colour of what comes next."""
    unkept: tuple[str, ...] = ()
    """Fields of which nothing is written."""
    role: str = "receptionist"


def somebody(front: FrontDesk, number: int = 0) -> Any:
    """A patient of our own."""
    names = ("Asha", "Usha", "Ila")
    found = front.ask(people.search, f"{names[number]} Hostel")
    return front.ask(people.patient, found[0].id) if found else front.patient(names[number], "Hostel")


def waiting(front: FrontDesk) -> Any:
    """Somebody who waits."""
    there = [one for one in front.board() if one.status == "WAITING" and one.held_at is None]
    return there[0] if there else front.visit(front.walk_in(front.patient("Nur", None)).visit_id)


def register(screen: Screen, _front: FrontDesk) -> QWidget:
    made = RegistrationScreen(screen.desk)
    made.form.main["gender"].setCurrentIndex(1)
    made.form.unfold(True)
    return made


def edit(screen: Screen, front: FrontDesk) -> QWidget:
    made = RegistrationScreen(screen.desk)
    made.open(patient_id=front.patient("Zoya", "Khan").id)
    return made


def sign(screen: Screen, front: FrontDesk) -> Dialog:
    return SignDialog(
        screen, front.patient("Child", "Hostel", date_of_birth=TODAY), [folder.texts(front.world)[ConsentType.RESEARCH, "en"]]
    )


def withdraw(screen: Screen, front: FrontDesk) -> Dialog:
    text, who = folder.texts(front.world)[ConsentType.RESEARCH, "en"], front.patient("Gone", "Hostel")
    signed = {"clinic_id": front.world.clinic_id, "patient_id": who.id, "template_id": text.id}
    front.run("receptionist", patients.sign_consent, **signed, witness="Ila Rao")
    return WithdrawDialog(screen, front.ask(people.consents_of, patient_id=who.id)[0])


def describe(screen: Screen, front: FrontDesk) -> Dialog:
    return DescribeDialog(screen, *paper(front))


def move(screen: Screen, front: FrontDesk) -> Dialog:
    return MoveDialog(screen, *paper(front))


def paper(front: FrontDesk) -> tuple[Any, Any]:
    """A patient, and a document in that folder."""
    who = front.patient("Paper", "Hostel")
    folder.attach(front.world, who.id)
    return who, folder.folder(front.world, who.id)[0]


def replace_card(screen: Screen, front: FrontDesk) -> Dialog:
    who = front.patient("Card", "Hostel")
    card = front.run("receptionist", patients.issue_id_card, clinic_id=front.world.clinic_id, patient_id=who.id)
    made = ReplaceCard(screen, who, card)
    made.form["why"].setCurrentIndex(3)
    return made


def merge(screen: Screen, front: FrontDesk) -> Dialog:
    one, other = front.patient("Twice", "Hostel"), front.patient("Twicce", "Hostel")
    return MergeDialog(screen, front.ask(people.compared, one_id=one.id, other_id=other.id))


def wait(screen: Screen, front: FrontDesk) -> Dialog:
    file = front.ask(patient_file, patient_id=somebody(front).id, today=TODAY)
    return WaitDialog(screen, file, wish(front), "Doctor One")


def reason(screen: Screen, front: FrontDesk) -> Dialog:
    visit = front.visit(front.book(front.patient("Booked", "Hostel"), _free(front)).visit_id)
    give_up = {"visit_id": visit.visit_id}

    def cancel(why: str) -> None:
        screen.work.do(screen, _cancel_visit(), reason=why, **give_up)

    return ask_reason(screen, "Cancel this visit?", visit.patient_name, yes="Cancel", then=cancel)


def _cancel_visit() -> Any:
    return import_module("clinic_desktop.clinic.frontdesk.commands").cancel_visit


def _free(front: FrontDesk) -> Any:
    found = front.ask(
        queries.free_slots,
        clinic_id=front.world.clinic_id,
        doctor_id=front.world.doctor_id,
        day=TODAY + timedelta(days=1),
        now=front.world.db.clock(),
    )
    return next(one.start for one in found if one.is_free)


def book(screen: Screen, front: FrontDesk) -> QWidget:
    made = BookingScreen(screen.desk)
    made.open(patient_id=front.patient("Comer", "Hostel").id, day=TODAY + timedelta(days=1))
    return made


def other_time(screen: Screen, front: FrontDesk) -> Dialog:
    who, poster = front.patient("Late", "Hostel"), Poster(screen, BusyButton("Book"))
    return OtherTimeDialog(screen, who.id, TODAY, poster, lambda start, why: poster.book(who.id, wish(front), start, why))


def close_queue(screen: Screen, front: FrontDesk) -> Dialog:
    waiting(front)
    return CloseQueueDialog(screen, front.ask(queries.left_open, clinic_id=front.world.clinic_id, day=TODAY), TODAY)


def series(screen: Screen, front: FrontDesk) -> Dialog:
    return SeriesDialog(screen, somebody(front).id, wish(front), 15, _free(front))


def vitals(screen: Screen, front: FrontDesk) -> Dialog:
    visit = waiting(front)
    return VitalsDialog(screen, visit.visit_id, BannerPatient(visit.patient_name, visit.patient_number, "35 y", "Female", None))


def consent_text(screen: Screen, _front: FrontDesk) -> QWidget:
    made = ConsentTextsScreen(screen.desk)
    made.records.start_new()
    return made


FORMS = (
    Place(
        RegistrationScreen, register, lambda one: one.saved.patient is not None, lambda one: one.save.click(), unkept=("family", "birth")
    ),
    Place(NumbersDialog, lambda s, f: NumbersDialog(s, somebody(f)), lambda one: not one.form["number"].text()),
    Place(SignDialog, sign),
    Place(WithdrawDialog, withdraw),
    Place(DescribeDialog, describe, unkept=("file_name",)),  # which has rules of its own: test_intake
    Place(ReplaceCard, replace_card),
    Place(MergeDialog, merge),
    Place(WaitDialog, wait),
    Place(
        AddedSlotsDialog, lambda s, f: AddedSlotsDialog(s, f.world.doctor_id, "Doctor One", TODAY), lambda one: not one.form["start"].text()
    ),
    Place(Dialog, reason),
    Place(OtherTimeDialog, other_time, role="doctor"),
    Place(HoldDialog, lambda s, f: HoldDialog(s, waiting(f)), role="nurse"),
    Place(
        TransferDialog, lambda s, f: TransferDialog(s, waiting(f), Doctors(tuple(f.ask(doctors, f.world.clinic_id)), None)), role="nurse"
    ),
    Place(CloseQueueDialog, close_queue),
    Place(SaveDesign, lambda s, _f: SaveDesign(s, STANDARD, "", is_default=False), role="admin"),
    Place(TextsScreen, lambda s, _f: TextsScreen(s.desk), lambda one: not one.records.is_typed, role="admin"),
    Place(ConsentTextsScreen, consent_text, lambda one: not one.records.is_typed, role="admin"),
)
BOXES = (
    Place(ReceptionScreen, lambda s, _f: ReceptionScreen(s.desk)),
    Place(CalendarScreen, lambda s, _f: CalendarScreen(s.desk)),
    Place(QueueScreen, lambda s, _f: QueueScreen(s.desk)),
    Place(BookingScreen, book),
    Place(DesignScreen, lambda s, _f: DesignScreen(s.desk), role="admin"),
    Place(GoToDialog, lambda s, _f: GoToDialog(s, s.desk, TODAY, lambda _day: None)),
    Place(MoveDialog, move),
    Place(OtherRecordDialog, lambda s, f: OtherRecordDialog(s, somebody(f))),
    Place(VitalsDialog, vitals, role="nurse"),
    Place(SeriesDialog, series),
    Place(RatingPage, lambda _s, _f: RatingPage(Language("en"), f"Doctor {MARK}")),
)
"""Where something is looked for, or where what is typed is saved by a place above."""
LEFT_OUT = {
    "CardsScreen": "only the filter of its list",
    "DelayDialog": "a choice and a number within limits",
    "FollowUpDialog": "a choice and a number within limits",
    "OtherPatientDialog": "what OtherRecordDialog and MoveDialog are made of",
    "ServicesDialog": "choices; the reason is typed in OtherTimeDialog and ask_reason",
    "WalkInDialog": "choices",
}
"""Kinds with editors, and why nothing hostile can be typed there."""


def kinds() -> Iterator[type[QWidget]]:
    """Every screen, dialog and tab of the front desk in whose file something is made that can be typed into."""
    for name in FOLDERS:
        package = import_module(f"{screens.__name__}.{name}")
        for one in iter_modules(package.__path__):
            module = import_module(f"{package.__name__}.{one.name}")
            for kind in vars(module).values():
                ours = inspect.isclass(kind) and kind.__module__ == module.__name__ and issubclass(kind, (Screen, Dialog, Part))
                if ours and _TYPED_INTO.search(inspect.getsource(kind)):
                    yield kind
