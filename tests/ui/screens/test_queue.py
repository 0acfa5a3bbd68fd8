"""The queue board: real keys on the real screen, and what the database says afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.clinical import queries as clinical
from clinic_desktop.clinic.frontdesk import commands
from clinic_desktop.clinic.frontdesk.rules import Priority, VisitStatus
from clinic_desktop.clinic.organisation.commands import set_setting
from clinic_desktop.clinic.staff import commands as staff_commands
from clinic_desktop.clinic.staff import queries as staff
from clinic_desktop.kernel.errors import PermissionDenied
from clinic_desktop.kernel.i18n import activate
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screens.queue.day_end import CloseQueueDialog
from clinic_desktop.ui.screens.queue.dialogs import TransferDialog
from clinic_desktop.ui.screens.queue.screen import QueueScreen
from clinic_desktop.ui.screens.queue.vitals import VitalsDialog
from clinic_desktop.ui.screens.reception.words import visit_status
from clinic_desktop.ui.theme.apply import apply_theme
from clinic_desktop.ui.widgets import Label
from clinic_desktop.ui.work import Work
from tests.clinic.world import ANYBODY, World
from tests.conftest import FrozenClock
from tests.ui.hands import all_is_double
from tests.ui.screens.conftest import LOOKS
from tests.ui.screens.lobby import TODAY, Lobby, Seat
from tests.ui.texts import plain
from tests.ui.walk import unnamed

Settle = Callable[[], None]


@pytest.fixture
def lobby(world: World, clock: FrozenClock) -> Lobby:
    return Lobby(world, clock)


class Room(Seat):
    """The queue board of one role."""

    screen: QueueScreen

    @property
    def waiting(self) -> list[str]:
        return [row.patient_name for row in self.screen.table.rows]

    def look_up(self) -> None:
        """From a dialog that is gone back to the board: no window manager does it here."""
        self.screen.activateWindow()
        self.qtbot.waitUntil(self.screen.isActiveWindow)


@pytest.fixture
def board(desk_as: Callable[[str], Desk], show: Callable[..., None], settle: Settle, qtbot: QtBot) -> Callable[..., Room]:
    return lambda role="nurse": Room(QueueScreen(desk_as(role)), show, settle, qtbot)


def test_a_nurse_calls_recalls_and_skips_with_one_key_each(board: Callable[..., Room], lobby: Lobby) -> None:
    visits = [lobby.walk_in(name) for name in ("Asha Rao", "Om Prakash")]
    room = board()
    assert room.waiting == ["Asha Rao", "Om Prakash"]
    assert room.badges[-1] == 2
    room.press(Qt.Key.Key_F8)
    called = lobby.visit(visits[0])
    assert (called.status, called.room, called.call_count) == (VisitStatus.CALLED, "1", 1)
    assert room.waiting == ["Om Prakash"]
    assert room.badges[-1] == 1
    (card,) = room.screen.rooms.cards.values()
    assert card._since.text() == "called 0 min ago"
    assert card.recall.toolTip() == "Recall  (F9)"
    room.press(Qt.Key.Key_F9)
    assert lobby.visit(visits[0]).call_count == 2
    assert card._since.text() == "called 2 times, 0 min ago"
    room.press(Qt.Key.Key_F7)
    assert lobby.visit(visits[0]).status is VisitStatus.WAITING
    assert not room.screen.rooms.cards
    assert unnamed(room.screen) == []


def test_nobody_waits(board: Callable[..., Room]) -> None:
    room = board()
    assert "reception checks them in" in room.screen.table.empty.findChildren(QWidget)[-1].text()  # type: ignore[attr-defined]
    room.press(Qt.Key.Key_F8)
    assert room.toasts == ["Nobody is waiting."]


def test_a_doctor_sees_the_own_patients_and_starts(board: Callable[..., Room], lobby: Lobby) -> None:
    mine, _other = lobby.walk_in("Asha Rao"), lobby.walk_in("Om Prakash", doctor=1)
    room = board("doctor")
    assert room.waiting == ["Asha Rao"]
    assert room.badges[-1] == 1
    room.press(Qt.Key.Key_F8)
    room.press(Qt.Key.Key_F6)
    assert lobby.visit(mine).status is VisitStatus.IN_PROGRESS
    assert room.opened == [("consultation", {"visit_id": mine})]
    assert room.screen.rooms.cards[mine].open.isVisible()
    room.screen.doctor.set_value(None)
    room.settle()
    assert room.waiting == ["Om Prakash"]


def test_each_patient_is_called_to_the_own_doctors_room(board: Callable[..., Room], lobby: Lobby) -> None:
    visit = lobby.walk_in("Om Prakash", doctor=1)
    room = board()
    room.press(Qt.Key.Key_F8)
    assert lobby.visit(visit).room == "2"
    assert room.toasts == ["Number 1 is called to room 2."]


def test_a_typed_room_goes_before(board: Callable[..., Room], lobby: Lobby) -> None:
    visit = lobby.walk_in("Om Prakash")
    room = board()
    room.screen.room.setFocus()
    QTest.keyClicks(room.screen.room, "X-ray")
    room.press(Qt.Key.Key_F8)
    assert lobby.visit(visit).room == "X-ray"


def test_a_room_of_several_doctors_has_one_queue(board: Callable[..., Room], lobby: Lobby) -> None:
    world = lobby.world
    with world.db.read() as session:
        second = staff.doctor(session, world.second_doctor_id)
    details = {
        name: getattr(second, name) for name in ("specialty_id", "department_id", "license_number", "share_basis_points", "row_version")
    }
    world.db.run(world.actor("admin"), staff_commands.change_doctor, doctor_id=second.id, room="1", **details)
    visits = [lobby.walk_in("Om Prakash", doctor=1), lobby.walk_in("Asha Rao")]
    room = board()
    room.screen.doctor.setCurrentText("Room 1 · all its doctors")
    room.settle()
    assert room.waiting == ["Om Prakash", "Asha Rao"]
    room.press(Qt.Key.Key_F8)
    assert [(lobby.visit(one).status, lobby.visit(one).room) for one in visits] == [(VisitStatus.CALLED, "1"), (VisitStatus.WAITING, None)]


def test_two_rooms_never_call_the_same_patient(board: Callable[..., Room], lobby: Lobby) -> None:
    visit = lobby.walk_in("Asha Rao")
    room = board()
    other = lobby.elsewhere()  # another computer, of which this screen has not heard yet
    try:
        other.run(lobby.world.actor("doctor"), commands.call, visit_id=visit, room="9")
    finally:
        other.close()
    room.press(Qt.Key.Key_F8)
    assert room.toasts == ["Another room has just called this patient. The list is up to date again."]
    assert lobby.visit(visit).room == "9"
    assert room.waiting == []
    assert [card.visit.room for card in room.screen.rooms.cards.values() if card.visit] == ["9"]


def test_a_double_click_on_call_next_calls_one(board: Callable[..., Room], lobby: Lobby) -> None:
    visits = [lobby.walk_in(name) for name in ("Asha Rao", "Om Prakash")]
    room = board("doctor")
    QTest.mouseDClick(room.screen.call, Qt.MouseButton.LeftButton)
    QTest.mouseClick(room.screen.call, Qt.MouseButton.LeftButton)
    room.settle()
    assert [lobby.visit(one).status for one in visits] == [VisitStatus.CALLED, VisitStatus.WAITING]


def test_a_second_enter_right_after_a_call_calls_nobody_else(board: Callable[..., Room], lobby: Lobby) -> None:
    visits = [lobby.walk_in(name) for name in ("Asha Rao", "Om Prakash", "Ravi Menon")]
    room = board()
    room.screen.table.setFocus()
    with all_is_double():
        room.enter()
        room.enter()
        room.press(Qt.Key.Key_F8)
    assert [lobby.visit(one).status for one in visits] == [VisitStatus.CALLED, VisitStatus.WAITING, VisitStatus.WAITING]
    room.qtbot.waitUntil(lambda: not room.screen.caller._is_double)
    room.press(Qt.Key.Key_F8)
    assert lobby.visit(visits[1]).status is VisitStatus.CALLED


def test_calling_out_of_turn_is_asked(board: Callable[..., Room], lobby: Lobby) -> None:
    visits = [lobby.walk_in(name) for name in ("Asha Rao", "Om Prakash")]
    room = board()
    room.screen.table.select(visits[1])
    room.screen.table.setFocus()
    room.press(Qt.Key.Key_Return)
    assert lobby.visit(visits[1]).status is VisitStatus.WAITING
    QTest.keyClick(room.dialog(), Qt.Key.Key_Return)
    room.settle()
    assert lobby.visit(visits[1]).status is VisitStatus.CALLED


def test_a_call_for_another_queue_right_after_a_call_is_no_second_press(board: Callable[..., Room], lobby: Lobby) -> None:
    visits = [lobby.walk_in("Asha Rao"), lobby.walk_in("Om Prakash", doctor=1)]
    room = board()
    with all_is_double():
        for doctor_id, called in zip(lobby.world.doctors, visits, strict=False):
            room.screen.doctor.set_value(doctor_id)
            room.settle()
            room.press(Qt.Key.Key_F8)
            assert lobby.visit(called).status is VisitStatus.CALLED


def test_transfer_by_keyboard(board: Callable[..., Room], lobby: Lobby) -> None:
    visit = lobby.walk_in("Asha Rao")
    room = board()
    room.press(Qt.Key.Key_F4)
    dialog = room.dialog(TransferDialog)
    assert unnamed(dialog) == []
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    room.settle()
    assert lobby.visit(visit).doctor_id == lobby.world.second_doctor_id
    assert [plain(one) for one in room.toasts] == ["Asha Rao now waits for Farah Ansari."]


def test_whoever_is_with_a_doctor_is_not_transferred_and_the_nurse_is_told_why(
    board: Callable[..., Room], lobby: Lobby, no_warnings: list[str]
) -> None:
    visit, world = lobby.walk_in("Asha Rao"), lobby.world
    room = board()
    room.press(Qt.Key.Key_F4)
    dialog = room.dialog(TransferDialog)
    world.db.run(world.actor("doctor"), commands.call, visit_id=visit, room="1")
    world.db.run(world.actor("doctor"), commands.start_consultation, visit_id=visit)
    room.enter()  # too late, which the doctor's computer knows
    why = "1 · Asha Rao is with Doctor One and stands in no queue."
    assert plain(dialog.form.fields["to"].error).startswith(why)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    room.settle()
    more = room.screen.rooms.cards[visit].more
    QTest.mouseClick(more, Qt.MouseButton.LeftButton)
    (menu,) = more.findChildren(QMenu)
    assert [one.text() for one in menu.actions()] == ["Transfer…", "Vital signs…"]
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    no_warnings.remove("This plugin does not support grabbing the keyboard")
    told = room.dialog()
    assert any(plain(label.text()).startswith(why) for label in told.findChildren(Label))
    told.accept()
    assert lobby.visit(visit).status is VisitStatus.IN_PROGRESS


def test_a_nurse_sends_to_the_ecg_calls_there_and_sends_back_by_keys(board: Callable[..., Room], lobby: Lobby) -> None:
    world = lobby.world
    world.db.run(world.actor("admin"), set_setting, key="queue.service_rooms", value="Measuring, ECG", clinic_id=world.clinic_id)
    visits = [lobby.walk_in(name) for name in ("Asha Rao", "Om Prakash")]
    room = board()
    room.press(Qt.Key.Key_F4)
    dialog = room.dialog(TransferDialog)
    assert unnamed(dialog) == []
    room.type("ECG")
    assert dialog.to.currentText() == "ECG · room without a doctor"
    room.enter()
    room.look_up()
    assert [plain(one) for one in room.toasts] == ["Asha Rao now waits for ECG."]
    assert [room.screen.table.model.index(row, 8).data() for row in range(2)] == ["Doctor One", "ECG, then Doctor One"]
    assert room.waiting == ["Om Prakash", "Asha Rao"]
    assert visit_status(lobby.visit(visits[0])) == "Waiting · ECG"  # what the reception answers who asks
    room.screen.doctor.setCurrentText("ECG")
    room.settle()
    assert (room.waiting, room.screen.room.placeholderText()) == (["Asha Rao"], "ECG")
    room.press(Qt.Key.Key_F8)
    card = room.screen.rooms.cards[visits[0]]
    assert (room.toasts[-1], card._where.text()) == ("Number 1 is called: ECG.", "ECG · Doctor One")
    assert not card.start.isVisible()  # no doctor is there
    room.press(Qt.Key.Key_F9)
    assert lobby.visit(visits[0]).call_count == 2
    room.press(Qt.Key.Key_F6)
    assert room.toasts[-1] == "Asha Rao now waits for Doctor One."
    assert (lobby.visit(visits[0]).status, room.waiting) == (VisitStatus.WAITING, [])
    room.screen.doctor.set_value(None)
    room.settle()
    assert room.waiting == ["Asha Rao", "Om Prakash"]
    room.qtbot.waitUntil(lambda: not room.screen.caller._is_double)
    room.press(Qt.Key.Key_F8)
    assert (lobby.visit(visits[0]).room, lobby.visit(visits[0]).service_room) == ("1", None)


def test_leaving_is_asked_and_said(board: Callable[..., Room], lobby: Lobby) -> None:
    visit = lobby.walk_in("Asha Rao")
    room = board()
    room.press(Qt.Key.Key_F7, Qt.KeyboardModifier.ShiftModifier)
    dialog = room.dialog()
    assert lobby.visit(visit).status is VisitStatus.WAITING
    QTest.mouseClick(dialog.buttons.itemAt(2).widget(), Qt.MouseButton.LeftButton)
    room.settle()
    assert lobby.visit(visit).status is VisitStatus.LEFT
    assert room.waiting == []


def test_an_emergency_goes_first(board: Callable[..., Room], lobby: Lobby, no_warnings: list[str]) -> None:
    visits = [lobby.walk_in(name) for name in ("Asha Rao", "Om Prakash")]
    room = board()
    room.screen.table.select(visits[1])
    menu = room.screen.acts.choose_priority(room.screen.table.current, room.screen.priority)
    menu.actions()[list(Priority).index(Priority.EMERGENCY)].trigger()
    menu.close()
    no_warnings.remove("This plugin does not support grabbing the keyboard")
    assert room.waiting == ["Asha Rao", "Om Prakash"]  # whoever passes others has a reason for it
    dialog = room.dialog()
    dialog.activateWindow()  # no window manager does it here
    room.qtbot.waitUntil(dialog.isActiveWindow)
    room.type("Chest pain")
    room.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert room.waiting == ["Om Prakash", "Asha Rao"]
    assert room.screen.table.model.index(0, 4).data() == "Emergency"


def test_hold_and_resume(board: Callable[..., Room], lobby: Lobby) -> None:
    visits = [lobby.walk_in(name) for name in ("Asha Rao", "Om Prakash")]
    room = board()
    room.press(Qt.Key.Key_F3)
    assert unnamed(room.dialog()) == []
    room.type("X-ray")
    room.enter()
    assert room.waiting == ["Om Prakash"]
    card = room.screen.rooms.cards[visits[0]]
    assert (card._where.text(), card._status.text) == ("X-ray · Doctor One", "On hold")
    room.look_up()
    room.press(Qt.Key.Key_F8)
    assert lobby.visit(visits[1]).status is VisitStatus.CALLED
    room.press(Qt.Key.Key_F3, Qt.KeyboardModifier.ShiftModifier)
    assert room.waiting == ["Asha Rao"]
    assert room.toasts[-1] == "Asha Rao is back in the queue."


def test_the_queue_is_closed_after_a_look_at_it(board: Callable[..., Room], lobby: Lobby) -> None:
    inside, waits = lobby.start(lobby.walk_in("Asha Rao")), lobby.walk_in("Om Prakash")
    room = board("receptionist")
    room.press(Qt.Key.Key_F9, Qt.KeyboardModifier.ShiftModifier)
    dialog: CloseQueueDialog = room.dialog(CloseQueueDialog)
    assert [row.patient_name for row in dialog.table.rows] == ["Asha Rao", "Om Prakash"]
    assert unnamed(dialog) == []
    assert not dialog.ends_rooms.isChecked()  # asked first
    room.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert [lobby.visit(one).status for one in (inside, waits)] == [VisitStatus.IN_PROGRESS, VisitStatus.LEFT]
    assert room.toasts[-1] == "The queue is closed: 1 patient left unseen."
    assert room.screen.forgotten.isHidden()
    lobby.clock.advance(hours=24)
    room.screen.refresh()
    room.settle()
    assert room.screen.forgotten.text == "1 patient of an earlier day still stands in the queue."
    QTest.mouseClick(room.screen.forgotten.button, Qt.MouseButton.LeftButton)
    room.settle()
    dialog = room.dialog(CloseQueueDialog)
    dialog.ends_rooms.click()
    room.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert lobby.visit(inside).status is VisitStatus.PENDING_PAYMENT
    assert room.screen.forgotten.isHidden()


def test_the_display_opens_and_closes_from_here(board: Callable[..., Room], lobby: Lobby) -> None:
    lobby.walk_in("Asha Rao")
    room = board()
    assert QApplication.focusWidget() is room.screen.table.grid
    room.press(Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    window = room.screen.display.window
    assert (window.isVisible(), room.screen.show_display.text()) == (True, "Close display")
    assert [one.queue_number for one in window.next.calls] == [1]
    QTest.mouseClick(room.screen.show_display, Qt.MouseButton.LeftButton)
    assert (window.isVisible(), room.screen.show_display.text()) == (False, "Open display")


def test_the_same_name_is_pointed_out(board: Callable[..., Room], lobby: Lobby) -> None:
    for name in ("Asha Rao", "Rao Asha", "Om Prakash"):
        lobby.walk_in(name)
    room = board()
    assert [room.screen.table.model.index(row, 2).data() for row in range(3)] == ["Same name", "Same name", ""]
    room.press(Qt.Key.Key_F8)
    assert room.screen.table.model.index(0, 2).data() == "Same name"


def test_waited_and_expected_minutes(board: Callable[..., Room], lobby: Lobby, clock: FrozenClock) -> None:
    lobby.booked("Asha Rao", lobby.at(1))
    lobby.walk_in("Om Prakash")
    clock.advance(minutes=12)
    room = board()
    texts = [[room.screen.table.model.index(row, column).data() for column in (1, 5, 6, 7)] for row in range(2)]
    assert [[text.replace("\u00a0", " ") for text in row] for row in texts] == [
        ["Asha Rao", "10:00 AM", "12 min", "0 min"],
        ["Om Prakash", "", "12 min", "15 min"],
    ]


def test_vital_signs_question_the_unusual_and_refuse_the_impossible(board: Callable[..., Room], lobby: Lobby) -> None:
    visit = lobby.walk_in("Asha Rao")
    room = board()
    room.press(Qt.Key.Key_F2)
    dialog: VitalsDialog = room.dialog(VitalsDialog)
    assert unnamed(dialog) == []
    fields = dialog.form.fields

    def enter(text: str) -> None:
        QTest.keyClicks(QApplication.focusWidget(), text)
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)

    for text in ("120", "80", "999", "40.2"):
        enter(text)
    assert fields["pulse"].error == "Please enter a number from 0 to 350."
    assert fields["temperature_c"]._hint.text() == "Unusual: mostly 35–39.5"
    room.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert dialog.isVisible()
    dialog.form["pulse"].selectAll()
    dialog.form["pulse"].setFocus()
    enter("72")
    room.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert dialog.save.text() == "Save anyway"
    assert taken(lobby, visit) == []
    room.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    room.settle()
    (row,) = taken(lobby, visit)
    assert (row.systolic, row.diastolic, row.pulse, row.temperature_c) == (120, 80, 72, Decimal("40.2"))


def taken(lobby: Lobby, visit: Any) -> list[clinical.VitalsRow]:
    with lobby.world.db.read() as session:
        return clinical.vitals(session, visit_id=visit, **ANYBODY)


def test_a_cashier_may_not_and_is_refused(
    desk_as: Callable[[str], Desk], show: Callable[..., None], settle: Settle, lobby: Lobby, work: Work
) -> None:
    lobby.walk_in("Asha Rao")
    screen = QueueScreen(desk_as("cashier"))
    show(screen)
    settle()
    settle()
    assert not any(button.isVisible() for button in (screen.call, screen.vitals, screen.transfer, screen.priority, screen.left))
    refused: list[Exception] = []
    work.do(screen, commands.call_next, failed=refused.append, clinic_id=lobby.world.clinic_id, doctor_id=None, room="1")
    settle()
    assert isinstance(refused[0], PermissionDenied)


PEOPLE = (
    ("Asha Kulkarni", date(1991, 2, 3)),
    ("محمد عبد الله الزهراني", date(1950, 1, 9)),
    ("सुनीता देशपांडे", date(1984, 7, 1)),
    ("Jean-Luc Fernandes de Albuquerque e Castro", date(2019, 11, 5)),
    ("Ravi Menon", date(1972, 3, 3)),
    ("Ravi Menon", date(2001, 8, 8)),
    ("Farah Siddiqui", date(1995, 5, 5)),
    ("Om Prakash Chaturvedi", date(1947, 4, 4)),
    ("Lakshmi Venkataraman", date(1988, 12, 12)),
)


@pytest.mark.parametrize(("look", "language"), LOOKS)
def test_pictures(
    desk_as: Callable[[str], Desk],
    show: Callable[..., None],
    settle: Settle,
    lobby: Lobby,
    qapp: QApplication,
    qtbot: QtBot,
    picture: Callable[[QWidget, str], Path],
    look: str,
    language: str,
) -> None:
    activate(language)
    apply_theme(qapp, look, right_to_left=language == "ar")
    seen = []
    for number, (name, born) in enumerate(PEOPLE):
        lobby.clock.advance(minutes=3)
        seen.append(lobby.walk_in(name, doctor=number % 2, born=born))
    lobby.booked("Zoya Khan", lobby.at(0, 18))
    urgent = lobby.walk_in("Kabir Anand", patient_id=lobby.person("Kabir Anand"))
    lobby.world.db.run(lobby.world.actor("nurse"), commands.prioritise, visit_id=urgent, priority=Priority.EMERGENCY)
    lobby.start(seen[0])
    lobby.clock.advance(minutes=7)
    lobby.call(seen[1], "2")
    lobby.call(seen[2], "1")
    lobby.clock.advance(minutes=2)
    room = Room(QueueScreen(desk_as("doctor")), show, settle, qtbot)
    room.screen.doctor.set_value(None)
    room.settle()
    assert len(room.screen.rooms.cards) == 3
    assert room.screen.desk.today() == TODAY
    levels = {tuple(part.mapTo(card, part.rect().topLeft()).y() for part in card.parts) for card in room.screen.rooms.cards.values()}
    assert len(levels) == 1  # names in three scripts, with buttons and without: all on one level
    picture(room.screen, f"queue-{look}-{language}")
    room.press(Qt.Key.Key_F2)
    dialog = room.dialog(VitalsDialog)
    for name, text in (("systolic", "190"), ("diastolic", "95"), ("pulse", "999"), ("weight_kg", "64"), ("height_cm", "158")):
        dialog.form[name].setText(text)
    dialog.form["weight_kg"].editingFinished.emit()
    room.settle()
    picture(dialog, f"vitals-{look}-{language}")
    dialog.reject()
    activate("en")
