"""The global search at the front desk: whoever and whatever is meant is one line, and one Enter, away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from sqlalchemy import event

from clinic_desktop.clinic.patients.commands import issue_id_card
from clinic_desktop.clinic.patients.queries import PatientRow
from clinic_desktop.clinic.patients.rules import AccessLevel, DocumentCategory
from clinic_desktop.documents import compose
from clinic_desktop.kernel.i18n import activate, active
from clinic_desktop.ui.finding import PER_KIND, find_all, meant_verbs
from clinic_desktop.ui.named import Named
from clinic_desktop.ui.screens import documents, verbs
from clinic_desktop.ui.screens import reception as front_screens
from clinic_desktop.ui.screens.booking.screen import BookingScreen
from clinic_desktop.ui.screens.reception.patient_screen import PatientScreen
from clinic_desktop.ui.screens.registration.screen import RegistrationScreen
from clinic_desktop.ui.shell import Shell
from clinic_desktop.ui.spec import SearchSpec
from tests.clinic.patients.folder import attach
from tests.clinic.patients.hostile_files import picture
from tests.ui.screens.folder_desk import part
from tests.ui.screens.frontdesk import TODAY, FrontDesk, Hands
from tests.ui.screens.reception_desk import House, Settle, asha, reception
from tests.ui.texts import plain

__all__ = ["asha"]
CTRL = Qt.KeyboardModifier.ControlModifier


def lines(shell: Shell) -> list[str]:
    found = shell.finder.list
    return [plain(found.item(place).text()) for place in range(found.count())]


@pytest.fixture
def look_for(hands: Hands, settle: Settle) -> Callable[[Shell, str], list[str]]:
    def type_it(shell: Shell, text: str) -> list[str]:
        QTest.keyClick(shell, Qt.Key.Key_K, CTRL)
        hands.type(text)
        settle()
        return lines(shell)

    return type_it


Look = Callable[[Shell, str], list[str]]


def test_a_line_tells_a_patient_from_a_namesake(house: House, front: FrontDesk, asha: PatientRow, look_for: Look) -> None:
    front.patient("Asha", "Kulkarni", phone="98200 22002")
    found = look_for(house("receptionist"), "kulkarni asha")
    assert found == [
        "Patients",
        f"Asha Kulkarni, {asha.patient_number}  ·  35 y  ·  Female  ·  …1001, Allergies",
        "Asha Kulkarni, PAT-2026-00002  ·  35 y  ·  Female  ·  …2002",
    ]


def test_a_token_is_found_by_its_number_and_by_what_is_printed_on_it(
    house: House, front: FrontDesk, asha: PatientRow, look_for: Look, hands: Hands, settle: Settle
) -> None:
    visit = front.walk_in(asha)
    shell = house("receptionist")
    assert look_for(shell, "#1")[:2] == ["Queue numbers", "#1   Asha Kulkarni, Waiting  ·  Doctor One"]
    hands.press(Qt.Key.Key_Return)
    settle()
    assert isinstance(shell.current, PatientScreen)
    shell.open("registration")
    said: list[str] = []
    shell.desk.toasted.connect(lambda text, _tone, _undo: said.append(text))
    shell.take_scan("Q-20260302-1")
    settle()
    assert isinstance(shell.current, PatientScreen)
    assert shell.current.file.file is not None
    assert shell.current.file.file.patient.id == asha.id
    shell.open("reception")
    shell.take_scan("Q-20260302-1")  # the desk takes it itself
    settle()
    assert reception(shell).file.isVisible()
    for strange in ("Q-20260302-99", "Q-EAST-20260302-1", "Q-20261302-1", "Q-20260301-1"):
        shell.take_scan(strange)
        settle()
    assert said == [f"Nothing belongs to {one}." for one in ("Q-20260302-99", "Q-EAST-20260302-1", "Q-20261302-1", "Q-20260301-1")]
    with front.world.db.read() as session:
        slip = compose.queue_token(session, language=active(), now=front.world.db.clock(), visit_id=visit.visit_id)
    assert slip.number == "1"


def test_doctors_and_services_are_one_enter_from_booking(
    house: House, front: FrontDesk, look_for: Look, hands: Hands, settle: Settle
) -> None:
    shell = house("receptionist")
    assert look_for(shell, "cardio")[:2] == ["Book with a doctor", "Farah Ansari, Cardiologist  ·  Room 2"]
    hands.press(Qt.Key.Key_Return)
    settle()
    screen = shell.current
    assert isinstance(screen, BookingScreen)
    settle()
    assert screen.wish.form["doctor"].value() == front.world.second_doctor_id
    assert "Book a service" in look_for(shell, "nebul")
    hands.press(Qt.Key.Key_Return)
    settle()
    assert screen.wish.form["service"].value() == front.world.services["NEB"]


def test_a_verb_takes_the_name_behind_it(
    house: House, front: FrontDesk, asha: PatientRow, look_for: Look, hands: Hands, settle: Settle
) -> None:
    shell = house("receptionist")
    assert look_for(shell, "register Kiran Bedi")[:2] == ["Do", "Register Kiran Bedi"]
    hands.press(Qt.Key.Key_Return)
    settle()
    assert isinstance(shell.current, RegistrationScreen)
    assert shell.current.form.main["name"].text() == "Kiran Bedi"
    shell.current.form.main["name"].clear()
    assert look_for(shell, "book kulk")[1].startswith("Book for Asha Kulkarni, ")
    hands.press(Qt.Key.Key_Return)
    settle()
    assert isinstance(shell.current, BookingScreen)
    assert shell.current.file is not None
    assert shell.current.file.patient.id == asha.id
    activate("hi")
    assert [verb.code for verb, _rest in meant_verbs("register", verbs())] == ["register"]  # English is known everywhere
    assert meant_verbs("re", verbs()) == []


def test_an_empty_box_shows_what_was_opened_last(
    house: House, front: FrontDesk, asha: PatientRow, look_for: Look, hands: Hands, settle: Settle
) -> None:
    ravi = front.patient("Ravi", "Iyer")
    card = front.run("receptionist", issue_id_card, clinic_id=front.world.clinic_id, patient_id=ravi.id)
    shell = house("receptionist")
    QTest.keyClick(shell, Qt.Key.Key_K, CTRL)
    assert not shell.finder.popup.isVisible()
    look_for(shell, "kulk")
    hands.press(Qt.Key.Key_Return)
    settle()
    shell.take_scan(card.qr_payload)
    settle()
    QTest.keyClick(shell, Qt.Key.Key_K, CTRL)
    assert [line.partition(",")[0] for line in lines(shell)] == ["Opened last", "Ravi Iyer", "Asha Kulkarni"]
    hands.press(Qt.Key.Key_Down)
    hands.press(Qt.Key.Key_Return)
    settle()
    assert isinstance(shell.current, PatientScreen)
    assert shell.current.file.file is not None
    assert shell.current.file.file.patient.id == asha.id


def test_what_somebody_may_not_do_is_not_offered(house: House, front: FrontDesk, asha: PatientRow, look_for: Look) -> None:
    shell = house("pharmacist")
    for text in ("kulkarni", "#1", "cardio", "register asha", "book asha"):
        assert look_for(shell, text) == ["Nothing found"]
        shell.finder.box.clear()


def test_a_document_is_found_by_whose_it_is_and_a_word_of_it_and_none_above_ones_level(
    house: House, front: FrontDesk, asha: PatientRow, look_for: Look, hands: Hands, settle: Settle
) -> None:
    filed = {"role": "admin", "category": DocumentCategory.INSURANCE}
    attach(front.world, asha.id, name="Policy 2026.png", tags=("blue cross",), **filed)
    attach(front.world, asha.id, name="policy-secret.png", data=picture(30, 20), access_level=AccessLevel.ADMIN, **filed)
    attach(front.world, front.patient("Ravi", "Menon").id, name="policy.png", **filed)
    shell = house("receptionist")
    for word in ("policy", "2026", "blue", "insur"):
        found = look_for(shell, f"kulkarni {word}")
        assert [one.partition(",")[0] for one in found if one.startswith(("Documents", "Policy", "policy"))] == [
            "Documents",
            "Policy 2026.png   Asha Kulkarni",
        ], word
        shell.finder.box.clear()
    look_for(shell, "kulkarni policy")
    hands.press(Qt.Key.Key_Return)
    settle()
    assert isinstance(shell.current, PatientScreen)
    assert [row.name for row in part(shell.current, "documents").table.rows] == ["Policy 2026.png"]
    shell = house("nurse")
    assert look_for(shell, "kulkarni policy")[:1] == ["Documents"]
    shell = house("cashier")
    assert not [one for one in look_for(shell, "kulkarni policy") if "olicy" in one]


def test_whose_the_documents_are_is_asked_once_while_one_types_on(front: FrontDesk, asha: PatientRow) -> None:
    """And folders are opened only where something is filed."""
    front.patient("Meera", "Kulkarni")
    attach(front.world, asha.id, name="policy.png")
    asked: list[str] = []
    named, now = Named(), front.world.db.clock()
    ask = {"clinic_id": front.world.clinic_id, "today": TODAY, "actor": front.world.actor("receptionist"), "named": named}

    def look(text: str, later: timedelta = timedelta(), specs: Sequence[SearchSpec] = (documents.SEARCH,)) -> tuple[list[str], int, int]:
        asked.clear()
        found = find_all(session, specs=specs, text=text, now=now + later, **ask)
        of_people, of_folders = (sum(part in text for text in asked) for part in ("search_text", "original_file_name"))
        return [hit.title for spec, hits in found.by_kind if spec is documents.SEARCH for hit in hits], of_people, of_folders

    with front.world.db.read() as session:
        event.listen(session.connection(), "before_cursor_execute", lambda _c, _cursor, text, *_rest: asked.append(text))
        look("kulkarni", specs=front_screens.SEARCHES)
        there = ["policy.png   Asha Kulkarni"]
        typed = [look(f"kulkarni {word}") for word in ("po", "pol", "policy", "none")]
        assert typed == [([], 0, 0), (there, 0, 1), (there, 0, 1), ([], 0, 1)]
        titles, of_people, of_folders = look("meera pol")  # typed at once
        assert (titles, of_people > 0, of_folders) == ([], True, 0)
        assert look("meera poli") == ([], 0, 0)
        titles, of_people, of_folders = look("kulkarni policy", timedelta(minutes=1))
        assert (titles, of_people > 0, of_folders) == (there, True, 1)


@pytest.mark.parametrize("count", [4, 8])
def test_a_search_asks_no_more_for_more_hits(front: FrontDesk, count: int) -> None:
    for number in range(count):
        front.patient("Asha", f"Kulkarni{number}", phone=f"98200 1100{number}")
    asked: list[str] = []
    with front.world.db.read() as session:
        connection = session.connection()
        event.listen(connection, "before_cursor_execute", lambda _c, _cursor, text, *_rest: asked.append(text))
        ask = {"clinic_id": front.world.clinic_id, "today": TODAY}
        found = find_all(session, specs=front_screens.SEARCHES, text="asha", verbs=meant_verbs("book asha", verbs()), **ask)
    hits = {spec.code: len(hits) for spec, hits in found.by_kind}
    assert (hits["patients"], len(asked) <= 8) == (min(count, PER_KIND), True), asked


def test_a_booking_is_found_by_the_end_of_its_number(house: House, front: FrontDesk, asha: PatientRow, look_for: Look) -> None:
    booked = front.book(asha)
    assert booked.booking_id == "APT-2026-00001"
    shell = house("receptionist")
    for typed in ("APT-2026-00001", "apt-1", "APT-001"):
        assert look_for(shell, typed)[:2] == ["Appointments", "APT-2026-00001   Asha Kulkarni, Mar 2, 2026, 10:00\u00a0AM"], typed
        shell.finder.box.clear()
    assert look_for(shell, "apt-2") == ["Nothing found"]  # not given yet
