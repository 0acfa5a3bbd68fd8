"""The doctor's room: a consultation by keyboard, and what the database says afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.clinical import commands
from clinic_desktop.clinic.clinical.rules import ConsultationStatus, Frequency, NewVitals, PrescriptionStatus
from clinic_desktop.clinic.frontdesk import commands as frontdesk
from clinic_desktop.clinic.frontdesk.rules import VisitStatus
from clinic_desktop.kernel.errors import ClinicError, PermissionDenied
from clinic_desktop.kernel.i18n import activate
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screens.consultation import SCREEN
from clinic_desktop.ui.screens.queue.vitals import VitalsDialog
from clinic_desktop.ui.theme.apply import apply_theme
from clinic_desktop.ui.work import Work
from tests.ui.screens.chair import CTRL, Chair, Settle, chair, lobby, medicines, prescribed, signed, written
from tests.ui.screens.conftest import LOOKS
from tests.ui.screens.lobby import Lobby
from tests.ui.walk import unnamed

__all__ = ["chair", "lobby", "medicines"]


def test_a_whole_consultation_by_keyboard(chair: Callable[[], Chair], lobby: Lobby) -> None:
    visit = lobby.walk_in("Asha Rao")
    lobby.walk_in("Om Prakash")
    doctor = chair()
    assert doctor.badges[-1] == 2
    doctor.press(Qt.Key.Key_F8)
    assert (lobby.visit(visit).status, lobby.visit(visit).room) == (VisitStatus.CALLED, "1")
    doctor.press(Qt.Key.Key_F6)
    assert lobby.visit(visit).status is VisitStatus.IN_PROGRESS
    doctor.type("Fever and sore throat for two days")
    doctor.press(Qt.Key.Key_Tab)
    doctor.type("Throat red")
    doctor.press(Qt.Key.Key_Tab)
    doctor.type("Acute tonsillitis")
    doctor.enter()
    doctor.press(Qt.Key.Key_2, CTRL)
    before = doctor.keys
    for text in ("amox", "", "t", "5", ""):
        doctor.type(text)
        doctor.enter()
    assert doctor.keys - before <= 12
    assert doctor.lines == [("Amoxicillin 500 mg", "1 capsule · TDS · 5 days", "15 capsule")]
    assert unnamed(doctor.screen) == []
    doctor.press(Qt.Key.Key_F10)
    assert lobby.visit(visit).status is VisitStatus.PENDING_PAYMENT
    found = written(lobby, visit)
    assert (found.status, found.complaint, found.findings) == (
        ConsultationStatus.SIGNED,
        "Fever and sore throat for two days",
        "Throat red",
    )
    assert [one.text for one in found.diagnoses] == ["Acute tonsillitis"]
    (prescription,) = prescribed(lobby, visit)
    assert (prescription.status, prescription.diagnosis) == (PrescriptionStatus.ACTIVE, "Acute tonsillitis")
    assert [(item.medicine, item.quantity, item.frequency) for item in prescription.items] == [("Amoxicillin", 15, Frequency.TDS)]
    assert doctor.toasts[-1] == "Signed. Asha Rao goes on to the cashier."


def test_the_quantity_computes_itself_and_can_be_changed(chair: Callable[[], Chair], lobby: Lobby) -> None:
    visit = lobby.start(lobby.walk_in("Asha Rao"))
    doctor = chair()
    doctor.start(visit)
    entry = doctor.screen.prescription.entry
    doctor.prescribe("parac", "1/2", "b", "7")
    assert entry.quantity.text() == "7"
    entry.quantity.setFocus()
    entry.quantity.selectAll()
    doctor.type("10")
    entry.days.setFocus()
    entry.days.selectAll()
    doctor.type("9")
    assert entry.quantity.text() == "10"  # typed by hand: it stays
    entry.instructions.setFocus()
    doctor.type("after food")
    doctor.enter()
    assert doctor.lines == [("Paracetamol 650 mg", "0.5 tablet · BD · 9 days", "10 tablet")]


def test_what_is_missing_or_wrong_is_said_at_its_place(chair: Callable[[], Chair], lobby: Lobby) -> None:
    visit = lobby.start(lobby.walk_in("Asha Rao"))
    doctor = chair()
    doctor.start(visit)
    entry = doctor.screen.prescription.entry
    doctor.prescribe("zzz")
    assert entry.drug is None
    entry.finish()
    assert (entry.note.text(), QApplication.focusWidget()) == ("Choose one of the list.", entry.medicine)
    entry.medicine.selectAll()
    doctor.prescribe("salbu", "5 ml", "p", "5")
    assert QApplication.focusWidget() is entry.quantity  # when needed: nobody can compute it
    entry.finish()
    assert (entry.note.text(), entry.quantity.property("invalid")) == ("Please fill this in.", True)
    entry.dose.setText("five")
    entry.finish()
    assert entry.dose.property("invalid")
    entry.dose.setText("5 ml")
    entry.quantity.setFocus()
    doctor.type("1")
    entry.finish()
    assert doctor.lines == [("Salbutamol syrup 2 mg/5 ml", "5 ml · PRN · 5 days", "1 bottle")]


def test_an_allergy_is_warned_about_and_needs_a_reason(chair: Callable[[], Chair], lobby: Lobby) -> None:
    patient = lobby.person("Asha Rao", allergies="Penicillin")
    visit = lobby.start(lobby.walk_in(patient_id=patient))
    doctor = chair()
    doctor.start(visit)
    assert doctor.screen.banner._allergies.text == "Allergies: Penicillin"
    doctor.type("Sore throat")
    doctor.prescribe("amox")
    assert doctor.screen.prescription.entry.note.text() == "Allergy: penicillin"
    for text in ("", "b", "5", ""):
        doctor.type(text)
        doctor.enter()
    assert doctor.screen.prescription.table.model.index(0, 4).data() == "Allergy: penicillin"
    doctor.press(Qt.Key.Key_F10)
    assert prescribed(lobby, visit) == []
    assert QApplication.focusWidget() is doctor.screen.prescription.reason
    doctor.type("Tolerated last year")
    doctor.press(Qt.Key.Key_Return, CTRL)
    assert lobby.visit(visit).status is VisitStatus.IN_PROGRESS  # unusual: asked first
    question = doctor.dialog()
    QTest.keyClick(question, Qt.Key.Key_Return)
    doctor.settle()
    (prescription,) = prescribed(lobby, visit)
    assert (prescription.status, prescription.override_reason) == (PrescriptionStatus.ACTIVE, "Tolerated last year")


def test_the_same_ingredient_twice_is_warned_about(chair: Callable[[], Chair], lobby: Lobby) -> None:
    visit = lobby.start(lobby.walk_in("Asha Rao"))
    doctor = chair()
    doctor.start(visit)
    doctor.prescribe("amoxicillin", "", "b", "5", "")
    doctor.prescribe("augm", "", "b", "5", "")
    table = doctor.screen.prescription.table
    assert [table.model.index(row, 4).data() for row in range(2)] == ["", "Amoxicillin is also in Amoxicillin"]
    table.select(1)
    table.setFocus()
    doctor.press(Qt.Key.Key_Delete)
    assert not doctor.screen.prescription.has_warnings
    assert len(doctor.lines) == 1


def test_the_draft_saves_itself_while_one_types(chair: Callable[[], Chair], lobby: Lobby, qtbot: QtBot) -> None:
    visit = lobby.start(lobby.walk_in("Asha Rao"))
    doctor = chair()
    doctor.start(visit)
    doctor.type("Cough")
    assert doctor.screen.foot.state.text() == "Saving…"
    qtbot.waitUntil(lambda: doctor.screen.casework.is_settled)
    assert written(lobby, visit).complaint == "Cough"
    doctor.type(" since Monday")
    doctor.screen.open(visit_id=lobby.walk_in("Om Prakash"))  # going elsewhere saves first
    doctor.settle()
    assert written(lobby, visit).complaint == "Cough since Monday"
    doctor.start(visit)
    assert doctor.screen.notes.text("complaint").value() == "Cough since Monday"


def test_an_unchanged_prescription_is_not_saved_again(chair: Callable[[], Chair], lobby: Lobby, qtbot: QtBot) -> None:
    visit = lobby.start(lobby.walk_in("Asha Rao"))
    doctor = chair()
    doctor.start(visit)
    doctor.prescribe("amoxicillin", "", "b", "5", "")
    qtbot.waitUntil(lambda: doctor.screen.casework.is_settled)
    doctor.screen.prescription.changed.emit()  # a line was opened and put back as it was
    doctor.screen.casework.flush(lambda: None)
    doctor.settle()
    assert doctor.screen.casework.is_settled
    assert [one.version for one in prescribed(lobby, visit)] == [1]
    doctor.screen.prescription.table.select_first()
    doctor.screen.prescription.remove.click()
    qtbot.waitUntil(lambda: doctor.screen.casework.is_settled)
    assert [one.status for one in prescribed(lobby, visit)] == [PrescriptionStatus.CANCELLED]


@pytest.mark.parametrize(("mine", "complaint"), [(True, "Mine"), (False, "Theirs")])
def test_a_change_elsewhere_is_never_overwritten_unasked(chair: Callable[[], Chair], lobby: Lobby, mine: bool, complaint: str) -> None:
    visit = lobby.start(lobby.walk_in("Asha Rao"))
    doctor = chair()
    doctor.start(visit)
    lobby.world.db.run(lobby.world.actor("doctor"), commands.save_consultation, visit_id=visit, complaint="Theirs")
    doctor.type("Mine")
    doctor.screen.casework.flush(lambda: None)
    doctor.settle()
    assert written(lobby, visit).complaint == "Theirs"
    dialog = doctor.dialog()
    if mine:
        dialog.accept()
    else:
        dialog.reject()
    doctor.settle()
    doctor.screen.casework.flush(lambda: None)
    doctor.settle()
    assert written(lobby, visit).complaint == complaint
    assert doctor.screen.notes.text("complaint").value() == complaint


def test_a_lock_loses_nothing(chair: Callable[[], Chair], lobby: Lobby) -> None:
    visit = lobby.start(lobby.walk_in("Asha Rao"))
    doctor = chair()
    doctor.start(visit)
    doctor.type("Dizzy")
    doctor.prescribe("amoxicillin", "", "b", "5", "")
    doctor.prescribe("parac")
    kept = doctor.screen.draft()
    assert kept is not None
    again = chair()
    again.screen.restore(kept)
    again.settle()
    assert again.screen.notes.text("complaint").value() == "Dizzy"
    assert again.lines == doctor.lines
    assert again.screen.prescription.entry.medicine.text() == "Paracetamol 650 mg"
    again.screen.casework.flush(lambda: None)
    again.settle()
    assert written(lobby, visit).complaint == "Dizzy"


def test_nothing_to_sign_is_said_at_the_complaint(chair: Callable[[], Chair], lobby: Lobby) -> None:
    visit = lobby.start(lobby.walk_in("Asha Rao"))
    doctor = chair()
    doctor.start(visit)
    doctor.press(Qt.Key.Key_F10)
    QTest.keyClick(doctor.dialog(), Qt.Key.Key_Return)  # there is no diagnosis
    doctor.settle()
    assert doctor.screen.notes.fields["complaint"].error == "Enter a complaint or a diagnosis before you sign."
    assert lobby.visit(visit).status is VisitStatus.IN_PROGRESS


def test_an_unfinished_line_is_not_lost_by_signing(chair: Callable[[], Chair], lobby: Lobby) -> None:
    visit = lobby.start(lobby.walk_in("Asha Rao"))
    doctor = chair()
    doctor.start(visit)
    doctor.screen.notes.diagnosis.line.setFocus()
    doctor.type("Migraine")
    doctor.prescribe("parac", "1", "b")
    doctor.press(Qt.Key.Key_F10)
    assert QApplication.focusWidget() is doctor.screen.prescription.entry.days
    doctor.type("3")
    for _click in range(2):
        QTest.mouseClick(doctor.screen.foot.sign, Qt.MouseButton.LeftButton)
    doctor.settle()
    (prescription,) = prescribed(lobby, visit)
    assert [(item.quantity, item.duration_days) for item in prescription.items] == [(6, 3)]
    assert written(lobby, visit).status is ConsultationStatus.SIGNED


def test_vital_signs_of_a_nurse_appear_while_the_doctor_writes(chair: Callable[[], Chair], lobby: Lobby, work: Work) -> None:
    visit = lobby.start(lobby.walk_in("Asha Rao"))
    doctor = chair()
    doctor.start(visit)
    doctor.type("Cou")
    lobby.world.db.run(lobby.world.actor("nurse"), commands.record_vitals, visit_id=visit, reading=NewVitals(pulse=88))
    doctor.qtbot.waitUntil(lambda: doctor.screen.glance.texts[0][:1] == ["\u206888 /min\u2069"])
    doctor.type("gh")
    assert doctor.screen.notes.text("complaint").value() == "Cough"
    doctor.press(Qt.Key.Key_F2)
    doctor.dialog(VitalsDialog).reject()


def test_a_nurse_has_no_doctors_room(desk_as: Callable[[str], Desk], lobby: Lobby, work: Work, settle: Settle) -> None:
    desk = desk_as("nurse")
    assert not SCREEN.is_for(desk.actor)
    visit = lobby.start(lobby.walk_in("Asha Rao"))
    refused: list[ClinicError] = []
    work.do(work, commands.save_consultation, failed=refused.append, visit_id=visit, complaint="x")
    settle()
    assert isinstance(refused[0], PermissionDenied)


@pytest.mark.parametrize(("look", "language"), LOOKS)
def test_pictures(
    chair: Callable[[], Chair],
    lobby: Lobby,
    medicines: dict[str, UUID],
    qapp: QApplication,
    picture: Callable[[QWidget, str], Path],
    look: str,
    language: str,
) -> None:
    activate(language)
    apply_theme(qapp, look, right_to_left=language == "ar")
    patient = lobby.person("Sunita Deshpande-Kulkarni", allergies="Penicillin, peanuts", born=date(1961, 4, 2))
    for diagnosis in ("Type 2 diabetes mellitus", "Essential hypertension", "Osteoarthritis of the knee"):
        signed(lobby, medicines["Paracetamol"], patient_id=patient, diagnosis=diagnosis)
        lobby.clock.advance(days=35)
    for name in ("Om Prakash Chaturvedi", "محمد عبد الله الزهراني"):
        signed(lobby, medicines["Paracetamol"], name)
    visit = lobby.walk_in(patient_id=patient)
    for name in ("सुनीता देशपांडे", "Jean-Luc Fernandes de Albuquerque", "Ravi Menon", "Lakshmi Venkataraman"):
        lobby.clock.advance(minutes=4)
        lobby.walk_in(name)
    lobby.start(visit)
    lobby.world.db.run(lobby.world.actor("nurse"), frontdesk.call, visit_id=lobby.walk_in("Zoya Khan"), room="1")
    doctor = chair()
    doctor.start(visit)
    doctor.type("Sore throat and fever up to 39 °C for three days, painful swallowing. No cough.")
    doctor.screen.notes.text("findings").setPlainText("Tonsils enlarged with exudate, tender cervical nodes. Chest clear.")
    doctor.screen.notes.diagnosis.line.setFocus()
    doctor.type("Acute bacterial tonsillitis")
    doctor.enter()
    doctor.screen.notes.text("treatment").setPlainText("Warm saline gargles, fluids, rest.")
    picture(doctor.screen, f"consultation-{look}-{language}")
    doctor.prescribe("amoxicillin", "", "t", "7", "after food")
    doctor.prescribe("parac", "", "b", "3", "")
    doctor.type("sal")
    picture(doctor.screen, f"prescription-{look}-{language}")
    doctor.screen.prescription.entry.medicine.hide_offers()
    doctor.press(Qt.Key.Key_4, CTRL)
    picture(doctor.screen, f"history-{look}-{language}")
    assert (doctor.screen.width(), doctor.screen.height()) == (1170, 684)  # what a small screen has left beside the rail
    activate("en")
