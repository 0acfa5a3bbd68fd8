"""The privacy screen with real keys and clicks: what leaves and why, requests to their end, openings reviewed, glass broken."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID
from zipfile import ZipFile

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import func, select

from clinic_desktop.clinic.clinical.models import Consultation
from clinic_desktop.clinic.frontdesk import commands as frontdesk
from clinic_desktop.clinic.patients.commands import register_patient
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.rules import Gender
from clinic_desktop.clinic.privacy import commands
from clinic_desktop.clinic.privacy.queries import archives, openings, privacy_requests, retention_rules
from clinic_desktop.clinic.privacy.rules import IdentityCheck, Kind, RequestKind, RequestStatus
from clinic_desktop.kernel.i18n import activate
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screens.consultation.screen import ConsultationScreen
from clinic_desktop.ui.screens.privacy import SCREEN
from clinic_desktop.ui.screens.privacy.asking import RequestDialog
from clinic_desktop.ui.screens.privacy.deciding import ErasureDialog
from clinic_desktop.ui.screens.privacy.exporting import ExportDialog
from clinic_desktop.ui.screens.privacy.glass import GlassDialog
from clinic_desktop.ui.screens.privacy.openings import ReviewDialog
from clinic_desktop.ui.screens.privacy.running import ArchivingDialog
from clinic_desktop.ui.screens.privacy.screen import PrivacyScreen
from clinic_desktop.ui.screens.privacy.years import YearsDialog
from clinic_desktop.ui.screens.reception.patient_screen import PatientScreen
from clinic_desktop.ui.theme.apply import apply_theme
from clinic_desktop.ui.widgets import Dialog
from tests.clinic.lived import live
from tests.clinic.world import World
from tests.conftest import FrozenClock
from tests.databases import drop, fresh
from tests.ui.screens.staffroom import choose_file
from tests.ui.walk import unnamed

Wait = Callable[[], None]
KEY = Qt.Key
CLICK = Qt.MouseButton.LeftButton


@pytest.fixture
def world(tmp_path: Path, clock: FrozenClock) -> Iterator[World]:
    """The lived-in clinic, on the day after."""
    clock.now = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)
    db, built = fresh("sqlite", tmp_path, clock, recipe="lived", build=live)
    yield built.at(db)
    drop(db)


@pytest.fixture
def at_desk(desk_as: Callable[[str], Desk], show: Callable[..., None], settle: Wait) -> Callable[..., PrivacyScreen]:
    def come(role: str = "admin", tab: str = "") -> PrivacyScreen:
        screen = PrivacyScreen(desk_as(role))
        show(screen, 962, 690)  # what rail, index, header and status line leave of 1366 by 768
        screen.open(tab=tab)
        settle()
        return screen

    return come


def dialog(screen: QWidget, kind: type[Dialog]) -> Any:
    (found,) = [one for one in screen.findChildren(kind) if one.isVisible()]
    return found


def someone(world: World) -> tuple[UUID, str]:
    """A patient who was seen by the first doctor: key and number."""
    with world.db.read() as session:
        found = session.execute(
            select(Patient.id, Patient.patient_number).join(Consultation, Consultation.patient_id == Patient.id).order_by(Patient.id)
        ).first()
    assert found is not None
    return found.id, found.patient_number


def newcomer(world: World) -> UUID:
    """A patient who never came: nothing stands in the way of an erasure."""
    person = {"first_name": "Tara", "last_name": "Bose", "gender": Gender.FEMALE, "age_years": 33, "phone": "9822066666"}
    return world.db.run(world.actor("receptionist"), register_patient, key=new_id(), clinic_id=world.clinic_id, **person).id


def request(world: World, patient_id: UUID, kind: RequestKind, *, role: str = "admin") -> UUID:
    asked = {"kind": kind, "asked_by": "Tara Bose", "identity_check": IdentityCheck.KNOWN}
    return world.db.run(world.actor(role), commands.record_request, key=new_id(), clinic_id=world.clinic_id, patient_id=patient_id, **asked)


@pytest.mark.parametrize(("theme", "language"), [("light", "en"), ("dark", "en"), ("light", "ar")])
@pytest.mark.parametrize("tab", ["requests", "openings", "retention"])
def test_it_opens_and_is_named(
    qapp: QApplication,
    world: World,
    clock: FrozenClock,
    at_desk: Callable[..., PrivacyScreen],
    settle: Wait,
    picture: Callable[[QWidget, str], Any],
    tab: str,
    theme: str,
    language: str,
    tmp_path: Path,
) -> None:
    patient_id, _number = someone(world)
    request(world, patient_id, RequestKind.EXPORT)
    request(world, newcomer(world), RequestKind.ERASURE)
    world.db.run(world.actor("doctor"), commands.restrict_record, patient_id=patient_id, is_restricted=True, reason="Works here")
    world.db.run(world.actor("doctor2"), commands.break_glass, patient_id=patient_id, reason="Collapsed in the corridor")
    clock.now = datetime(2037, 3, 10, 4, 0, tzinfo=UTC)
    activate(language)
    apply_theme(qapp, theme, right_to_left=language == "ar")
    screen = at_desk("super_admin", tab)
    if tab == "retention":
        QTest.mouseClick(screen.retention.ask, CLICK)
        settle()
    picture(screen, f"privacy-{tab}-{theme}-{language}")
    assert unnamed(screen) == []
    assert screen.draft() is None


def test_each_sees_the_parts_that_are_theirs(world: World, at_desk: Callable[..., PrivacyScreen]) -> None:
    assert SCREEN.is_for(world.actor("admin"))
    assert not SCREEN.is_for(world.actor("receptionist"))
    screen = at_desk("admin")
    assert [screen.tabs.tabText(place).split(" (")[0] for place in range(screen.tabs.count())] == [
        "Requests",
        "Restricted records",
        "Retention",
    ]


def test_years_are_changed_and_the_lowest_is_said_at_the_field(world: World, at_desk: Callable[..., PrivacyScreen], settle: Wait) -> None:
    screen = at_desk("admin", "retention")
    screen.retention.rules.select(Kind.BILLING)
    QTest.mouseClick(screen.retention.change, CLICK)
    form = dialog(screen, YearsDialog)
    for typed in ("4", "x", ""):
        form.years.setText(typed)
        QTest.keyClick(form.years, KEY.Key_Return)
        settle()
        assert "from 5 to 100" in form.field.error.replace("\u2068", "").replace("\u2069", "")
    form.years.setText("٩")
    QTest.keyClick(form.years, KEY.Key_Return)
    settle()
    with world.db.read() as session:
        assert {one.kind: one.years for one in retention_rules(session)}[Kind.BILLING] == 9
    assert [one.years for one in screen.retention.rules.rows if one.kind is Kind.BILLING] == [9]


def test_what_is_old_is_archived_from_the_screen(
    world: World,
    clock: FrozenClock,
    at_desk: Callable[..., PrivacyScreen],
    settle: Wait,
    tmp_path: Path,
    qtbot: QtBot,
    picture: Callable[[QWidget, str], Any],
) -> None:
    clock.now = datetime(2037, 3, 10, 4, 0, tzinfo=UTC)
    screen = at_desk("admin", "retention")
    panel = screen.retention
    assert not panel.run.isEnabled()
    QTest.keyClick(screen, KEY.Key_F9)
    settle()
    plan = {one.table: one for one in panel.leaving.rows}
    assert plan["consultations"].leaving > 0
    assert plan["invoices"].staying
    folder = tmp_path / "old records"
    folder.mkdir()
    QTest.keyClick(screen, KEY.Key_F10)
    choose_file(folder, qtbot)
    asked = dialog(screen, ArchivingDialog)
    picture(asked, "privacy-archive-ask")
    QTest.mouseClick(asked.start, CLICK)
    settle()
    assert "archives" in asked.said.text()
    assert asked.said.isVisible()
    picture(asked, "privacy-archive-done")
    QTest.mouseClick(asked.close_button, CLICK)
    settle()
    with world.db.read() as session:
        assert session.scalar(select(func.count()).select_from(Consultation)) == 14 - plan["consultations"].leaving
        made = [one for one in archives(session) if one.rows]
    assert sorted(one.file_name for one in made) == sorted(path.name for path in folder.iterdir())
    assert len(panel.archives.rows) == len(made) + 1
    assert panel.leaving.rows == [] or all(one.leaving == 0 for one in panel.leaving.rows)
    assert not panel.run.isEnabled()
    said: list[str] = []
    screen.desk.toasted.connect(lambda text, _tone, _undo: said.append(text))
    QTest.mouseClick(panel.verify, CLICK)
    choose_file(folder / made[0].file_name, qtbot)
    settle()
    assert "is whole" in said[0]


def test_a_cancelled_run_archives_nothing_more(
    world: World, clock: FrozenClock, at_desk: Callable[..., PrivacyScreen], settle: Wait, tmp_path: Path, qtbot: QtBot
) -> None:
    clock.now = datetime(2037, 3, 10, 4, 0, tzinfo=UTC)
    screen = at_desk("admin", "retention")
    QTest.keyClick(screen, KEY.Key_F9)
    settle()
    folder = tmp_path / "none"
    folder.mkdir()
    QTest.keyClick(screen, KEY.Key_F10)
    choose_file(folder, qtbot)
    asked = dialog(screen, ArchivingDialog)
    asked.progress.cancel()  # before its first word: the run stops there
    QTest.mouseClick(asked.start, CLICK)
    QTest.keyClick(asked, KEY.Key_Escape)
    settle()
    with world.db.read() as session:
        assert [one for one in archives(session) if one.rows] == []
        assert session.scalar(select(func.count()).select_from(Consultation)) == 14


def test_a_request_is_recorded_with_its_errors_at_the_fields(world: World, at_desk: Callable[..., PrivacyScreen], settle: Wait) -> None:
    _key, number = someone(world)
    screen = at_desk("admin", "requests")
    QTest.mouseClick(screen.requests.new, CLICK)
    form = dialog(screen, RequestDialog)
    QTest.mouseClick(form.save, CLICK)
    settle()
    assert form.form.fields["asked_by"].error
    form.form["number"].setText("PAT-1999-99999")
    form.form["asked_by"].setText("The patient")
    form.form["identity_check"].set_value(IdentityCheck.DOCUMENT)
    QTest.mouseClick(form.save, CLICK)
    settle()
    assert "no patient" in form.form.fields["number"].error
    form.form["number"].setText(number.lower())
    QTest.mouseClick(form.save, CLICK)
    settle()
    assert "which document" in form.form.fields["identity_note"].error
    form.form["identity_note"].setText("Passport")
    assert form.draft() is not None
    QTest.mouseClick(form.save, CLICK)
    settle()
    with world.db.read() as session:
        (one, _erased) = privacy_requests(session)
    assert (one.patient_number, one.kind, one.identity_note, one.status) == (number, RequestKind.EXPORT, "Passport", RequestStatus.OPEN)
    assert len(screen.requests.table.rows) == 2
    assert "(1)" in screen.tabs.tabText(0)


@pytest.mark.parametrize("place", [0, 1])
def test_data_is_handed_out(
    world: World,
    at_desk: Callable[..., PrivacyScreen],
    settle: Wait,
    tmp_path: Path,
    qtbot: QtBot,
    picture: Callable[[QWidget, str], Any],
    place: int,
) -> None:
    patient_id, _number = someone(world)
    request_id = request(world, patient_id, RequestKind.EXPORT)
    screen = at_desk("admin", "requests")
    screen.requests.table.select(request_id)
    QTest.mouseClick(screen.requests.export, CLICK)
    asked = dialog(screen, ExportDialog)
    asked.way.setCurrentIndex(place)
    path = tmp_path / "out"
    QTest.mouseClick(asked.write, CLICK)
    choose_file(path, qtbot)
    settle()
    settle()
    picture(asked, f"privacy-export-{place}")
    if place == 0:
        assert asked.password.isVisible()
        with pypdfium2.PdfDocument(path.with_suffix(".pdf"), password=asked.password.text()) as document:
            assert len(document) > 1
    else:
        assert not asked.password.isVisible()
        with ZipFile(path.with_suffix(".zip")) as archive:
            assert len(archive.namelist()) == 2
    QTest.mouseClick(asked.close_button, CLICK)
    settle()
    with world.db.read() as session:
        assert privacy_requests(session)[0].status is RequestStatus.DONE


def test_an_erasure_is_decided_by_a_second_person_who_sees_what_stays(
    world: World, at_desk: Callable[..., PrivacyScreen], settle: Wait, picture: Callable[[QWidget, str], Any]
) -> None:
    patient_id = newcomer(world)
    request_id = request(world, patient_id, RequestKind.ERASURE)
    screen = at_desk("admin", "requests")
    screen.requests.table.select(request_id)
    QTest.mouseClick(screen.requests.decide, CLICK)
    settle()
    own = dialog(screen, ErasureDialog)
    assert not own.erase.isEnabled()
    assert "second person" in own.said.text()
    own.reject()
    screen.hide()
    screen = at_desk("super_admin", "requests")
    screen.requests.table.select(request_id)
    QTest.mouseClick(screen.requests.decide, CLICK)
    settle()
    asked = dialog(screen, ErasureDialog)
    picture(asked, "privacy-erase")
    assert "first name" in asked.taken.text()
    assert "Audit trail until" in asked.kept.text()
    QTest.mouseClick(asked.erase, CLICK)
    settle()
    assert asked.field.error
    asked.note.setPlainText("Lawful")
    QTest.keyClick(asked, KEY.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle()
    with world.db.read() as session:
        assert session.get_one(Patient, patient_id).full_name == "Erased on request"
    screen.requests.table.select(request_id)
    assert screen.requests.statement.isVisible()
    assert not screen.requests.decide.isVisible()


def test_what_stands_in_the_way_is_said(world: World, at_desk: Callable[..., PrivacyScreen], settle: Wait) -> None:
    with world.db.read() as session:
        owing = session.scalar(select(Patient.id).where(Patient.first_name == "Ila"))  # money in the wallet
    assert owing is not None
    request_id = request(world, owing, RequestKind.ERASURE)
    screen = at_desk("super_admin", "requests")
    screen.requests.table.select(request_id)
    QTest.mouseClick(screen.requests.decide, CLICK)
    settle()
    asked = dialog(screen, ErasureDialog)
    assert "wallet" in asked.said.text()
    assert not asked.erase.isEnabled()
    assert asked.refuse_button.isEnabled()
    asked.note.setPlainText("There is money to pay back first")
    QTest.mouseClick(asked.refuse_button, CLICK)
    settle()
    with world.db.read() as session:
        assert {one.id: one.status for one in privacy_requests(session)}[request_id] is RequestStatus.REFUSED


def test_an_opening_is_reviewed_by_another_administrator(world: World, at_desk: Callable[..., PrivacyScreen], settle: Wait) -> None:
    patient_id, _number = someone(world)
    world.db.run(world.actor("doctor"), commands.restrict_record, patient_id=patient_id, is_restricted=True, reason="Works here")
    for role in ("admin", "doctor2"):
        world.db.run(world.actor(role), commands.break_glass, patient_id=patient_id, reason=f"{role} must know")
    screen = at_desk("admin", "openings")
    assert "(2)" in screen.tabs.tabText(1)
    rows = {one.reason: one for one in screen.openings.table.rows}
    screen.openings.table.select(rows["admin must know"].id)
    assert not screen.openings.review.isEnabled()
    screen.openings.table.select(rows["doctor2 must know"].id)
    QTest.keyClick(screen, KEY.Key_F4)
    asked = dialog(screen, ReviewDialog)
    QTest.mouseClick(asked.save, CLICK)
    assert asked.field.error
    asked.note.setPlainText("The patient was unconscious")
    QTest.mouseClick(asked.save, CLICK)
    settle()
    with world.db.read() as session:
        assert [one.reason for one in openings(session, waiting=True)] == ["admin must know"]
    assert "(1)" in screen.tabs.tabText(1)


def test_the_glass_is_broken_from_the_doctors_room(
    world: World,
    desk_as: Callable[[str], Desk],
    show: Callable[..., None],
    settle: Wait,
    clock: FrozenClock,
    picture: Callable[[QWidget, str], Any],
) -> None:
    patient_id, _number = someone(world)
    world.db.run(world.actor("doctor"), commands.restrict_record, patient_id=patient_id, is_restricted=True, reason="Works here")
    arrived = world.db.run(
        world.actor("receptionist"),
        frontdesk.walk_in,
        key=new_id(),
        clinic_id=world.clinic_id,
        doctor_id=world.doctor_id,
        patient_id=patient_id,
        service_id=world.services["CONS"],
    )
    screen = ConsultationScreen(desk_as("doctor2"))
    show(screen, 1170, 684)
    settle()
    screen.open(visit_id=arrived.visit_id)
    settle()
    asked = dialog(screen, GlassDialog)
    picture(asked, "privacy-glass")
    assert screen.casework.case is None
    QTest.mouseClick(asked.open_record, CLICK)
    assert asked.field.error
    QTest.keyClicks(asked.reason, "Collapsed in the corridor")
    QTest.keyClick(asked.reason, KEY.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle()
    settle()
    assert screen.casework.case is not None
    assert screen.casework.case.visit.visit_id == arrived.visit_id


def test_a_patients_file_starts_requests_and_restricts(
    world: World,
    desk_as: Callable[[str], Desk],
    show: Callable[..., None],
    settle: Wait,
    no_warnings: list[str],
    picture: Callable[[QWidget, str], Any],
) -> None:
    patient_id, number = someone(world)
    screen = PatientScreen(desk_as("admin"))
    show(screen, 1170, 684)
    screen.open(patient_id=patient_id)
    settle()
    picture(screen, "privacy-patient-file")
    QTest.mouseClick(screen.file.privacy, CLICK)
    settle()
    (menu,) = [one for one in screen.findChildren(QMenu) if one.isVisible()]
    texts = [action.text() for action in menu.actions()]
    assert texts == ["Copy of all data…", "Erasure on request…", "Restrict the record…"]
    menu.actions()[0].trigger()
    menu.close()
    form = dialog(screen, RequestDialog)
    form.form["identity_check"].set_value(IdentityCheck.KNOWN)
    QTest.mouseClick(form.save, CLICK)
    settle()
    with world.db.read() as session:
        assert privacy_requests(session)[0].patient_number == number
    QTest.mouseClick(screen.file.privacy, CLICK)
    settle()
    (menu,) = [one for one in screen.findChildren(QMenu) if one.isVisible()]
    menu.actions()[2].trigger()
    menu.close()
    (asked,) = [one for one in screen.findChildren(Dialog) if one.isVisible()]
    notes = asked.findChild(QWidget, "reason")
    QTest.keyClicks(notes, "A public person")
    (restrict,) = [one for one in asked.findChildren(QAbstractButton) if one.text() == "Restrict"]
    QTest.mouseClick(restrict, CLICK)
    settle()
    with world.db.read() as session:
        assert session.get_one(Patient, patient_id).is_restricted
    no_warnings[:] = [one for one in no_warnings if "grabbing the keyboard" not in one]  # the offscreen platform and menus
