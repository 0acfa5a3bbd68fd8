"""After signing: addenda, prints, the next appointment, templates, earlier diagnoses and the list of the day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from clinic_desktop.clinic.clinical.rules import PrescriptionStatus
from clinic_desktop.clinic.frontdesk.rules import AppointmentKind, VisitStatus
from clinic_desktop.ui.printing import Preview
from tests.ui.screens.chair import CTRL, Chair, chair, lobby, medicines, prescribed, signed, written
from tests.ui.screens.lobby import Lobby
from tests.ui.texts import plain

__all__ = ["chair", "lobby", "medicines"]


def test_a_signed_consultation_is_read_only_and_takes_addenda(chair: Callable[[], Chair], lobby: Lobby, medicines: dict[str, UUID]) -> None:
    visit = signed(lobby, medicines["Paracetamol"])
    doctor = chair()
    doctor.start(visit)
    screen = doctor.screen
    assert screen.notes.text("complaint").isReadOnly()
    assert not screen.foot.sign.isVisible()
    assert not screen.prescription.entry.isVisible()
    assert doctor.lines == [("Paracetamol 650 mg", "1 tablet · BD · 30 days", "60 tablet")]
    QTest.mouseClick(screen.foot.addendum, Qt.MouseButton.LeftButton)
    doctor.settle()
    doctor.type("Call back with the blood result")
    doctor.press(Qt.Key.Key_Return, CTRL)
    assert [one.text for one in written(lobby, visit).addenda] == ["Call back with the blood result"]
    assert "Call back with the blood result" in screen.notes._addenda.text()


def test_the_prescription_prints(chair: Callable[[], Chair], lobby: Lobby, medicines: dict[str, UUID]) -> None:
    doctor = chair()
    doctor.start(signed(lobby, medicines["Paracetamol"]))
    doctor.press(Qt.Key.Key_P, CTRL)
    doctor.qtbot.waitUntil(lambda: bool(doctor.screen.findChildren(Preview)))
    preview = doctor.dialog(Preview)
    assert preview._document.kind == "prescription"
    preview.reject()


def test_the_next_appointment_takes_one_key(chair: Callable[[], Chair], lobby: Lobby) -> None:
    visit = lobby.start(lobby.walk_in("Asha Rao"))
    doctor = chair()
    doctor.start(visit)
    QTest.mouseClick(doctor.screen.notes._weeks.findChildren(QWidget)[0], Qt.MouseButton.LeftButton)
    doctor.press(Qt.Key.Key_F4)
    row = lobby.visit(visit)
    what = {"patient_id": row.patient_id, "doctor_id": row.doctor_id, "day": date(2026, 3, 9), "kind": AppointmentKind.FOLLOW_UP}
    assert doctor.opened == [("booking", what)]
    assert written(lobby, visit).follow_up_date == date(2026, 3, 9)


def test_templates_are_kept_and_taken(chair: Callable[[], Chair], lobby: Lobby) -> None:
    visit = lobby.start(lobby.walk_in("Asha Rao"))
    doctor = chair()
    doctor.start(visit)
    doctor.prescribe("amoxicillin", "", "b", "5", "")
    doctor.screen.signing.ask_template_name()
    doctor.qtbot.waitUntil(doctor.dialog().isActiveWindow)
    doctor.type("Throat")
    doctor.enter()
    assert doctor.toasts[-1] == "The template is saved."
    other = lobby.start(lobby.walk_in("Om Prakash"))
    doctor.screen.casework.flush(lambda: None)
    doctor.settle()
    doctor.screen.open(visit_id=other)
    doctor.screen.refresh()  # what another desk does meanwhile does not bring back whom the doctor has left
    doctor.settle()
    assert doctor.lines == []
    menu = doctor.screen.signing.template_menu()
    menu.actions()[0].trigger()
    doctor.settle()
    assert doctor.lines == [("Amoxicillin 500 mg", "1 capsule · BD · 5 days", "10 capsule")]
    doctor.screen.casework.flush(lambda: None)
    doctor.settle()
    assert [one.status for one in prescribed(lobby, other)] == [PrescriptionStatus.DRAFT]


def test_earlier_diagnoses_are_offered(chair: Callable[[], Chair], lobby: Lobby, medicines: dict[str, UUID]) -> None:
    patient = lobby.person("Asha Rao")
    signed(lobby, medicines["Paracetamol"], patient_id=patient, diagnosis="Hypertension")
    signed(lobby, medicines["Paracetamol"], "Om Prakash", diagnosis="Hyperthyroidism")
    lobby.clock.advance(days=7)
    visit = lobby.start(lobby.walk_in(patient_id=patient))
    doctor = chair()
    doctor.start(visit)
    field = doctor.screen.notes.diagnosis
    field.line.setFocus()
    doctor.type("hyp")
    assert field.line.offered == ["Hypertension", "Hyperthyroidism"]
    doctor.press(Qt.Key.Key_Down)
    doctor.enter()
    assert [one.text for one in field.values()] == ["Hyperthyroidism"]
    texts = [[plain(text) for text in column] for column in doctor.screen.glance.texts]
    assert texts[0][0] == "128/84 · 76 /min"
    assert texts[1:] == [["Hypertension"], ["Mar 2, 2026 · Hypertension"], ["Paracetamol · BD"]]
    doctor.press(Qt.Key.Key_4, CTRL)
    assert "Headache" in doctor.screen.history.text.toPlainText()
    assert "Paracetamol 650 mg · 1 tablet · BD · 30 days" in plain(doctor.screen.history.text.toPlainText())


def test_the_list_of_the_day(chair: Callable[[], Chair], lobby: Lobby, medicines: dict[str, UUID]) -> None:
    done = signed(lobby, medicines["Paracetamol"], "Farah Ansari")
    first, second = lobby.walk_in("Asha Rao"), lobby.walk_in("Om Prakash")
    lobby.call(second)
    doctor = chair()
    assert [row.visit_id for row in doctor.screen.days.rows.rows] == [second, first, done]
    doctor.screen.days.setFocus()
    doctor.press(Qt.Key.Key_Down)
    doctor.enter()
    assert doctor.screen.casework.case is not None
    assert doctor.screen.banner._name.text() in ("Asha Rao", "Om Prakash")
    doctor.start(second)
    doctor.press(Qt.Key.Key_F7)
    assert lobby.visit(second).status is VisitStatus.WAITING


def test_picture_of_a_signed_one(
    chair: Callable[[], Chair], lobby: Lobby, medicines: dict[str, UUID], picture: Callable[[QWidget, str], Path]
) -> None:
    visit = signed(lobby, medicines["Paracetamol"])
    lobby.walk_in("Om Prakash")
    doctor = chair()
    doctor.start(visit)
    picture(doctor.screen, "signed-light-en")
    doctor.press(Qt.Key.Key_F8)
    picture(doctor.screen, "called-light-en")
    assert doctor.screen.foot.start.isVisible()
    assert doctor.screen.width() == 1170
