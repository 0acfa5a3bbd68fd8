"""Finding patients at reception: typed, scanned, or in the header."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.frontdesk.rules import Priority, VisitStatus
from clinic_desktop.clinic.patients.commands import issue_id_card
from clinic_desktop.clinic.patients.queries import PatientRow
from clinic_desktop.clinic.patients.rules import Gender
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.ui.finding import Found
from clinic_desktop.ui.hits import HIT_ROLE
from clinic_desktop.ui.screens.reception.patient_screen import PatientScreen
from clinic_desktop.ui.screens.reception.walk_in import WalkInDialog
from clinic_desktop.ui.screens.registration.screen import RegistrationScreen
from clinic_desktop.ui.shell import Shell
from tests.ui.hands import double_click, modal, warned
from tests.ui.screens.frontdesk import TODAY, FrontDesk, Hands, at
from tests.ui.screens.reception_desk import House, Settle, asha, reception

__all__ = ["asha"]


# Finding


def test_patients_are_found_as_one_types_and_enter_opens_the_file(
    house: House, front: FrontDesk, asha: PatientRow, hands: Hands, settle: Settle, qtbot: QtBot
) -> None:
    front.patient("Ashok", "Kulkarni", gender=Gender.MALE, phone="98200 11002")
    screen = reception(house("receptionist"))
    hands.type("kulk ash")
    qtbot.waitUntil(lambda: len(screen.hits.table.rows) == 2)
    model = screen.hits.table.model
    assert [model.index(0, n).data() for n in range(6)] == [
        "Asha Kulkarni",
        asha.patient_number,
        "35 y",
        "Female",
        "\u2066+919820011001\u2069",
        "Penicillin",
    ]
    hands.press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: screen.file.file is not None)
    assert screen.file.isVisible()
    assert screen.file.banner.accessibleName() == f"Asha Kulkarni, {asha.patient_number}"
    assert screen.file.walk_in.hasFocus()
    hands.press(Qt.Key.Key_Escape)
    assert screen.board.isVisible()
    assert screen.search.hasFocus()
    settle()


def test_a_misspelt_name_is_found_and_said_to_be_only_similar(
    house: House, front: FrontDesk, asha: PatientRow, hands: Hands, settle: Settle, qtbot: QtBot
) -> None:
    front.patient("Ashna", "Kulkarni", phone="98200 11002")
    screen = reception(house("receptionist"))
    hands.type("asha kulkrani")
    qtbot.waitUntil(lambda: [hit.full_name for hit in screen.hits.table.rows] == ["Asha Kulkarni"])
    assert screen.hits.similar.isVisible()
    assert screen.hits.similar.text() == "Nobody is called exactly “asha kulkrani”. These names are similar:"
    for _letter in "rani":
        hands.press(Qt.Key.Key_Backspace)
    hands.type("arni")
    qtbot.waitUntil(lambda: screen.hits.similar.text() == "Names that are only similar stand below those that match.")
    hands.press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: screen.file.file is not None and screen.file.file.patient.id == asha.id)
    settle()


def test_enter_before_the_answer_waits_for_it(
    house: House, front: FrontDesk, asha: PatientRow, hands: Hands, settle: Settle, qtbot: QtBot
) -> None:
    screen = reception(house("receptionist"))
    hands.type("98200 11001")
    hands.press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: screen.file.file is not None)
    assert screen.file.file is not None
    assert screen.file.file.patient.id == asha.id
    settle()


def test_nobody_found_leads_to_registration_with_what_was_typed(house: House, hands: Hands, qtbot: QtBot, settle: Settle) -> None:
    shell = house("receptionist")
    screen = reception(shell)
    hands.type("Kiran Bedi")
    qtbot.waitUntil(lambda: "Kiran Bedi" in screen.hits.register.text())
    hands.press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(shell.current, RegistrationScreen))
    assert isinstance(shell.current, RegistrationScreen)
    assert shell.current.form.main["name"].text() == "Kiran Bedi"
    assert shell.current.form.main["name"].hasFocus()
    settle()


def test_a_found_patient_joins_the_queue_by_f6(
    house: House, front: FrontDesk, asha: PatientRow, hands: Hands, qtbot: QtBot, settle: Settle
) -> None:
    screen = reception(house("receptionist"))
    hands.type("asha")
    qtbot.waitUntil(lambda: screen.hits.current is not None)
    hands.press(Qt.Key.Key_F6)
    made = modal(WalkInDialog, qtbot)
    assert isinstance(made, WalkInDialog)
    settle()
    made.form["priority"].set_value(Priority.EMERGENCY)
    made.adding.setFocus()
    hands.press(Qt.Key.Key_Return)
    settle()
    (visit,) = front.board()
    assert (visit.patient_id, visit.status, visit.priority) == (asha.id, VisitStatus.WAITING, Priority.EMERGENCY)
    assert screen.board.isVisible()
    assert screen.board.table.current == visit


def test_whoever_is_found_is_checked_in_by_f4(
    house: House, front: FrontDesk, asha: PatientRow, hands: Hands, qtbot: QtBot, settle: Settle
) -> None:
    booked, shell = front.book(asha), house("receptionist")
    screen, said = reception(shell), list[str]()
    shell.desk.toasted.connect(lambda text, *_how: said.append(text))
    hands.type("98200 11001")
    hands.press(Qt.Key.Key_F4)  # before the answer: it is about whom that finds
    qtbot.waitUntil(lambda: len(said) == 1)
    settle()
    (visit,) = front.board()
    assert (visit.visit_id, visit.status) == (booked.visit_id, VisitStatus.WAITING)
    assert said[0].startswith("Asha Kulkarni waits with token 1, ")
    assert screen.board.isVisible()
    assert screen.board.table.current == visit
    hands.type("asha")
    hands.press(Qt.Key.Key_F4)
    qtbot.waitUntil(lambda: len(said) == 2)
    assert said[1] == "Asha Kulkarni: Here today with token 1: Waiting, Doctor One."
    assert screen.search.text() == "asha", "what was typed stays"
    settle()


def test_whoever_has_no_appointment_or_several_is_not_checked_in_by_f4(
    house: House, front: FrontDesk, asha: PatientRow, hands: Hands, qtbot: QtBot, settle: Settle
) -> None:
    shell = house("receptionist")
    screen, said = reception(shell), list[str]()
    shell.desk.toasted.connect(lambda text, *_how: said.append(text))
    hands.type("asha")
    hands.press(Qt.Key.Key_F4)
    qtbot.waitUntil(lambda: said == ["Asha Kulkarni: No appointment today."])
    front.book(asha, at(10))
    front.book(asha, at(11))
    hands.press(Qt.Key.Key_F4)
    qtbot.waitUntil(lambda: screen.file.due is not None)
    assert [one.status for one in front.board()] == [VisitStatus.SCHEDULED] * 2
    assert screen.file.check_in.hasFocus()
    settle()


def test_a_second_ticket_is_refused_in_the_dialog(
    house: House, front: FrontDesk, asha: PatientRow, hands: Hands, qtbot: QtBot, settle: Settle
) -> None:
    front.walk_in(asha)
    screen = reception(house("receptionist"))
    hands.type("asha")
    qtbot.waitUntil(lambda: screen.hits.current is not None)
    hands.press(Qt.Key.Key_F6)
    made = modal(WalkInDialog, qtbot)
    assert isinstance(made, WalkInDialog)
    settle()
    double_click(made.adding)
    settle()
    assert "number 1" in made.problem.text()
    made.reject()
    assert len(front.board()) == 1


# Scanning


def test_a_scanned_card_is_one_enter_from_checked_in(
    house: House, front: FrontDesk, asha: PatientRow, hands: Hands, settle: Settle
) -> None:
    booked = front.book(asha)
    card = front.run("receptionist", issue_id_card, clinic_id=front.world.clinic_id, patient_id=asha.id)
    shell = house("receptionist")
    screen = reception(shell)
    for code in (card.qr_payload, card.card_number, asha.patient_number):
        shell.take_scan(code)
        settle()
        assert screen.file.isVisible()
        assert screen.file.check_in.hasFocus()
        assert "10:00" in screen.file.now.text()
        assert front.visit(booked.visit_id).status is VisitStatus.SCHEDULED
        hands.press(Qt.Key.Key_Escape)
    shell.take_scan(asha.patient_number)
    settle()
    before = hands.presses
    hands.press(Qt.Key.Key_Return)
    settle()
    assert hands.presses - before == 1
    assert front.visit(booked.visit_id).status is VisitStatus.WAITING
    assert screen.board.isVisible()
    current = screen.board.table.current
    assert current is not None
    assert current.visit_id == booked.visit_id
    assert screen.search.hasFocus()


def test_a_scanned_booking_opens_its_patient_from_any_screen(
    house: House, front: FrontDesk, asha: PatientRow, hands: Hands, settle: Settle
) -> None:
    front.book(asha, at(9, 30), doctor_id=front.world.doctors[1])
    second = front.book(asha, at(11))
    shell = house("receptionist")
    shell.open("registration")
    shell.take_scan(second.booking_id)
    settle()
    screen = shell.current
    assert isinstance(screen, PatientScreen)
    assert screen.file.due is not None
    assert screen.file.due.visit_id == second.visit_id
    hands.press(Qt.Key.Key_F4)
    settle()
    assert front.visit(second.visit_id).status is VisitStatus.WAITING


def test_a_booking_of_another_day_says_so_and_offers_no_check_in(house: House, front: FrontDesk, asha: PatientRow, settle: Settle) -> None:
    later = front.book(asha, at(10, 0, TODAY + timedelta(days=1)))
    shell = house("receptionist")
    screen = reception(shell)
    shell.take_scan(later.booking_id)
    settle()
    assert "Mar 3, 2026" in screen.file.now.text()
    assert not screen.file.check_in.isVisible()
    assert screen.file.walk_in.hasFocus()


def test_an_unknown_code_and_a_replaced_card_are_told(
    house: House, front: FrontDesk, asha: PatientRow, hands: Hands, settle: Settle, refusals: list[object]
) -> None:
    old = front.run("receptionist", issue_id_card, clinic_id=front.world.clinic_id, patient_id=asha.id)
    front.run("receptionist", issue_id_card, clinic_id=front.world.clinic_id, patient_id=asha.id)
    shell = house("receptionist")
    said: list[str] = []
    shell.desk.toasted.connect(lambda text, _tone, _undo: said.append(text))
    shell.take_scan("PAT-2026-99999")
    settle()
    assert said == ["Nothing belongs to PAT-2026-99999."]
    screen = reception(shell)
    for answer in (Qt.Key.Key_Escape, Qt.Key.Key_Return):
        shell.take_scan(old.card_number)
        settle()
        assert screen.board.isVisible()  # nothing of the patient before somebody has read what is wrong with the card
        assert "replaced by a newer one" in warned()
        hands.press(answer)
        settle()
    assert screen.file.file is not None
    assert screen.file.file.patient.id == asha.id
    shell.open("registration")  # a screen that knows no cards: the search of the header opens it, and warns as well
    shell.take_scan(old.qr_payload)
    settle()
    assert "replaced by a newer one" in warned()
    hands.press(Qt.Key.Key_Return)
    settle()
    assert isinstance(shell.current, PatientScreen)
    shell.finder.start(old.card_number)
    settle()
    assert [one.hit.mark for one in found_lines(shell) if one.hit is not None and one.hit.warning] == ["Card not valid"]
    shell.take_scan(old.qr_payload.replace(old.qr_payload[30], "_", 1))
    settle()
    assert [one.code for one in refusals if isinstance(one, ClinicError)] == ["card_refused"]  # forged: nobody opens
    refusals.clear()


def found_lines(shell: Shell) -> list[Found]:
    return [shell.finder.list.item(place).data(HIT_ROLE) for place in range(shell.finder.list.count())]


def test_the_header_finds_patients_and_appointments(
    house: House, front: FrontDesk, asha: PatientRow, hands: Hands, qtbot: QtBot, settle: Settle
) -> None:
    booked = front.book(asha)
    shell = house("receptionist")
    for text in ("kulkarni", booked.booking_id):
        shell.finder.start(text)
        settle()
        qtbot.waitUntil(shell.finder.popup.isVisible)
        hands.press(Qt.Key.Key_Return)
        settle()
        assert isinstance(shell.current, PatientScreen)
        assert shell.current.file.file is not None
        assert shell.current.file.file.patient.id == asha.id
        shell.open("reception")
