"""The doctor's room: a consultation by keyboard, and what the database says afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.clinical import commands, queries
from clinic_desktop.clinic.clinical.commands import NewDiagnosis, NewItem
from clinic_desktop.clinic.clinical.rules import ConsultationStatus, Frequency, NewVitals, PrescriptionStatus, Route
from clinic_desktop.clinic.frontdesk import commands as frontdesk
from clinic_desktop.clinic.frontdesk.rules import AppointmentKind, VisitStatus
from clinic_desktop.kernel.errors import ClinicError, PermissionDenied
from clinic_desktop.kernel.i18n import activate
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.printing import Preview
from clinic_desktop.ui.screens.consultation import SCREEN
from clinic_desktop.ui.screens.consultation.autosave import PAUSE_MS
from clinic_desktop.ui.screens.consultation.screen import ConsultationScreen
from clinic_desktop.ui.screens.queue.vitals import VitalsDialog
from clinic_desktop.ui.theme.apply import apply_theme
from clinic_desktop.ui.work import Work
from tests.clinic.stock.shelf import Shelf
from tests.clinic.world import ANYBODY, World
from tests.conftest import FrozenClock
from tests.ui.screens.lobby import Lobby, Seat
from tests.ui.walk import unnamed

Settle = Callable[[], None]
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def lobby(world: World, clock: FrozenClock) -> Lobby:
    return Lobby(world, clock)


@pytest.fixture
def medicines(world: World) -> dict[str, UUID]:
    catalogue = {
        "Amoxicillin": {"strength": "500 mg", "form": "Capsule", "unit": "capsule"},
        "Augmentin": {"generic_name": "Amoxicillin", "strength": "625 mg", "form": "Tablet"},
        "Paracetamol": {"strength": "650 mg", "form": "Tablet"},
        "Salbutamol syrup": {"generic_name": "Salbutamol", "strength": "2 mg/5 ml", "form": "Syrup", "unit": "bottle"},
    }
    return Shelf.open(world).stocked(catalogue)


class Chair(Seat):
    """The doctor at the screen."""

    screen: ConsultationScreen

    def start(self, visit_id: UUID) -> None:
        """Open a visit whose patient is in the room."""
        self.screen.open(visit_id=visit_id)
        self.settle()

    def prescribe(self, *keys: str) -> None:
        """Type the fields of one line, Enter after each."""
        self.press(Qt.Key.Key_2, CTRL)
        if QApplication.focusWidget() is not self.screen.prescription.entry.medicine:
            self.screen.prescription.entry.medicine.setFocus()
        for text in keys:
            self.type(text)
            self.enter()

    @property
    def lines(self) -> list[tuple[str, str, str]]:
        return [(line.drug.title, plain(line.how()), plain(line.amount())) for line in self.screen.prescription.lines]


def plain(text: str) -> str:
    """The text without the marks that keep directions apart."""
    return text.replace("\u2068", "").replace("\u2069", "")


@pytest.fixture
def chair(
    desk_as: Callable[[str], Desk], medicines: dict[str, UUID], show: Callable[..., None], settle: Settle, qtbot: QtBot
) -> Callable[[], Chair]:
    return lambda: Chair(ConsultationScreen(desk_as("doctor")), show, settle, qtbot)


def written(lobby: Lobby, visit_id: UUID) -> queries.ConsultationRow:
    with lobby.world.db.read() as session:
        found = queries.consultation(session, visit_id, **ANYBODY)
    assert found is not None
    return found


def prescribed(lobby: Lobby, visit_id: UUID) -> list[queries.PrescriptionRow]:
    with lobby.world.db.read() as session:
        return queries.visit_prescriptions(session, visit_id=visit_id, **ANYBODY)


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
    qtbot.waitUntil(lambda: doctor.screen.casework.is_settled, timeout=PAUSE_MS + 5_000)
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
    qtbot.waitUntil(lambda: doctor.screen.casework.is_settled, timeout=PAUSE_MS + 5_000)
    doctor.screen.prescription.changed.emit()  # a line was opened and put back as it was
    doctor.screen.casework.flush(lambda: None)
    doctor.settle()
    assert doctor.screen.casework.is_settled
    assert [one.version for one in prescribed(lobby, visit)] == [1]
    doctor.screen.prescription.table.select_first()
    doctor.screen.prescription.remove.click()
    qtbot.waitUntil(lambda: doctor.screen.casework.is_settled, timeout=PAUSE_MS + 5_000)
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


def signed(lobby: Lobby, medicine_id: UUID, name: str = "Asha Rao", *, patient_id: UUID | None = None, diagnosis: str = "Migraine") -> UUID:
    """A visit that the doctor has signed."""
    db, actor = lobby.world.db, lobby.world.actor("doctor")
    visit = lobby.start(lobby.walk_in(name, patient_id=patient_id))
    vitals = NewVitals(systolic=128, diastolic=84, pulse=76, weight_kg=Decimal(64), height_cm=Decimal(158))
    db.run(actor, commands.record_vitals, visit_id=visit, reading=vitals)
    notes = {"complaint": "Headache", "diagnosis": diagnosis, "diagnoses": (NewDiagnosis(diagnosis),)}
    db.run(actor, commands.save_consultation, visit_id=visit, **notes)
    item = NewItem(medicine_id, Decimal(1), "tablet", Route.ORAL, Frequency.BD, 30)
    db.run(actor, commands.write_prescription, key=new_id(), visit_id=visit, items=(item,))
    db.run(actor, commands.sign_consultation, visit_id=visit)
    return visit


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
    doctor.qtbot.waitUntil(lambda: bool(doctor.screen.findChildren(Preview)), timeout=20_000)
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
    doctor.start(other)
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


@pytest.mark.parametrize(("look", "language"), [("light", "en"), ("dark", "en"), ("light", "ar")])
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
