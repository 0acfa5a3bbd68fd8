"""The doctor in a hurry, by keyboard only, with the mistakes that hands make; and the patient of another doctor."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.clinical.commands import save_consultation
from clinic_desktop.clinic.clinical.rules import ConsultationStatus
from clinic_desktop.clinic.frontdesk.rules import VisitStatus
from clinic_desktop.kernel.i18n import activate
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screens.consultation.screen import ConsultationScreen
from clinic_desktop.ui.screens.queue.vitals import VitalsDialog
from clinic_desktop.ui.theme.apply import apply_theme
from tests.clinic.stock.shelf import Shelf
from tests.clinic.world import World
from tests.conftest import FrozenClock
from tests.ui.screens.chair import Chair, prescribed, written
from tests.ui.screens.lobby import Lobby, Seat
from tests.ui.texts import plain
from tests.ui.walk import unnamed

KEY = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
LONG = "Amoxicillin and clavulanic acid"


@pytest.fixture
def lobby(world: World, clock: FrozenClock) -> Lobby:
    return Lobby(world, clock)


@pytest.fixture
def medicines(world: World) -> dict[str, UUID]:
    catalogue = {
        LONG: {"strength": "875 mg/125 mg", "form": "Tablet"},
        "Paracetamol": {"strength": "650 mg", "form": "Tablet"},
        "Cetirizine": {"strength": "10 mg", "form": "Tablet"},
    }
    return Shelf.open(world).stocked(catalogue)


@pytest.fixture
def room(
    desk_as: Callable[[str], Desk], medicines: dict[str, UUID], show: Callable[..., None], settle: Callable[[], None], qtbot: QtBot
) -> Callable[..., Chair]:
    """The doctor's room with a visit open: ``room(visit_id, role)``."""

    def sit(visit_id: UUID, role: str = "doctor") -> Chair:
        chair = Chair(ConsultationScreen(desk_as(role)), show, settle, qtbot)
        chair.start(visit_id)
        return chair

    return sit


def answer(seat: Seat, *keys: Qt.Key) -> None:
    """Press keys in the question that is open."""
    for key in keys:
        QTest.keyClick(QApplication.activeModalWidget().focusWidget() or QApplication.activeModalWidget(), key)
    seat.settle()


def back(seat: Seat) -> None:
    """There is no window manager here that gives the window back its keys."""
    seat.screen.activateWindow()
    seat.qtbot.waitUntil(seat.screen.isActiveWindow)


def test_a_medicine_that_nobody_knows_is_said_at_once(room: Callable[..., Chair], lobby: Lobby) -> None:
    doctor = room(lobby.start(lobby.walk_in()))
    entry = doctor.screen.prescription.entry
    doctor.prescribe("parazetamoll")
    assert entry.medicine.property("invalid")
    assert "“parazetamoll”" in entry.note.text()
    assert QApplication.focusWidget() is entry.medicine
    for _letter in range(8):
        doctor.press(KEY.Key_Backspace)
    assert not entry.medicine.property("invalid")
    doctor.enter()
    assert entry.drug is not None
    assert entry.drug.name == "Paracetamol"


@pytest.mark.parametrize(
    ("typed", "said"),
    [("x", "Please enter a dose such as 1, 1/2 or 5 ml."), ("1/0", "Please enter a dose such as 1, 1/2 or 5 ml."), ("0", "from 0 to")],
)
def test_a_wrong_dose_is_said_in_the_words_of_doses(typed: str, said: str, room: Callable[..., Chair], lobby: Lobby) -> None:
    doctor = room(lobby.start(lobby.walk_in()))
    entry = doctor.screen.prescription.entry
    doctor.prescribe("parac", typed, "b", "5", "3", "", "")
    assert doctor.lines == []
    assert said in entry.note.text()
    assert QApplication.focusWidget() is entry.dose
    doctor.press(KEY.Key_A, CTRL)
    doctor.type("1/2")
    for _field in range(5):
        doctor.enter()
        if doctor.lines:
            break
    assert [dose for _title, dose, _amount in doctor.lines] == ["0.5 tablet · BD · 5 days"]


def test_escape_gives_a_line_up_and_the_next_medicine_does_not_take_the_place_of_the_opened_one(
    room: Callable[..., Chair], lobby: Lobby
) -> None:
    doctor = room(lobby.start(lobby.walk_in()))
    entry, table = doctor.screen.prescription.entry, doctor.screen.prescription.table
    doctor.prescribe("parac", "", "b", "5", "")
    table.grid.setFocus()
    doctor.press(KEY.Key_Down)
    doctor.enter()
    assert (entry.add.text(), entry.medicine.text()) == ("Change line", "Paracetamol 650 mg")
    doctor.press(KEY.Key_Escape)
    assert (entry.is_empty, entry.add.text(), QApplication.focusWidget()) == (True, "Add", entry.medicine)
    doctor.prescribe("ceti", "", "o", "10", "")
    assert [title for title, _dose, _amount in doctor.lines] == ["Paracetamol 650 mg", "Cetirizine 10 mg"]


def test_the_whole_name_of_a_medicine_is_seen(room: Callable[..., Chair], lobby: Lobby) -> None:
    doctor = room(lobby.start(lobby.walk_in()))
    entry = doctor.screen.prescription.entry
    doctor.prescribe("amox")
    name = entry.medicine.text()
    assert name == f"{LONG} 875 mg/125 mg"
    assert entry.medicine.cursorPosition() == 0  # where the field is narrower all the same, the name is seen and not the strength
    assert entry.medicine.cursorPositionAt(QPoint(entry.medicine.width() - 12, entry.medicine.height() // 2)) == len(name)
    for text in ("", "b", "5", ""):
        doctor.type(text)
        doctor.enter()
    grid = doctor.screen.prescription.table.grid
    assert grid.columnWidth(0) >= grid.fontMetrics().horizontalAdvance(name) + 24


def test_the_warning_column_is_there_with_warnings_and_the_answer_stays_after_signing(room: Callable[..., Chair], lobby: Lobby) -> None:
    visit = lobby.start(lobby.walk_in(patient_id=lobby.person("Asha Rao", allergies="Penicillin")))
    doctor = room(visit)
    panel = doctor.screen.prescription
    doctor.type("Sore throat")
    doctor.prescribe("parac", "", "b", "5", "")
    assert panel.table.grid.isColumnHidden(4)
    doctor.prescribe("amox", "", "b", "5", "")
    assert not panel.table.grid.isColumnHidden(4)
    doctor.press(KEY.Key_F10)
    doctor.type("Tolerated in 2024")
    doctor.press(KEY.Key_F10)
    answer(doctor, KEY.Key_Return)
    assert written(lobby, visit).status is ConsultationStatus.SIGNED
    assert panel.table.grid.isColumnHidden(4)
    assert (panel.reason.isVisible(), panel.reason.isReadOnly(), panel.reason.text()) == (True, True, "Tolerated in 2024")
    assert panel._reason_title.text() == "Prescribed in spite of warnings"
    assert doctor.screen.foot.state.text() == "Signed by Doctor One."


def test_another_doctor_is_asked_why_before_signing(room: Callable[..., Chair], lobby: Lobby) -> None:
    visit = lobby.start(lobby.walk_in())
    lobby.world.db.run(lobby.world.actor("doctor"), save_consultation, visit_id=visit, complaint="Fever")
    doctor = room(visit, "doctor2")
    assert plain(doctor.screen.foot.state.text()).startswith("Patient of Doctor One")
    doctor.prescribe("parac", "", "b", "5", "")
    doctor.press(KEY.Key_F10)
    question = doctor.dialog()
    assert question.windowTitle() == "Sign in place of Doctor One?"
    assert unnamed(question) == []
    answer(doctor, KEY.Key_Escape)
    back(doctor)
    assert lobby.visit(visit).status is VisitStatus.IN_PROGRESS
    doctor.press(KEY.Key_F10)
    why = doctor.dialog().findChild(QPlainTextEdit)
    assert QApplication.focusWidget() is why
    QTest.keyClick(why, KEY.Key_Return, CTRL)
    assert written(lobby, visit).status is ConsultationStatus.DRAFT  # no reason, no signature
    QTest.keyClicks(why, "Doctor One was called away")
    QTest.keyClick(why, KEY.Key_Return, CTRL)
    doctor.settle()
    assert written(lobby, visit).signed_by == "Farah Ansari"
    (paper,) = prescribed(lobby, visit)
    assert (paper.status, paper.doctor_name) == ("ACTIVE", "Farah Ansari")
    assert "Signed by Farah Ansari" in doctor.screen.foot.state.text()


def test_readings_are_not_lost_by_escape(room: Callable[..., Chair], lobby: Lobby) -> None:
    doctor = room(lobby.start(lobby.walk_in()))
    doctor.press(KEY.Key_F2)
    doctor.qtbot.waitUntil(doctor.dialog(VitalsDialog).isActiveWindow)
    doctor.press(KEY.Key_Escape)
    assert not any(one.isVisible() for one in doctor.screen.findChildren(VitalsDialog))  # nothing was typed
    back(doctor)
    doctor.press(KEY.Key_F2)
    vitals = doctor.dialog(VitalsDialog)
    doctor.qtbot.waitUntil(vitals.isActiveWindow)
    doctor.type("128")
    doctor.press(KEY.Key_Escape)
    question = QApplication.activeModalWidget()
    assert question.windowTitle() == "Leave without saving?"
    assert QApplication.focusWidget() is not None
    answer(doctor, KEY.Key_Return)  # the safe one has the focus
    assert vitals.isVisible()
    assert vitals.form["systolic"].text() == "128"
    vitals.activateWindow()
    doctor.qtbot.waitUntil(vitals.isActiveWindow)
    doctor.press(KEY.Key_Escape)
    answer(doctor, KEY.Key_Tab, KEY.Key_Return)
    assert not any(one.isVisible() for one in doctor.screen.findChildren(VitalsDialog))


def test_vital_signs_are_all_seen_at_a_glance(room: Callable[..., Chair], lobby: Lobby) -> None:
    visit = lobby.start(lobby.walk_in())
    doctor = room(visit)
    doctor.press(KEY.Key_F2)
    dialog = doctor.dialog(VitalsDialog)
    doctor.qtbot.waitUntil(dialog.isActiveWindow)
    for reading in ("148", "94", "104", "38.6", "98", "18", "101.5", "182", "110"):
        doctor.type(reading)
        doctor.enter()
    doctor.press(KEY.Key_Return, CTRL)
    doctor.qtbot.waitUntil(lambda: bool(doctor.screen.vitals.table.rows))
    doctor.settle()
    cell = doctor.screen.glance._cells[0]
    assert [plain(one.text()) for one in cell] == [
        "148/94 · 104 /min · 38.6 °C",
        "SpO₂ 98 % · 101.5 kg · BMI 30.6",
    ]
    assert all(one.width() >= one.fontMetrics().horizontalAdvance(one.text()) for one in cell)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_whole_consultation_is_seen_on_a_small_screen(
    language: str, room: Callable[..., Chair], lobby: Lobby, qapp: QApplication
) -> None:
    activate(language)
    apply_theme(qapp, "light", right_to_left=language == "ar")
    doctor = room(lobby.start(lobby.walk_in()))
    notes = doctor.screen.notes
    assert notes.height() <= notes.parentWidget().height()  # nothing to scroll: what is out of sight is not filled in
    before = notes.text("findings").height()
    doctor.screen.resize(1724, 980)
    doctor.settle()
    assert notes.text("findings").height() > before + 40  # and a large screen is used
