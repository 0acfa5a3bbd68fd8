"""The pharmacy's screen: who waits, what is picked, and handing it out by keyboard, mouse and scanner."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.clinical.queries import prescription
from clinic_desktop.clinic.patients.commands import revoke_id_card
from clinic_desktop.clinic.pharmacy import commands, queries
from clinic_desktop.clinic.pharmacy.queries import DispensingRow
from clinic_desktop.clinic.pharmacy.rules import StockStatus
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.i18n import activate
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.drafts import Drafts
from clinic_desktop.ui.preferences import Preferences
from clinic_desktop.ui.screens.pharmacy import SCREEN, SEARCH
from clinic_desktop.ui.screens.pharmacy.other_batch import OtherBatchDialog
from clinic_desktop.ui.screens.pharmacy.screen import PharmacyScreen
from clinic_desktop.ui.shell import Shell
from clinic_desktop.ui.theme.apply import apply_theme
from clinic_desktop.ui.work import Work
from tests.clinic.clinical.room import Room, line
from tests.clinic.patients.combined import card, merge
from tests.clinic.patients.desk import register
from tests.clinic.pharmacy.counter import medicine_lines, owed
from tests.clinic.stock.shelf import Shelf, paise
from tests.clinic.world import World
from tests.conftest import FrozenClock
from tests.ui.hands import warned
from tests.ui.screens.frontdesk import FrontDesk, Hands
from tests.ui.walk import unnamed

Wait = Callable[[], None]
Show = Callable[..., None]
KEY = Qt.Key


@pytest.fixture
def room(world: World) -> Room:
    return Room(world, Shelf.open(world))


@pytest.fixture
def paracetamol(room: Room) -> UUID:
    medicine, item = room.shelf.medicine("Paracetamol 500", barcode="8901234567894", tax_configuration_id=room.world.taxes["GST 5 %"])
    room.shelf.receive(item, 4, number="SOON", expiry=date(2026, 5, 31), price=paise(300))
    room.shelf.receive(item, 50, number="LATE")
    return medicine


@pytest.fixture
def at_counter(desk_as: Callable[[str], Desk], show: Show, settle: Wait) -> Callable[..., PharmacyScreen]:
    """The open screen of a pharmacist, with the hand in the list."""

    def come(role: str = "pharmacist") -> PharmacyScreen:
        screen = PharmacyScreen(desk_as(role))
        show(screen)
        settle()
        screen.setFocus()
        return screen

    return come


def handed_out(room: Room, prescription_id: UUID) -> list[DispensingRow]:
    with room.world.db.read() as session:
        return queries.dispensings(session, prescription_id=prescription_id)


def toasts(screen: PharmacyScreen) -> list[str]:
    heard: list[str] = []
    screen.desk.toasted.connect(lambda text, _tone, _undo: heard.append(text))
    return heard


def cells(screen: PharmacyScreen) -> list[str]:
    model = screen.table.model
    return [str(model.index(row, column).data()) for row in range(model.rowCount()) for column in range(5)]


def test_a_part_goes_out_by_keyboard_and_the_rest_stays_owed(
    room: Room, paracetamol: UUID, at_counter: Callable[..., PharmacyScreen], settle: Wait, hands: Hands, clock: FrozenClock
) -> None:
    waiting = room.active(line(paracetamol, instructions="After food"))
    clock.advance(minutes=12)
    screen = at_counter()
    assert cells(screen)[2:] == ["1", "In stock", "12 min"]
    hands.press(KEY.Key_Down)
    settle()
    counter = screen.counter
    (row,) = counter.lines.lines
    assert "Batch SOON" in row.batches.text()
    assert "Batch LATE" in row.batches.text()
    assert (row.quantity.value(), counter.sum.text()) == (10, "₹27.00")
    hands.press(KEY.Key_Return)
    assert QApplication.focusWidget() is row.quantity
    hands.type("66")  # a slip of the finger: more than is owed is not even taken
    assert row.quantity.value() == 6
    assert (row.stock.text, counter.sum.text()) == ("4 stay owed", "₹17.00")
    hands.press(KEY.Key_F10)
    hands.press(KEY.Key_F10)
    settle()
    (document,) = handed_out(room, waiting)
    assert [(one.batch_number, one.quantity) for one in document.lines] == [("SOON", 4), ("LATE", 2)]
    assert owed(room, waiting) == ("PARTIALLY_DISPENSED", [4])
    assert medicine_lines(room) == [("Paracetamol 500 [SOON]", 4, 300, 60, 1260), ("Paracetamol 500 [LATE]", 2, 250, 25, 525)]
    assert "₹17.00 before tax was added to the bill" in counter.done.text()
    assert "4 units stay owed" in counter.done.text()
    assert counter.lines.lines[0].quantity.value() == 4
    assert "6" not in counter.sum.text()
    assert unnamed(screen) == []


def test_an_allergy_wants_an_answer_at_the_counter_too(
    room: Room, at_counter: Callable[..., PharmacyScreen], settle: Wait, hands: Hands
) -> None:
    medicine, item = room.shelf.medicine("Amoxicillin 500")
    room.shelf.receive(item, 20)
    waiting = room.active(line(medicine), allergies="Penicillin", override_reason="Tolerated before")
    screen = at_counter()
    hands.press(KEY.Key_Down)
    settle()
    warnings = screen.counter.warnings
    assert "allergic to" in warnings.text.text()
    assert "penicillin" in warnings.text.text()
    hands.press(KEY.Key_F10)
    settle()
    assert handed_out(room, waiting) == []
    assert warnings.field.error == "Read the warnings and give a reason to go on."
    assert QApplication.focusWidget() is warnings.reason
    hands.type("Doctor was asked")
    hands.press(KEY.Key_F10)
    settle()
    assert len(handed_out(room, waiting)) == 1
    with room.world.db.engine.connect() as connection:
        (reason,) = connection.exec_driver_sql("SELECT override_reason FROM pharmacy_dispensing").scalars()
    assert reason == "Doctor was asked"
    assert warnings.isHidden()


def test_another_batch_only_with_a_reason(
    room: Room, paracetamol: UUID, at_counter: Callable[..., PharmacyScreen], settle: Wait, hands: Hands, qtbot: QtBot
) -> None:
    waiting = room.active(line(paracetamol))
    screen = at_counter()
    hands.press(KEY.Key_Down)
    settle()
    (row,) = screen.counter.lines.lines
    QTest.mouseClick(row.other, Qt.MouseButton.LeftButton)
    settle()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, OtherBatchDialog)
    assert [batch.batch_number for batch in dialog.table.rows] == ["SOON", "LATE"]
    assert unnamed(dialog) == []
    hands.press(KEY.Key_Down)
    QTest.mouseClick(dialog.take, Qt.MouseButton.LeftButton)
    assert dialog.isVisible()
    assert dialog.field.error == "Please give a reason."
    hands.type("Opened box")
    hands.press(KEY.Key_Return)
    screen.activateWindow()  # there is no window manager here to do it
    qtbot.waitUntil(screen.isActiveWindow)
    assert (row.stock.text, row.batches.text().splitlines()[1]) == ("Other batch", "Chosen because: Opened box")
    hands.press(KEY.Key_F10)
    settle()
    (document,) = handed_out(room, waiting)
    assert [(one.batch_number, one.quantity) for one in document.lines] == [("LATE", 10)]
    with room.world.db.engine.connect() as connection:
        assert list(connection.exec_driver_sql("SELECT batch_reason FROM pharmacy_dispensing_items").scalars()) == ["Opened box"]


def test_what_is_not_there_is_marked_and_the_rest_goes_out(
    room: Room, paracetamol: UUID, at_counter: Callable[..., PharmacyScreen], settle: Wait, hands: Hands
) -> None:
    few, item = room.shelf.medicine("Cetirizine 10")
    room.shelf.receive(item, 3)
    gone, _item = room.shelf.medicine("Salbutamol inhaler")
    waiting = room.active(line(paracetamol), line(few), line(gone))
    screen = at_counter()
    assert screen.table.rows[0].stock is StockStatus.PARTIAL
    hands.press(KEY.Key_Down)
    settle()
    lines = screen.counter.lines.lines
    assert [one.stock.text for one in lines] == ["In stock", "Only 3 available", "Out of stock"]
    assert [(one.quantity.value(), one.quantity.isEnabled()) for one in lines] == [(10, True), (3, True), (0, False)]
    assert lines[2].other.isHidden()
    hands.press(KEY.Key_F10)
    settle()
    assert owed(room, waiting) == ("PARTIALLY_DISPENSED", [0, 7, 10])
    assert [one.stock.text for one in screen.counter.lines.lines] == ["Out of stock", "Out of stock"]
    assert not screen.counter.dispense.isEnabled()


def test_the_next_patient_does_not_slip_onto_the_counter(
    room: Room, paracetamol: UUID, at_counter: Callable[..., PharmacyScreen], settle: Wait, hands: Hands
) -> None:
    first, second = room.active(line(paracetamol)), room.active(line(paracetamol))
    screen = at_counter()
    hands.press(KEY.Key_Down)
    settle()
    hands.press(KEY.Key_F10)
    settle()
    settle()
    assert [row.prescription.id for row in screen.table.rows] == [second]
    assert (screen.counter.prescription_id, screen.table.current) == (first, None)
    assert "Handed out" in screen.counter.handed_out.text()
    hands.press(KEY.Key_F10)
    settle()
    assert len(handed_out(room, first)) == 1
    assert handed_out(room, second) == []


def test_a_key_pressed_while_another_prescription_comes_hands_nothing_out(
    room: Room, paracetamol: UUID, at_counter: Callable[..., PharmacyScreen], settle: Wait, hands: Hands
) -> None:
    first, second = room.active(line(paracetamol)), room.active(line(paracetamol))
    at_counter()
    hands.press(KEY.Key_Down)
    settle()
    hands.press(KEY.Key_Down)
    hands.press(KEY.Key_F10)  # the second one is not on the counter yet
    settle()
    assert (handed_out(room, first), handed_out(room, second)) == ([], [])


def test_scanning_opens_a_prescription_and_finds_its_lines(
    room: Room, paracetamol: UUID, at_counter: Callable[..., PharmacyScreen], settle: Wait
) -> None:
    other, item = room.shelf.medicine("Cetirizine 10", barcode="8900000000019")
    room.shelf.receive(item, 30)
    room.active(line(other))
    waiting = room.active(line(other), line(paracetamol))
    screen = at_counter()
    said = toasts(screen)
    assert not screen.scanned("8901234567894")  # nothing on the counter: the search may have it
    assert screen.scanned("RX-2026-00002")
    settle()
    assert screen.table.current is not None
    assert screen.counter.prescription_id == waiting == screen.table.current.prescription.id
    assert screen.scanned("8901234567894")
    second = screen.counter.lines.lines[1]
    assert QApplication.focusWidget() is second.quantity
    assert not second.scanned.isHidden()
    assert screen.counter.lines.lines[0].scanned.isHidden()
    assert screen.scanned("8909999999999")
    assert screen.scanned("RX-2026-77777")
    settle()
    assert said == ["This item is not on the prescription, or nothing of it is owed.", "Nothing belongs to RX-2026-77777."]


def test_a_card_that_was_lost_is_told_before_anything_lies_on_the_counter(
    room: Room, paracetamol: UUID, at_counter: Callable[..., PharmacyScreen], hands: Hands, settle: Wait
) -> None:
    """And a prescription of a merged record is handed out to whoever was kept."""
    waiting = room.active(line(paracetamol))
    with room.world.db.read() as session:
        prescribed_for = prescription(session, waiting).patient_id
    kept = register(room.world, "Om", allergies="latex")
    lost = card(room.world, prescribed_for)
    room.world.db.run(room.world.actor("receptionist"), revoke_id_card, card_id=lost.id, reason="lost")
    merge(room.world, kept.id, prescribed_for)
    screen = at_counter()
    for answer, opened in ((KEY.Key_Escape, None), (KEY.Key_Return, waiting)):
        assert screen.scanned(lost.qr_payload)
        settle()
        assert "reported lost" in warned()
        hands.press(answer)
        settle()
        assert screen.counter.prescription_id == opened
    assert screen.counter.banner.accessibleName().startswith("Om ")
    assert [one.prescription.patient_name for one in screen.table.rows] == ["Om Rao"]


def test_the_shelf_as_it_is_now_is_shown_when_somebody_was_faster(
    room: Room, at_counter: Callable[..., PharmacyScreen], settle: Wait, hands: Hands, refusals: list[ClinicError], clock: FrozenClock
) -> None:
    medicine, item = room.shelf.medicine("Cetirizine 10")
    room.shelf.receive(item, 10)
    waiting = room.active(line(medicine))
    screen = at_counter()
    hands.press(KEY.Key_Down)
    settle()
    other_pc = Database.open(f"sqlite:///{room.world.db.address.url.database}", clock=clock)
    Shelf(room.world.at(other_pc), room.shelf.location_id).issue(item, 8)  # its word has not arrived here yet
    other_pc.close()
    hands.press(KEY.Key_F10)
    settle()
    assert [error.code for error in refusals] == ["out_of_stock"]
    refusals.clear()
    assert handed_out(room, waiting) == []
    assert screen.counter.lines.lines[0].stock.text == "Only 2 available"


def test_a_second_patient_of_that_name_is_warned_about(
    room: Room, paracetamol: UUID, at_counter: Callable[..., PharmacyScreen], settle: Wait, hands: Hands
) -> None:
    front = FrontDesk(room.world)
    front.patient("Zoya", "Khan", date_of_birth=date(1960, 1, 2))
    visit_id = room.visit(front.patient("Zoya", "Khan").id)
    room.prescribe(visit_id, line(paracetamol))
    room.sign(visit_id)
    screen = at_counter()
    hands.press(KEY.Key_Down)
    settle()
    assert not screen.counter.banner._same_name.isHidden()


def test_units_changed_by_hand_survive_news_and_a_lock(
    room: Room, paracetamol: UUID, at_counter: Callable[..., PharmacyScreen], settle: Wait, hands: Hands, qtbot: QtBot
) -> None:
    waiting = room.active(line(paracetamol))
    screen = at_counter()
    assert screen.draft() is None
    hands.press(KEY.Key_Down)
    settle()
    hands.press(KEY.Key_Return)
    hands.type("3")
    room.active(line(paracetamol))  # the doctor signs the next one meanwhile
    qtbot.waitUntil(lambda: len(screen.table.rows) == 2)
    settle()
    assert screen.counter.lines.lines[0].quantity.value() == 3
    draft = screen.draft()
    assert draft is not None
    screen.hide()
    again = at_counter()
    again.restore(draft)
    again.refresh()
    settle()
    assert (again.counter.prescription_id, again.counter.lines.lines[0].quantity.value()) == (waiting, 3)


def test_who_may_not_dispense_has_no_button_and_is_refused(
    room: Room, paracetamol: UUID, at_counter: Callable[..., PharmacyScreen], settle: Wait, work: Work
) -> None:
    waiting = room.active(line(paracetamol))
    screen = at_counter("receptionist")
    screen.open(prescription_id=waiting)
    settle()
    assert screen.counter.dispense.isHidden()
    assert not SCREEN.is_for(work.actor)
    assert not SEARCH.is_for(work.actor)
    refused: list[ClinicError] = []
    place_id = room.shelf.location_id
    work.do(screen, commands.dispense, failed=refused.append, key=new_id(), prescription_id=waiting, location_id=place_id)
    settle()
    assert [error.code for error in refused] == ["permission_denied"]
    assert handed_out(room, waiting) == []


def test_the_header_finds_a_prescription_and_opens_it(
    room: Room, paracetamol: UUID, desk_as: Callable[[str], Desk], preferences: Preferences, show: Show, settle: Wait, qtbot: QtBot
) -> None:
    waiting = room.active(line(paracetamol))
    shell = Shell(desk_as("pharmacist"), preferences, Drafts(), [SCREEN], [SEARCH])
    show(shell)
    shell.open_home()
    settle()
    shell.finder.start("rx-2026")
    settle()
    QTest.keyClick(shell.finder.box, KEY.Key_Return)
    settle()
    screen = shell.current
    assert isinstance(screen, PharmacyScreen)
    assert screen.counter.prescription_id == waiting
    assert shell.rail.buttons["pharmacy"].text() != ""


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("ar", "dark")])
def test_it_can_be_looked_at(
    language: str,
    theme: str,
    room: Room,
    paracetamol: UUID,
    at_counter: Callable[..., PharmacyScreen],
    settle: Wait,
    qapp: QApplication,
    picture: Callable[[QWidget, str], Any],
) -> None:
    activate(language)
    apply_theme(qapp, theme, right_to_left=language == "ar")
    medicine, item = room.shelf.medicine("Amoxicillin + Clavulanic acid 625 mg")
    room.shelf.receive(item, 6)
    room.active(line(paracetamol), line(medicine), allergies="Penicillin", override_reason="Tolerated before")
    screen = at_counter()
    screen.table.select_first()
    settle()
    assert picture(screen, f"pharmacy-{language}-{theme}").stat().st_size > 10_000
    assert unnamed(screen) == []
